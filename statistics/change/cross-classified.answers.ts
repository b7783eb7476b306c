/** Known answers of the cross-classified decomposition: deaths by race and age of Das Gupta's manual. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { crossClassified } from './cross-classified.ts'

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
