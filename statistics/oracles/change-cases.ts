/** Decompositions and stratified comparisons against statsmodels, R and brute force over all orders. */
import { accepted } from '#statistics/accepted.ts'
import { leastSquares } from '#statistics/algebra/index.ts'
import {
  dasGupta,
  type GroupModel,
  mantelHaenszel,
  oaxacaBlinder,
  oaxacaBlinderOfMoments,
} from '#statistics/change/index.ts'
import { momentsFromRows } from '#statistics/moments/index.ts'
import { one, type OracleCase, rowsOf } from './oracle-case.ts'

export const changeCases: readonly OracleCase[] = [
  {
    name: 'das_gupta',
    programs: ['python'],
    tolerance: 1e-11,
    inputs: (random) => {
      const k = random.integer(1, 6)
      const cells = random.integer(1, 5)
      const draw = () => Array.from({ length: k * cells }, () => 0.1 + 3 * random.uniform())
      return { factors: [k], before: draw(), after: draw() }
    },
    ours: (inputs) => {
      const k = one(inputs, 'factors')
      const width = (inputs['before']?.length ?? 0) / k
      const population = (name: 'before' | 'after') => ({
        name,
        factors: Object.fromEntries(rowsOf(inputs[name], width).map((values, i) => [`f${i}`, values])),
      })
      const result = accepted(dasGupta({ populations: [population('before'), population('after')] }))
      return { effects: result.factors.map(({ effects }) => effects[0] ?? 0) }
    },
  },
  {
    name: 'mantel_haenszel',
    programs: ['python', 'r'],
    tolerance: 1e-9,
    inputs: (random) => ({
      tables: Array.from({ length: random.integer(2, 7) }, () =>
        Array.from({ length: 4 }, () => random.integer(1, 90)),
      ).flat(),
    }),
    ours: ({ tables }) => {
      const strata = rowsOf(tables, 4).map(([a = 0, b = 0, c = 0, d = 0], i) => ({
        stratum: String(i),
        a: { successes: a, n: a + c },
        b: { successes: b, n: b + d },
      }))
      const { oddsRatio, riskRatio, chiSquare, p } = accepted(mantelHaenszel({ strata }))
      return {
        odds: [oddsRatio.value, oddsRatio.low, oddsRatio.high],
        risk: [riskRatio.value],
        test: [chiSquare, p],
      }
    },
  },
  {
    name: 'oaxaca',
    programs: ['python'],
    tolerance: 1e-9,
    inputs: (random) => {
      const rows = (n: number, shift: number) =>
        Array.from({ length: n }, () => {
          const [u, v] = [random.normal(shift, 1), random.normal(1, 2)]
          return [u, v, 3 + (1 + shift) * u + 0.5 * v + random.normal()]
        }).flat()
      return { a: rows(random.integer(20, 60), 1), b: rows(random.integer(20, 60), 0) }
    },
    ours: ({ a, b }) => {
      const result = accepted(
        oaxacaBlinder({ variables: ['1', 'u', 'v'], a: modelOf(a), b: modelOf(b), reference: 1 }),
      )
      const { endowments, coefficients, interaction } = result.threefold
      const [momentsA, momentsB] = [momentsOf(a), momentsOf(b)]
      const ofMoments = (['pooled', 'pooled-with-group', 0.5] as const).flatMap((reference) => {
        const { twofold } = accepted(
          oaxacaBlinderOfMoments({ a: momentsA, b: momentsB, outcome: 'y', reference }),
        )
        return [twofold.explained.value, twofold.unexplained.value]
      })
      const { threefold } = accepted(
        oaxacaBlinderOfMoments({ a: momentsA, b: momentsB, outcome: 'y', reference: 1 }),
      )
      return {
        threefold: [endowments.value, coefficients.value, interaction.value, result.gap],
        twofold: [result.twofold.explained.value, result.twofold.unexplained.value],
        pooled: ofMoments,
        se: Object.values(threefold).map(({ se }) => se ?? Number.NaN),
      }
    },
  },
]

function momentsOf(values: readonly number[] = []) {
  const rows = rowsOf(values, 3).map((row) => ({ values: row }))
  return accepted(momentsFromRows({ variables: ['u', 'v', 'y'], rows }))
}

function modelOf(values: readonly number[] = []): GroupModel {
  const rows = rowsOf(values, 3)
  const x = rows.map(([u = 0, v = 0]) => [1, u, v])
  const fit = accepted(leastSquares({ x, y: rows.map((row) => row[2] ?? 0) }))
  const means = [0, 1, 2].map((j) => x.reduce((sum, row) => sum + (row[j] ?? 0) / x.length, 0))
  return { means, coefficients: fit.coefficients }
}
