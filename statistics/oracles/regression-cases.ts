/** Regressions and driver weights against statsmodels, numpy by brute force, R's glm and polr. */
import { accepted } from '#statistics/accepted.ts'
import { lmg, logit, ols, ordinalLogit, relativeWeights } from '#statistics/drivers/index.ts'
import { correlation, momentsFromRows } from '#statistics/moments/index.ts'
import { stl } from '#statistics/monitoring/index.ts'
import type { Random } from '#statistics/random/index.ts'
import { type Numbers, one, type OracleCase, rowsOf } from './oracle-case.ts'

/** Correlated drivers with an outcome in the last column. */
function surveyRows(random: Random, n: number, p: number): number[][] {
  const effects = Array.from({ length: p }, () => random.normal(0.3, 0.4))
  return Array.from({ length: n }, () => {
    const mood = random.normal()
    const drivers = Array.from({ length: p }, () => random.normal() + 0.8 * mood)
    return [...drivers, drivers.reduce((sum, x, i) => sum + x * (effects[i] ?? 0), random.normal(0, 1.5))]
  })
}

function momentsOf({ width, rows }: Numbers) {
  const columns = width?.[0] ?? 0
  const variables = Array.from({ length: columns }, (_, i) => (i === columns - 1 ? 'y' : `x${i}`))
  return accepted(momentsFromRows({ variables, rows: rowsOf(rows, columns).map((values) => ({ values })) }))
}

function correlationsOf(inputs: Numbers) {
  const { matrix } = accepted(correlation({ moments: momentsOf(inputs) }))
  const p = matrix.length - 1
  return { drivers: matrix.slice(0, p).map((row) => row.slice(0, p)), outcome: (matrix[p] ?? []).slice(0, p) }
}

function survey(random: Random): Numbers {
  const p = random.integer(2, 7)
  return { width: [p + 1], rows: surveyRows(random, random.integer(30, 120), p).flat() }
}

/** Cells of two features with counts per category. */
function cells(random: Random, categories: number): Numbers {
  const x = Array.from({ length: 9 }, (_, i) => [i % 3, Math.floor(i / 3)])
  const counts = x.map(([a = 0, b = 0]) =>
    random.multinomial(
      random.integer(20, 80),
      Array.from({ length: categories }, (_, k) => Math.exp(0.3 * k * (a - b / 2)) + 0.3),
    ),
  )
  return { x: x.flat(), counts: counts.flat(), categories: [categories] }
}

export const regressionCases: readonly OracleCase[] = [
  {
    name: 'ols',
    programs: ['python', 'r'],
    tolerance: 1e-9,
    inputs: survey,
    ours: (inputs) => {
      const fit = accepted(ols({ moments: momentsOf(inputs), outcome: 'y' }))
      return { coefficients: [fit.intercept, ...fit.coefficients], se: fit.se, p: fit.p, r2: [fit.rSquared] }
    },
  },
  {
    name: 'lmg',
    programs: ['python', 'r'],
    tolerance: 1e-10,
    inputs: survey,
    ours: (inputs) => ({ weights: accepted(lmg(correlationsOf(inputs))).weights }),
  },
  {
    name: 'relative_weights',
    programs: ['python', 'r'],
    tolerance: 1e-10,
    inputs: survey,
    ours: (inputs) => ({ weights: accepted(relativeWeights(correlationsOf(inputs))).weights }),
  },
  {
    name: 'logit',
    programs: ['python', 'r'],
    tolerance: 1e-7,
    inputs: (random) => cells(random, 2),
    ours: ({ x, counts }) => {
      const outcomes = rowsOf(counts, 2)
      const fit = accepted(
        logit(
          rowsOf(x, 2).map((features, i) => ({
            x: features,
            negatives: outcomes[i]?.[0] ?? 0,
            positives: outcomes[i]?.[1] ?? 0,
          })),
        ),
      )
      return { coefficients: [fit.intercept, ...fit.coefficients], se: fit.se }
    },
  },
  {
    name: 'ordinal_logit',
    programs: ['r'],
    tolerance: 2e-4,
    inputs: (random) => cells(random, random.integer(3, 5)),
    ours: (inputs) => {
      const counts = rowsOf(inputs['counts'], one(inputs, 'categories'))
      const fit = accepted(
        ordinalLogit(rowsOf(inputs['x'], 2).map((x, i) => ({ x, counts: counts[i] ?? [] }))),
      )
      return { coefficients: fit.coefficients, thresholds: fit.thresholds, se: fit.se }
    },
  },
  {
    name: 'stl',
    programs: ['r'],
    tolerance: 1e-9,
    inputs: (random) => ({
      values: Array.from(
        { length: 12 * random.integer(4, 8) },
        (_, t) => 30 + 5 * Math.sin((t * Math.PI) / 6) + random.normal(),
      ),
      period: [12],
    }),
    ours: (inputs) => {
      const parts = accepted(stl({ values: inputs['values'] ?? [], period: one(inputs, 'period') }))
      return { seasonal: parts.seasonal, trend: parts.trend }
    },
  },
]
