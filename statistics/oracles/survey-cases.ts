/** Weighting, missing answers, power and disclosure against R, statsmodels, scipy and numpy. */
import { accepted } from '#statistics/accepted.ts'
import { auditDisclosure } from '#statistics/disclosure/index.ts'
import {
  clusterMean,
  equivalence,
  meanPower,
  weightedMean,
  weightedSums,
} from '#statistics/intervals/index.ts'
import { emMoments, momentsFromRows } from '#statistics/moments/index.ts'
import { rake } from '#statistics/weighting/index.ts'
import { draws, one, type OracleCase, rowsOf } from './oracle-case.ts'

export const surveyCases: readonly OracleCase[] = [
  {
    // R's default counts the tail on the side of the difference, as ours does; statsmodels counts both
    name: 'mean_power',
    programs: ['r'],
    tolerance: 1e-7,
    inputs: (random) => ({
      n: [random.integer(4, 300)],
      difference: [0.05 + random.uniform()],
      alpha: [0.001 + 0.1 * random.uniform()],
    }),
    ours: (inputs) => ({
      power: [
        accepted(
          meanPower({
            n: one(inputs, 'n'),
            difference: one(inputs, 'difference'),
            sd: 1,
            alpha: one(inputs, 'alpha'),
          }),
        ),
      ],
    }),
  },
  {
    name: 'equivalence',
    programs: ['python'],
    tolerance: 1e-9,
    inputs: (random) => ({
      a: draws(random.integer(5, 40), () => random.normal(5, 2)),
      margin: [0.2 + 2 * random.uniform()],
    }),
    ours: (inputs) => {
      const a = inputs['a'] ?? []
      const mean = a.reduce((sum, x) => sum + x / a.length, 0)
      const sd = Math.sqrt(a.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (a.length - 1))
      const difference = mean - 5
      const se = sd / Math.sqrt(a.length)
      return {
        p: [accepted(equivalence({ difference, se, margin: one(inputs, 'margin'), df: a.length - 1 })).p],
      }
    },
  },
  {
    name: 'cluster_mean',
    programs: ['python'],
    tolerance: 1e-9,
    inputs: (random) => {
      const clusters = random.integer(4, 15)
      return {
        rows: Array.from({ length: clusters }, (_, c) =>
          draws(random.integer(1, 8), () => random.normal(c % 3, 1)).flatMap((y) => [c, y]),
        ).flat(),
      }
    },
    ours: ({ rows }) => {
      const clusters = new Map<number, { n: number; sum: number }>()
      for (const [c = 0, y = 0] of rowsOf(rows, 2)) {
        const { n, sum } = clusters.get(c) ?? { n: 0, sum: 0 }
        clusters.set(c, { n: n + 1, sum: sum + y })
      }
      const { value, se } = accepted(clusterMean({ clusters: [...clusters.values()] }))
      return { mean: [value, se] }
    },
  },
  {
    name: 'weighted_mean',
    programs: ['python'],
    tolerance: 1e-10,
    inputs: (random) => {
      const n = random.integer(5, 60)
      return { y: draws(n, () => random.normal(30, 40)), w: draws(n, () => 0.2 + random.exponential()) }
    },
    ours: ({ y = [], w = [] }) => {
      const sums = accepted(weightedSums(y.map((value, i) => ({ value, weight: w[i] ?? 0 }))))
      const { value, se, effectiveN } = accepted(weightedMean(sums))
      return { mean: [value, se, effectiveN] }
    },
  },
  {
    name: 'rake',
    programs: ['python'],
    tolerance: 1e-6,
    inputs: (random) => {
      const [a, b] = [random.integer(2, 5), random.integer(2, 5)]
      const seed = draws(a * b, () => random.integer(1, 60))
      const truth = draws(a * b, () => random.integer(5, 90))
      return { shape: [a, b], seed, truth }
    },
    ours: ({ shape, seed = [], truth = [] }) => {
      const [a = 0, b = 0] = shape ?? []
      const total = (keep: (i: number) => boolean) =>
        truth.reduce((sum, value, i) => (keep(i) ? sum + value : sum), 0)
      const target = (size: number, of: (i: number) => number) =>
        Object.fromEntries(Array.from({ length: size }, (_, k) => [String(k), total((i) => of(i) === k)]))
      const margins = { row: target(a, (i) => Math.floor(i / b)), column: target(b, (i) => i % b) }
      const cells = seed.map((n, i) => ({
        categories: { row: String(Math.floor(i / b)), column: String(i % b) },
        weight: n,
        n,
      }))
      return { totals: accepted(rake({ cells, margins, tolerance: 1e-13, maxIterations: 5000 })).totals }
    },
  },
  {
    name: 'em',
    programs: ['python'],
    tolerance: 1e-5,
    inputs: (random) => {
      const rows = Array.from({ length: 80 }, () => {
        const mood = random.normal()
        return [0, 1, 2].map((j) => 3 + j + mood + random.normal())
      })
      const known = rows.flatMap((row, i) =>
        row.map((_, j) => (i < 20 || random.uniform() < 0.8 || j === 0 ? 1 : 0)),
      )
      return { rows: rows.flat(), known }
    },
    ours: ({ rows, known }) => {
      const flags = rowsOf(known, 3)
      const values = rowsOf(rows, 3).map((row, i) => ({
        values: row.map((x, j) => (flags[i]?.[j] === 1 ? x : null)),
      }))
      const { means, covariance } = accepted(
        emMoments({ moments: accepted(momentsFromRows({ variables: ['a', 'b', 'c'], rows: values })) }),
      )
      return { means, covariance: covariance.flat() }
    },
  },
  {
    name: 'disclosure_bounds',
    programs: ['python'],
    tolerance: 1e-6,
    inputs: (random) => {
      const cells = draws(12, () => random.integer(0, 40))
      return { cells, hidden: cells.map(() => (random.uniform() < 0.6 ? 1 : 0)) }
    },
    ours: ({ cells = [], hidden = [] }) => {
      const { table, ids } = threeByFour(cells)
      const audited = accepted(
        auditDisclosure({ table, hidden: ids.filter((_, i) => hidden[i] === 1), minimumN: 5 }),
      )
      return {
        low: ids
          .flatMap((id, i) =>
            hidden[i] === 1 ? [audited.cells.find((cell) => cell.id === id)?.low ?? Number.NaN] : [],
          )
          .concat(0),
        high: ids
          .flatMap((id, i) =>
            hidden[i] === 1 ? [audited.cells.find((cell) => cell.id === id)?.high ?? Number.NaN] : [],
          )
          .concat(0),
      }
    },
  },
]

/** A 3 × 4 table with published row and column totals. */
function threeByFour(cells: readonly number[]) {
  const ids = cells.map((_, i) => `${Math.floor(i / 4)},${i % 4}`)
  const sums = [
    ...[0, 1, 2].map((row) => ({
      total: `row ${row}`,
      parts: ids.filter((_, i) => Math.floor(i / 4) === row),
    })),
    ...[0, 1, 2, 3].map((column) => ({
      total: `column ${column}`,
      parts: ids.filter((_, i) => i % 4 === column),
    })),
  ]
  const n = (id: string) => cells[ids.indexOf(id)] ?? 0
  const totals = sums.map(({ total, parts }) => ({ id: total, n: parts.reduce((sum, id) => sum + n(id), 0) }))
  return { ids, table: { cells: [...ids.map((id) => ({ id, n: n(id) })), ...totals], sums } }
}
