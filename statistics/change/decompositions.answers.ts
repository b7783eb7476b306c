/** Known answers of the decompositions: Das Gupta 1993 as his examples are reprinted by DasGuptR, exact toys, Adtributor. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'
import { adtributor } from './adtributor.ts'
import { crossClassified } from './cross-classified.ts'
import { dasGupta, type Population, type RateFunction } from './das-gupta.ts'
import { kitagawa } from './kitagawa.ts'

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

const shares1970 = [12.9, 10.9, 9.5, 8, 7.8, 8.4, 8.6, 7.8, 7, 5.9, 4.7, 3.6, 4.9]
const shares1985 = [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6, 6.3, 5.9, 5.1, 4, 5.5]
const headship1970 = [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8]
const headship1985 = [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2]

const households = () =>
  accepted(
    kitagawa(
      shares1970.map((size, i) => ({
        segment: String(15 + 5 * i),
        before: { size, score: headship1970[i] ?? 0 },
        after: { size: shares1985[i] ?? 0, score: headship1985[i] ?? 0 },
      })),
    ),
  )

export const headship: KnownAnswers = {
  source: 'Das Gupta 1993, example 5.1: household headship 1970–1985',
  tolerance: 1e-4,
  cases: [
    { what: 'mix', got: () => households().mix, want: 1.2269 },
    { what: 'rate', got: () => households().rate, want: 1.7403 },
    { what: 'total', got: () => households().change, want: 2.9672 },
  ],
}

const deaths = {
  1970: {
    size: [
      2968, 11484, 34614, 30992, 21983, 20314, 20928, 16897, 11339, 5720, 1315, 535, 2162, 6120, 4781, 3096,
      2718, 2363, 1767, 1149, 448, 117,
    ],
    rate: [
      18.469, 0.751, 0.391, 1.146, 1.287, 2.672, 6.636, 15.691, 34.723, 79.763, 176.837, 36.993, 1.352, 0.541,
      2.04, 3.523, 6.746, 12.967, 24.471, 45.091, 74.902, 123.205,
    ],
  },
  1985: {
    size: [
      3041, 11577, 27450, 32711, 35480, 27411, 19555, 19795, 15254, 8022, 2472, 707, 2692, 6473, 6841, 6547,
      4352, 3034, 2540, 1749, 804, 236,
    ],
    rate: [
      9.163, 0.462, 0.248, 0.929, 1.084, 1.81, 4.715, 12.187, 27.728, 64.068, 157.57, 17.208, 0.738, 0.328,
      1.103, 2.045, 3.724, 8.052, 17.812, 34.128, 68.276, 125.161,
    ],
  },
}

const raceAndAge = () =>
  accepted(
    crossClassified(
      Object.entries(deaths).map(([name, { size, rate }]) => ({
        name,
        cells: size.map((count, i) => ({
          by: { age: i % 11, race: Math.floor(i / 11) },
          size: count,
          rate: rate[i] ?? 0,
        })),
      })),
    ),
  )

export const crossClassification: KnownAnswers = {
  source: 'Das Gupta 1993, example 5.3: deaths by race and age, 1970–1985, as run in josiahpjking/DasGuptR',
  tolerance: 1e-6,
  cases: [
    { what: 'age', got: () => raceAndAge().factors[0]?.effects[0] ?? Number.NaN, want: 1.5217347 },
    { what: 'race', got: () => raceAndAge().factors[1]?.effects[0] ?? Number.NaN, want: 0.0197749 },
    { what: 'rate', got: () => raceAndAge().factors[2]?.effects[0] ?? Number.NaN, want: -2.2277254 },
    { what: 'age, 1970', got: () => raceAndAge().factors[0]?.standardised[0] ?? Number.NaN, want: 8.385332 },
    { what: 'race, 1985', got: () => raceAndAge().factors[1]?.standardised[1] ?? Number.NaN, want: 9.156087 },
    {
      what: 'rate, 1970',
      got: () => raceAndAge().factors[2]?.standardised[0] ?? Number.NaN,
      want: 10.257368,
    },
  ],
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

const toy = () =>
  accepted(
    kitagawa([
      { segment: 'A', before: { size: 1000, score: 50 }, after: { size: 500, score: 50 } },
      { segment: 'B', before: { size: 500, score: -30 }, after: { size: 1000, score: -5 } },
    ]),
  )

export const npsMix: KnownAnswers = {
  source:
    'Exact toy: A (600,300,100)→(300,150,50), B (100,150,250)→(300,350,350); no segment falls, NPS does',
  tolerance: 1e-12,
  cases: [
    { what: 'NPS before', got: () => toy().before, want: 70 / 3 },
    { what: 'NPS after', got: () => toy().after, want: 40 / 3 },
    { what: 'rate A', got: () => toy().segments[0]?.rate ?? Number.NaN, want: 0 },
    { what: 'rate B', got: () => toy().segments[1]?.rate ?? Number.NaN, want: 12.5 },
    { what: 'mix', got: () => toy().mix, want: -22.5 },
    { what: 'raw mix A', got: () => toy().segments[0]?.rawMix ?? Number.NaN, want: -50 / 3 },
    { what: 'raw mix B', got: () => toy().segments[1]?.rawMix ?? Number.NaN, want: -35 / 6 },
    { what: 'centred mix A', got: () => toy().segments[0]?.mix ?? Number.NaN, want: -190 / 18 },
    { what: 'centred mix B', got: () => toy().segments[1]?.mix ?? Number.NaN, want: -215 / 18 },
  ],
}

const revenue = () =>
  accepted(
    adtributor({
      dimensions: [
        {
          dimension: 'data centre',
          elements: [
            { element: 'X', forecast: 94, actual: 47 },
            { element: 'Y', forecast: 6, actual: 3 },
          ],
        },
        {
          dimension: 'advertiser',
          elements: [
            { element: 'A1', forecast: 50, actual: 24 },
            { element: 'A2', forecast: 20, actual: 21 },
            { element: 'A3', forecast: 20, actual: 4 },
            { element: 'A4', forecast: 10, actual: 1 },
          ],
        },
        {
          dimension: 'device',
          elements: [
            { element: 'PC', forecast: 50, actual: 49 },
            { element: 'mobile', forecast: 25, actual: 0.5 },
            { element: 'tablet', forecast: 25, actual: 0.5 },
          ],
        },
      ],
    }),
  )

const element = (dimension: string, name: string) =>
  revenue()
    .find((found) => found.dimension === dimension)
    ?.elements.find((found) => found.element === name)

export const adtributorExample: KnownAnswers = {
  source: 'Bhagwan et al., NSDI 2014, the revenue example (forecast 100, actual 50)',
  tolerance: 1e-6,
  cases: [
    {
      what: 'device first',
      got: () => revenue().findIndex(({ dimension }) => dimension === 'device'),
      want: 0,
    },
    { what: 'Σ surprise, device', got: () => revenue()[0]?.surprise ?? Number.NaN, want: 0.177464 },
    { what: 'explained, device', got: () => revenue()[0]?.explained ?? Number.NaN, want: 0.98 },
    { what: 'surprise PC', got: () => element('device', 'PC')?.surprise ?? Number.NaN, want: 0.039632 },
    {
      what: 'surprise mobile',
      got: () => element('device', 'mobile')?.surprise ?? Number.NaN,
      want: 0.068916,
    },
    { what: 'power X', got: () => element('data centre', 'X')?.explanatoryPower ?? Number.NaN, want: 0.94 },
    { what: 'power A2', got: () => element('advertiser', 'A2')?.explanatoryPower ?? Number.NaN, want: -0.02 },
    {
      what: 'Σ surprise, advertiser',
      got: () => revenue().find(({ dimension }) => dimension === 'advertiser')?.surprise ?? Number.NaN,
      want: 0.047888,
    },
  ],
}
