/** Distribution functions against R's and scipy's, tails and quantiles included. */
import { accepted } from '#statistics/accepted.ts'
import {
  betaCdf,
  betaQuantile,
  betaUpper,
  binomialCdf,
  binomialPmf,
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareUpper,
  fCdf,
  fQuantile,
  fUpper,
  gammaCdf,
  gammaQuantile,
  gammaUpper,
  normalCdf,
  normalQuantile,
  normalUpper,
  poissonCdf,
  poissonPmf,
  tCdf,
  tQuantile,
  tUpper,
} from '#statistics/distributions/index.ts'
import type { Random } from '#statistics/random/index.ts'
import type { Refusal } from '#statistics/refusal.ts'
import { type Numbers, one, type OracleCase } from './oracle-case.ts'

const both = { programs: ['python', 'r'], tolerance: 2e-11, floor: 1e-290 } as const

/** Probabilities from the far tail to the middle. */
function probability(random: Random): number {
  return random.uniform() < 0.5 ? 10 ** -(12 * random.uniform()) : random.uniform()
}

function answers(values: Readonly<Record<string, number | Refusal>>): Numbers {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [accepted(value)]]))
}

export const distributionCases: readonly OracleCase[] = [
  {
    ...both,
    name: 'normal',
    inputs: (random) => ({ x: [random.normal(0, 6)], p: [probability(random)] }),
    ours: (inputs) => {
      const x = one(inputs, 'x')
      return answers({ cdf: normalCdf(x), upper: normalUpper(x), quantile: normalQuantile(one(inputs, 'p')) })
    },
  },
  {
    ...both,
    name: 't',
    inputs: (random) => ({
      x: [random.normal(0, 5)],
      df: [1 + 200 * random.uniform() ** 3],
      p: [probability(random)],
    }),
    ours: (inputs) => {
      const [x, df] = [one(inputs, 'x'), one(inputs, 'df')]
      return answers({ cdf: tCdf(x, df), upper: tUpper(x, df), quantile: tQuantile(one(inputs, 'p'), df) })
    },
  },
  {
    ...both,
    name: 'chi_square',
    inputs: (random) => {
      const df = 1 + 100 * random.uniform() ** 2
      return { x: [df * random.gamma(2, 2)], df: [df], p: [probability(random)] }
    },
    ours: (inputs) => {
      const [x, df] = [one(inputs, 'x'), one(inputs, 'df')]
      const quantile = chiSquareQuantile(one(inputs, 'p'), df)
      return answers({ cdf: chiSquareCdf(x, df), upper: chiSquareUpper(x, df), quantile })
    },
  },
  {
    ...both,
    // R's qf goes through 1/q − 1 and loses digits in the lower tail
    programs: ['python'],
    name: 'f',
    inputs: (random) => ({
      x: [random.gamma(2, 2)],
      df1: [1 + 30 * random.uniform()],
      df2: [2 + 200 * random.uniform()],
      p: [probability(random)],
    }),
    ours: (inputs) => {
      const shape = { df1: one(inputs, 'df1'), df2: one(inputs, 'df2') }
      const f = one(inputs, 'x')
      return answers({
        cdf: fCdf({ f, ...shape }),
        upper: fUpper({ f, ...shape }),
        quantile: fQuantile({ p: one(inputs, 'p'), ...shape }),
      })
    },
  },
  {
    ...both,
    name: 'beta',
    inputs: (random) => ({
      x: [random.uniform()],
      a: [0.3 + 40 * random.uniform() ** 2],
      b: [0.3 + 40 * random.uniform() ** 2],
      p: [probability(random)],
    }),
    ours: (inputs) => {
      const shape = { a: one(inputs, 'a'), b: one(inputs, 'b') }
      const x = one(inputs, 'x')
      return answers({
        cdf: betaCdf({ x, ...shape }),
        upper: betaUpper({ x, ...shape }),
        quantile: betaQuantile({ p: one(inputs, 'p'), ...shape }),
      })
    },
  },
  {
    ...both,
    name: 'gamma',
    inputs: (random) => {
      const shape = 0.3 + 60 * random.uniform() ** 2
      return { x: [random.gamma(shape)], shape: [shape], p: [probability(random)] }
    },
    ours: (inputs) => {
      const [x, shape] = [one(inputs, 'x'), one(inputs, 'shape')]
      const quantile = gammaQuantile({ p: one(inputs, 'p'), shape })
      return answers({ cdf: gammaCdf({ x, shape }), upper: gammaUpper({ x, shape }), quantile })
    },
  },
  {
    ...both,
    name: 'binomial',
    inputs: (random) => {
      const n = random.integer(1, 400)
      const p = random.uniform()
      return { k: [random.binomial(n, p)], n: [n], p: [p] }
    },
    ours: (inputs) => {
      const point = { k: one(inputs, 'k'), n: one(inputs, 'n'), p: one(inputs, 'p') }
      return answers({ cdf: binomialCdf(point), pmf: binomialPmf(point) })
    },
  },
  {
    ...both,
    name: 'poisson',
    inputs: (random) => {
      const mean = 0.1 + 80 * random.uniform() ** 2
      return { k: [random.poisson(mean)], mean: [mean] }
    },
    ours: (inputs) => {
      const [k, mean] = [one(inputs, 'k'), one(inputs, 'mean')]
      return answers({ cdf: poissonCdf(k, mean), pmf: poissonPmf(k, mean) })
    },
  },
]
