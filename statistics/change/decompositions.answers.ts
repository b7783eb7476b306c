/** Known answers of Das Gupta's decompositions: the examples of his manual (1993) as reprinted by DasGuptR. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'
import { dasGupta, type Population, type RateFunction } from './das-gupta.ts'

function effects(
  what: string,
  populations: Population[],
  want: number[],
  rate?: RateFunction,
): KnownAnswer[] {
  const result = accepted(dasGupta({ populations, ...(rate && { rate }) }))
  return want.map((value, i) => ({
    what: `${what}: ${result.factors[i]?.factor}`,
    got: () => result.factors[i]?.effects[0] ?? Number.NaN,
    want: value,
  }))
}

function pair(before: Population['factors'], after: Population['factors']): Population[] {
  return [
    { name: 'before', factors: before },
    { name: 'after', factors: after },
  ]
}

const births1960 = {
  bm: [393, 407, 369, 274, 184, 90, 16],
  mw: [0.122, 0.622, 0.903, 0.93, 0.916, 0.873, 0.8],
  wp: [0.043, 0.041, 0.036, 0.032, 0.026, 0.02, 0.018],
}
const births1970 = {
  bm: [488, 452, 338, 156, 63, 22, 3],
  mw: [0.082, 0.527, 0.866, 0.941, 0.942, 0.923, 0.876],
  wp: [0.058, 0.038, 0.032, 0.03, 0.026, 0.023, 0.019],
}

export const answers: KnownAnswers = {
  source: 'Das Gupta 1993, example 2.1 as run in josiahpjking/DasGuptR',
  tolerance: 1e-3,
  cases: effects(
    'earnings',
    pair({ earnings: 10930, earners: 0.717892 }, { earnings: 16591, earners: 0.825974 }),
    [4369.913, 1487.262],
  ),
}

export const products: KnownAnswers = {
  source: 'Das Gupta 1993, examples 2.3, 2.5, 2.7, 4.5 as run in josiahpjking/DasGuptR',
  tolerance: 1e-6,
  cases: [
    ...effects(
      'births, three factors',
      pair({ a: 51.78746, b: 0.45919, c: 0.52638 }, { a: 84.90502, b: 0.75756, c: 0.51065 }),
      [10.4340333, 10.5608476, -0.6670084],
    ),
    ...effects(
      'births to women, four factors',
      pair({ a: 25.3, b: 0.214, c: 0.279, d: 0.949 }, { a: 32.7, b: 0.29, c: 0.473, d: 0.986 }),
      [0.6889411, 0.8125381, 1.3829055, 0.1047547],
    ),
    ...effects(
      'fertility, five factors',
      pair(
        { a: 0.58, b: 0.76, c: 0.84, d: 0.66, e: 16.573 },
        { a: 0.72, b: 0.97, c: 0.97, d: 0.56, e: 16.158 },
      ),
      [1.0909785, 1.2298438, 0.7278399, -0.8398707, -0.1290187],
    ),
    ...effects('Taiwan, Σabc', pair(births1960, births1970), [-7.285632, -2.720633, -1.565181]),
  ],
}

export const differences: KnownAnswers = {
  source: 'Das Gupta 1993, example 3.1: natural increase as births − deaths',
  tolerance: 1e-9,
  cases: effects(
    'natural increase',
    pair({ births: [19.4], deaths: [10.8] }, { births: [23.7], deaths: [9.5] }),
    [4.3, 1.3],
    ({ births = [], deaths = [] }) => (births[0] ?? 0) - (deaths[0] ?? 0),
  ),
}

const illegitimacy: Population[] = [
  {
    name: '1963',
    factors: {
      A: [0.2, 0.163, 0.146, 0.154, 0.168, 0.169],
      B: [0.866, 0.325, 0.119, 0.099, 0.099, 0.121],
      C: [0.007, 0.021, 0.023, 0.015, 0.008, 0.002],
      D: [0.454, 0.326, 0.195, 0.107, 0.051, 0.015],
    },
  },
  {
    name: '1968',
    factors: {
      A: [0.215, 0.191, 0.156, 0.137, 0.144, 0.157],
      B: [0.891, 0.373, 0.124, 0.1, 0.107, 0.127],
      C: [0.01, 0.023, 0.023, 0.015, 0.008, 0.002],
      D: [0.433, 0.249, 0.159, 0.079, 0.037, 0.011],
    },
  },
  {
    name: '1973',
    factors: {
      A: [0.218, 0.203, 0.175, 0.144, 0.127, 0.133],
      B: [0.87, 0.396, 0.158, 0.125, 0.113, 0.129],
      C: [0.011, 0.016, 0.017, 0.011, 0.006, 0.002],
      D: [0.314, 0.181, 0.133, 0.063, 0.023, 0.006],
    },
  },
  {
    name: '1978',
    factors: {
      A: [0.205, 0.2, 0.181, 0.162, 0.134, 0.118],
      B: [0.9, 0.484, 0.243, 0.176, 0.155, 0.168],
      C: [0.014, 0.019, 0.015, 0.01, 0.005, 0.001],
      D: [0.313, 0.191, 0.143, 0.069, 0.021, 0.004],
    },
  },
  {
    name: '1983',
    factors: {
      A: [0.169, 0.195, 0.19, 0.174, 0.15, 0.122],
      B: [0.931, 0.563, 0.311, 0.216, 0.199, 0.191],
      C: [0.018, 0.026, 0.023, 0.016, 0.008, 0.002],
      D: [0.38, 0.201, 0.149, 0.079, 0.025, 0.006],
    },
  },
]

/** Births to unmarried women per 1,000 births. */
const ratio: RateFunction = ({ A = [], B = [], C = [], D = [] }) => {
  const unmarried = A.reduce((sum, a, i) => sum + a * (B[i] ?? 0) * (C[i] ?? 0), 0)
  const married = A.reduce((sum, a, i) => sum + a * (1 - (B[i] ?? 0)) * (D[i] ?? 0), 0)
  return (1000 * unmarried) / (unmarried + married)
}

const five = () => accepted(dasGupta({ populations: illegitimacy, rate: ratio }))
const fiveWanted = [
  [72.77031, 74.65254, 73.83625, 71.36001, 64.60057],
  [53.28255, 56.63216, 59.52972, 79.49763, 104.38728],
  [62.1775, 69.61231, 60.48031, 68.54219, 94.17361],
  [54.83361, 64.43823, 81.24203, 79.60288, 74.12756],
]

export const fivePopulations: KnownAnswers = {
  source: 'Das Gupta 1993, example 6.5: five periods, rate as a function, as run in josiahpjking/DasGuptR',
  tolerance: 6e-6,
  cases: [
    ...fiveWanted.flatMap((rates, factor) =>
      rates.map((want, population) => ({
        what: `standardised ${'ABCD'[factor]} ${illegitimacy[population]?.name}`,
        got: () => five().factors[factor]?.standardised[population] ?? Number.NaN,
        want,
      })),
    ),
    ...[30.94957, 53.22084, 62.9739, 86.8883, 125.17462].map((want, i) => ({
      what: `crude ${illegitimacy[i]?.name}`,
      got: () => five().crude[i] ?? Number.NaN,
      want,
    })),
  ],
}

export const twoOfThem: KnownAnswers = {
  source: 'Das Gupta 1993, example 4.4: 1963–1983 alone, as run in josiahpjking/DasGuptR',
  tolerance: 1e-7,
  cases: effects(
    '1963–1983',
    illegitimacy.filter(({ name }) => name === '1963' || name === '1983'),
    [-0.00620498, 0.04866154, 0.02705922, 0.02470928],
    (factors) => ratio(factors) / 1000,
  ),
}

const births = {
  1960: {
    survivors: [485434, 484410, 492905, 481001, 478485, 474911, 469528, 461368, 449349],
    births: [0.0004, 0.04335, 0.12581, 0.09641, 0.05504, 0.0276, 0.00756, 0.00045, 0],
  },
  1965: {
    survivors: [486446, 485454, 483929, 482046, 479522, 475844, 470419, 462351, 450468],
    births: [0.00041, 0.03416, 0.09584, 0.07915, 0.04651, 0.02283, 0.00631, 0.00038, 0],
  },
}

/** Lotka's rate of natural increase: the r with Σ e^(−r·age)·survivors·births = 1, by Newton's method. */
const intrinsicGrowth: RateFunction = ({ survivors = [], births = [] }) => {
  const terms = survivors.map((value, i) => ({
    age: 12.5 + 5 * i,
    weight: (value * (births[i] ?? 0)) / 100_000,
  }))
  let r = 0
  for (let step = 0; step < 50; step++) {
    const at = terms.map(({ age, weight }) => ({ age, value: weight * Math.exp(-r * age) }))
    const slope = at.reduce((sum, { age, value }) => sum - age * value, 0)
    r -= (at.reduce((sum, { value }) => sum + value, 0) - 1) / slope
  }
  return r
}

export const growth: KnownAnswers = {
  source:
    'Das Gupta 1993, example 4.1: a rate that is itself found by iteration, as run in josiahpjking/DasGuptR',
  tolerance: 1e-9,
  cases: effects(
    'Lotka’s r',
    pair(births[1960], births[1965]),
    [-0.0002107251, -0.0087243576],
    intrinsicGrowth,
  ),
}
