/** Published intervals of shares, and R's power and multiple-comparison functions. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import {
  benjaminiHochberg,
  clopperPearson,
  holm,
  meanPower,
  meanSampleSize,
  newcombe,
  pairedShares,
  sharePower,
  shareSampleSize,
  wilson,
} from './index.ts'

const WILSON = [
  [81, 263, 0.255289, 0.36621],
  [15, 148, 0.062386, 0.160487],
  [0, 20, 0, 0.161125],
  [1, 29, 0.006113, 0.171755],
] as const

const CLOPPER_PEARSON = [
  [81, 263, 0.252737, 0.367622],
  [0, 20, 0, 0.168433],
] as const

/** Benjamini & Hochberg (1995), the fifteen p-values of their example. */
const P_VALUES = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
]
const findings = (adjusted: readonly number[]) => adjusted.filter((p) => p <= 0.05).length

const newcombeExample = () => accepted(newcombe({ a: { successes: 56, n: 70 }, b: { successes: 48, n: 80 } }))
const tangoExample = () => accepted(pairedShares({ onlyFirst: 12, onlySecond: 2, agreeing: 36 }))

export const answers: KnownAnswers = {
  source:
    'Newcombe (1998) methods 3, 5 and 10; Tango (1998) by grid search; R 4.2.2 power.t.test, power.prop.test; Benjamini & Hochberg (1995)',
  tolerance: 1e-6,
  cases: [
    ...WILSON.flatMap(([successes, n, low, high]) => [
      { what: `Wilson ${successes}/${n} low`, got: () => accepted(wilson({ successes, n })).low, want: low },
      {
        what: `Wilson ${successes}/${n} high`,
        got: () => accepted(wilson({ successes, n })).high,
        want: high,
      },
    ]),
    ...CLOPPER_PEARSON.flatMap(([successes, n, low, high]) => [
      {
        what: `exact ${successes}/${n} low`,
        got: () => accepted(clopperPearson({ successes, n })).low,
        want: low,
      },
      {
        what: `exact ${successes}/${n} high`,
        got: () => accepted(clopperPearson({ successes, n })).high,
        want: high,
      },
    ]),
    { what: '56/70 − 48/80 low', got: () => newcombeExample().low, want: 0.052431 },
    { what: '56/70 − 48/80 high', got: () => newcombeExample().high, want: 0.333873 },
    { what: 'paired 12, 2 of 50 low', got: () => tangoExample().low, want: 0.0611124 },
    { what: 'paired 12, 2 of 50 high', got: () => tangoExample().high, want: 0.3447087 },
    {
      what: 'power.t.test(20, 1, 1)',
      got: () => accepted(meanPower({ n: 20, difference: 1, sd: 1 })),
      want: 0.8689528,
    },
    {
      what: 'power.t.test(delta 1, power .9)',
      got: () => accepted(meanSampleSize({ difference: 1, sd: 1, power: 0.9 })).n,
      want: 23,
    },
    {
      what: 'power.prop.test(50, .5, .75)',
      got: () => accepted(sharePower({ n: 50, a: 0.5, b: 0.75 })),
      want: 0.7401659,
    },
    {
      what: 'power.prop.test(.5, .75, power .9)',
      got: () => accepted(shareSampleSize({ a: 0.5, b: 0.75, power: 0.9 })).n,
      want: 77,
    },
    {
      what: 'Benjamini–Hochberg rejects four at .05',
      got: () => findings(accepted(benjaminiHochberg(P_VALUES))),
      want: 4,
    },
    { what: 'Holm rejects three at .05', got: () => findings(accepted(holm(P_VALUES))), want: 3 },
  ],
}
