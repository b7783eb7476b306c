/** Predictions, their quality and rankings against R, scipy, statsmodels and numpy. */
import { accepted } from '#statistics/accepted.ts'
import { auc, isotonic, ridgeAt } from '#statistics/drivers/index.ts'
import { momentsFromRows } from '#statistics/moments/index.ts'
import type { Random } from '#statistics/random/index.ts'
import { probabilityAboveBeta, shrinkNormal } from '#statistics/ranking/index.ts'
import { draws, type Numbers, one, type OracleCase, rowsOf } from './oracle-case.ts'

/** Scores on a grid with outcomes that follow them. */
function scored(random: Random): Numbers {
  const scores = draws(random.integer(4, 12), () => random.uniform()).sort((a, b) => a - b)
  const n = scores.map(() => random.integer(2, 30))
  return { scores, n, positives: n.map((size, i) => 1 + random.binomial(size - 1, scores[i] ?? 0)) }
}

function scoredCells({ scores = [], n = [], positives = [] }: Numbers) {
  return scores.map((score, i) => ({
    score,
    positives: positives[i] ?? 0,
    negatives: (n[i] ?? 0) - (positives[i] ?? 0),
  }))
}

export const scoringCases: readonly OracleCase[] = [
  {
    name: 'ridge',
    programs: ['python'],
    tolerance: 1e-9,
    inputs: (random) => ({ rows: draws(160, () => random.normal()), lambda: [random.exponential()] }),
    ours: (inputs) => {
      const rows = rowsOf(inputs['rows'], 4).map((values) => ({ values }))
      const moments = accepted(momentsFromRows({ variables: ['a', 'b', 'c', 'y'], rows }))
      const fit = accepted(ridgeAt({ moments, outcome: 'y', lambda: one(inputs, 'lambda') }))
      return { coefficients: [fit.intercept, ...fit.coefficients] }
    },
  },
  {
    name: 'isotonic',
    programs: ['python', 'r'],
    tolerance: 1e-10,
    inputs: scored,
    ours: (inputs) => {
      const steps = accepted(isotonic(scoredCells(inputs)))
      return {
        fitted: (inputs['scores'] ?? []).map(
          (score) => steps.find(({ from, to }) => from <= score && score <= to)?.probability ?? Number.NaN,
        ),
      }
    },
  },
  {
    name: 'auc',
    programs: ['python', 'r'],
    tolerance: 1e-10,
    inputs: (random) => {
      const { n = [], ...rest } = scored(random)
      return { ...rest, n: n.map((size) => size + 1) }
    },
    ours: (inputs) => ({ area: [accepted(auc({ cells: scoredCells(inputs) })).value] }),
  },
  {
    name: 'shrink_normal',
    programs: ['python'],
    tolerance: 1e-6,
    inputs: (random) => {
      const k = random.integer(6, 20)
      return { values: draws(k, () => random.normal(30, 25)), se: draws(k, () => 1 + 4 * random.uniform()) }
    },
    ours: ({ values = [], se = [] }) => {
      const fit = (method: 'dersimonian-laird' | 'paule-mandel') => {
        const { mean, betweenVariance } = accepted(shrinkNormal({ values, se, method }))
        return [mean, betweenVariance]
      }
      return { moments: fit('dersimonian-laird'), iterated: fit('paule-mandel') }
    },
  },
  {
    name: 'probability_above_beta',
    programs: ['python', 'r'],
    tolerance: 1e-7,
    inputs: (random) => ({ parameters: draws(4, () => 0.8 + 60 * random.uniform() ** 2) }),
    ours: ({ parameters: [a = 1, b = 1, c = 1, d = 1] = [] }) => ({
      probability: [accepted(probabilityAboveBeta({ alpha: a, beta: b }, { alpha: c, beta: d }))],
    }),
  },
]
