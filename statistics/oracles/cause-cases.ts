/** Causal estimators from sums against the same estimators on rows by statsmodels and numpy. */
import { accepted } from '#statistics/accepted.ts'
import {
  aipw,
  differenceInDifferences,
  doubleMachineLearning,
  type EffectCell,
  type EffectEstimate,
  gFormula,
  interruptedSeries,
  ipw,
  type StratumModel,
  type Target,
} from '#statistics/cause/index.ts'
import { momentsFromRows } from '#statistics/moments/index.ts'
import type { Random } from '#statistics/random/index.ts'
import { partialCorrelation } from '#statistics/cause/partial-correlation.ts'
import { type Numbers, one, type OracleCase, rowsOf } from './oracle-case.ts'

/** Rows of stratum, treated, outcome, each stratum with both sides. */
function exposed(random: Random): Numbers {
  const rows: number[][] = []
  const strata = random.integer(2, 5)
  for (let s = 0; s < strata; s++) {
    const n = random.integer(12, 60)
    for (let i = 0; i < n; i++) {
      const treated = i < 3 ? 1 : i < 6 ? 0 : random.binomial(1, (s + 1) / (strata + 2))
      rows.push([s, treated, 2 + s + treated * (1 + 0.5 * s) + random.normal()])
    }
  }
  const models = Array.from({ length: strata }, () => [
    0.2 + 0.6 * random.uniform(),
    4 + random.normal(),
    3 + random.normal(),
  ])
  return { rows: rows.flat(), models: models.flat() }
}

function cellsOf(rows: readonly number[] | undefined): EffectCell[] {
  return rowsOf(rows, 3).map(([stratum = 0, treated = 0, y = 0]) => ({
    stratum: String(stratum),
    treated: treated === 1,
    n: 1,
    sum: y,
    sumOfSquares: y * y,
  }))
}

function modelsOf(models: readonly number[] | undefined): Record<string, StratumModel> {
  return Object.fromEntries(
    rowsOf(models, 3).map(([propensity = 0, treatedMean = 0, untreatedMean = 0], s) => [
      String(s),
      { propensity, treatedMean, untreatedMean },
    ]),
  )
}

function figures({ treatedMean, untreatedMean, difference }: EffectEstimate): number[] {
  return [treatedMean, untreatedMean, difference.value, difference.se]
}

const targets: readonly Target[] = ['everybody', 'treated', 'untreated']

export const causeCases: readonly OracleCase[] = [
  {
    name: 'did',
    programs: ['python'],
    tolerance: 1e-8,
    inputs: (random) => {
      const rows: number[][] = []
      const clusters = random.integer(6, 14)
      const treated = random.integer(2, clusters - 3)
      for (let c = 0; c < clusters; c++) {
        const level = random.normal(5, 1)
        for (let t = 0; t < 4; t++)
          for (let i = random.integer(2, 6); i > 0; i--)
            rows.push([
              c,
              t,
              c < treated ? 1 : 0,
              level + 0.3 * t + (c < treated && t >= 2 ? 1 : 0) + random.normal(),
            ])
      }
      return { rows: rows.flat() }
    },
    ours: ({ rows }) => {
      const read = rowsOf(rows, 4)
      const cells = read.map(([cluster = 0, period = 0, , y = 0]) => ({
        cluster: String(cluster),
        period,
        n: 1,
        sum: y,
      }))
      const treated = [...new Set(read.filter((row) => row[2] === 1).map((row) => String(row[0])))]
      const { effect, preTrend, periods } = accepted(
        differenceInDifferences({ cells, treated, start: 2, variance: 'cr1' }),
      )
      return {
        effect: [effect.value, effect.se, effect.p],
        lead: [periods[0]?.effect?.value ?? 0, periods[0]?.effect?.se ?? 0],
        trend: [preTrend?.f ?? 0, preTrend?.p ?? 0],
      }
    },
  },
  {
    name: 'did_changes',
    programs: ['python', 'r'],
    tolerance: 1e-9,
    inputs: (random) => ({
      treated: Array.from({ length: 2 * random.integer(2, 6) }, () => random.normal(7, 1)),
      control: Array.from({ length: 2 * random.integer(3, 9) }, () => random.normal(6, 2)),
    }),
    ours: ({ treated, control }) => {
      const cells = [
        ...rowsOf(treated, 2).map((row) => ({ row, side: 't' })),
        ...rowsOf(control, 2).map((row) => ({ row, side: 'c' })),
      ].flatMap(({ row, side }, i) =>
        row.map((y, period) => ({ cluster: `${side}${i}`, period, n: 20, sum: 20 * y })),
      )
      const names = [...new Set(cells.map(({ cluster }) => cluster).filter((name) => name.startsWith('t')))]
      const { effect } = accepted(differenceInDifferences({ cells, treated: names, start: 1 }))
      return { effect: [effect.value, effect.p, effect.low, effect.high, effect.df ?? 0] }
    },
  },
  {
    name: 'interrupted',
    programs: ['python'],
    tolerance: 1e-8,
    inputs: (random) => {
      const n = random.integer(24, 60)
      const start = random.integer(8, n - 8)
      let noise = 0
      const values = Array.from({ length: n }, (_, t) => {
        noise = 0.5 * noise + random.normal()
        return 20 + 0.2 * t + (t >= start ? 3 - 0.1 * (t - start) : 0) + noise
      })
      return {
        values,
        start: [start],
        lag: [random.integer(0, 4)],
        weights: values.map(() => random.integer(1, 9)),
      }
    },
    ours: (inputs) => {
      const result = accepted(
        interruptedSeries({
          values: inputs['values'] ?? [],
          start: one(inputs, 'start'),
          lag: one(inputs, 'lag'),
          weights: inputs['weights'] ?? [],
        }),
      )
      const parts = [result.level, result.slope, result.effect, result.slopeBefore]
      return {
        values: parts.map(({ value }) => value),
        se: parts.map(({ se }) => se),
        p: parts.map(({ p }) => p),
      }
    },
  },
  {
    name: 'effects',
    programs: ['python'],
    tolerance: 1e-9,
    inputs: exposed,
    ours: ({ rows, models }) => {
      const cells = cellsOf(rows)
      const given = modelsOf(models)
      const propensities = Object.fromEntries(
        Object.entries(given).map(([s, { propensity = 0 }]) => [s, propensity]),
      )
      return {
        standardised: targets.flatMap((target) => figures(accepted(gFormula({ cells, target })))),
        weighted: targets.flatMap((target) => figures(accepted(ipw({ cells, propensities, target })))),
        augmented: targets.flatMap((target) => figures(accepted(aipw({ cells, models: given, target })))),
      }
    },
  },
  {
    // statsmodels' numerical derivatives fail near empty sides, so both sides are well filled here
    name: 'treatment_effect',
    programs: ['python'],
    tolerance: 1e-7,
    inputs: (random) => {
      const rows = Array.from({ length: 300 }, (_, i) => {
        const treated = random.binomial(1, 0.35 + 0.15 * (i % 3))
        return [i % 3, treated, 2 + (i % 3) + treated + random.normal()]
      })
      return { rows: rows.flat(), models: [0] }
    },
    ours: ({ rows }) => ({ aipw: figures(accepted(aipw({ cells: cellsOf(rows) }))).slice(2) }),
  },
  {
    name: 'double_machine_learning',
    programs: ['python'],
    tolerance: 1e-8,
    inputs: (random) => {
      const rows = Array.from({ length: 240 }, (_, i) => {
        const x = Array.from({ length: 3 }, () => random.normal(50, 20))
        const d = x.reduce((sum, value) => sum + 0.1 * value, random.normal())
        return [
          i % 24,
          1.5 * d + x.reduce((sum, value, j) => sum + (j - 1) * value, random.normal()),
          d,
          ...x,
        ]
      })
      return { rows: rows.flat() }
    },
    ours: (inputs) => {
      const rows = rowsOf(inputs['rows'], 6).map(([bucket = 0, ...values]) => ({ bucket, values }))
      const moments = accepted(momentsFromRows({ variables: ['y', 'd', 'x0', 'x1', 'x2'], rows }))
      const { value, se } = accepted(
        doubleMachineLearning({ moments, outcome: 'y', treatment: 'd', folds: 4 }),
      )
      return { effect: [value, se] }
    },
  },
  {
    name: 'partial_correlation',
    programs: ['python'],
    tolerance: 1e-9,
    inputs: (random) => {
      const p = random.integer(3, 7)
      return { width: [p], rows: Array.from({ length: 40 * p }, () => random.normal()) }
    },
    ours: (inputs) => {
      const p = one(inputs, 'width')
      const matrix = correlationMatrix(rowsOf(inputs['rows'], p))
      const given = Array.from({ length: p - 2 }, (_, i) => i + 2)
      return { partial: [partialCorrelation(matrix, 0, 1, given) ?? Number.NaN] }
    },
  },
]

function correlationMatrix(rows: readonly (readonly number[])[]): number[][] {
  const width = rows[0]?.length ?? 0
  const means = Array.from({ length: width }, (_, j) =>
    rows.reduce((sum, row) => sum + (row[j] ?? 0) / rows.length, 0),
  )
  const product = (i: number, j: number) =>
    rows.reduce((sum, row) => sum + ((row[i] ?? 0) - (means[i] ?? 0)) * ((row[j] ?? 0) - (means[j] ?? 0)), 0)
  return means.map((_, i) =>
    means.map((_, j) => (i === j ? 1 : product(i, j) / Math.sqrt(product(i, i) * product(j, j)))),
  )
}
