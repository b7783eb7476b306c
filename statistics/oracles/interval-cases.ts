/** Intervals and tests against R and statsmodels. */
import { accepted } from '#statistics/accepted.ts'
import {
  benjaminiHochberg,
  clopperPearson,
  holm,
  newcombe,
  welch,
  wilson,
} from '#statistics/intervals/index.ts'
import { one, type OracleCase } from './oracle-case.ts'

const sums = (values: readonly number[] = []) => ({
  n: values.length,
  sum: values.reduce((total, value) => total + value, 0),
  sumOfSquares: values.reduce((total, value) => total + value * value, 0),
})

export const intervalCases: readonly OracleCase[] = [
  {
    name: 'share',
    programs: ['python', 'r'],
    tolerance: 1e-10,
    inputs: (random) => {
      const n = random.integer(1, 500)
      return { successes: [random.integer(0, n)], n: [n], confidence: [0.5 + 0.499 * random.uniform()] }
    },
    ours: (inputs) => {
      const counts = {
        successes: one(inputs, 'successes'),
        n: one(inputs, 'n'),
        confidence: one(inputs, 'confidence'),
      }
      const [score, exact] = [accepted(wilson(counts)), accepted(clopperPearson(counts))]
      return { wilson: [score.low, score.high], exact: [exact.low, exact.high] }
    },
  },
  {
    name: 'newcombe',
    programs: ['python'],
    tolerance: 1e-10,
    inputs: (random) => {
      const [n, m] = [random.integer(2, 300), random.integer(2, 300)]
      return { a: [random.integer(1, n - 1), n], b: [random.integer(1, m - 1), m] }
    },
    ours: ({ a = [], b = [] }) => {
      const result = accepted(
        newcombe({ a: { successes: a[0] ?? 0, n: a[1] ?? 0 }, b: { successes: b[0] ?? 0, n: b[1] ?? 0 } }),
      )
      return { limits: [result.low, result.high] }
    },
  },
  {
    name: 'welch',
    programs: ['python', 'r'],
    tolerance: 1e-9,
    inputs: (random) => ({
      a: Array.from({ length: random.integer(3, 40) }, () => random.normal(7, 2)),
      b: Array.from({ length: random.integer(3, 40) }, () => random.normal(6, 3)),
    }),
    ours: ({ a, b }) => {
      const result = accepted(welch({ a: sums(a), b: sums(b) }))
      return { t: [result.statistic], df: [result.df], p: [result.p], limits: [result.low, result.high] }
    },
  },
  {
    name: 'multiple',
    programs: ['python', 'r'],
    tolerance: 1e-12,
    inputs: (random) => ({ p: Array.from({ length: random.integer(2, 30) }, () => random.uniform() ** 3) }),
    ours: ({ p = [] }) => ({ holm: accepted(holm(p)), bh: accepted(benjaminiHochberg(p)) }),
  },
]
