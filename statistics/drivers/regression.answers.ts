/** Regression, jackknife and ridge out of moments, against row-level programs. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'
import { momentsFromRows, type Moments } from '#statistics/moments/index.ts'
import { isRefusal } from '#statistics/refusal.ts'

import { bucketJackknife } from './bucket-jackknife.ts'
import { driverCorrelations } from './driver-correlations.ts'
import { lmg } from './lmg.ts'
import { ols } from './ols.ts'
import { attitudeRows, longleyRows } from './published-correlations.ts'
import { relativeWeights } from './relative-weights.ts'
import { ridge, ridgeAt } from './ridge.ts'

function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}

const attitude = accepted(
  momentsFromRows({
    variables: ['rating', 'complaints', 'privileges', 'learning', 'raises', 'critical', 'advance'],
    rows: attitudeRows.map((values, bucket) => ({ values, bucket })),
  }),
)
const longley = accepted(
  momentsFromRows({
    variables: ['employed', 'deflator', 'gnp', 'unemployed', 'forces', 'population', 'year'],
    rows: longleyRows.map((values) => ({ values })),
  }),
)
const fit = (moments: Moments, outcome: string) => accepted(ols({ moments, outcome }))
const jackknifed = (method: typeof lmg | typeof relativeWeights) => () =>
  accepted(
    bucketJackknife({
      moments: attitude,
      statistic: (part) => {
        const input = driverCorrelations({ moments: part, outcome: 'rating' })
        const result = isRefusal(input) ? input : method({ drivers: input.drivers, outcome: input.outcome })
        return isRefusal(result) ? result : result.weights
      },
    }),
  ).se

export const answers: KnownAnswers[] = [
  {
    source: 'attitude, R lm(rating ~ .)',
    tolerance: 1e-8,
    cases: each(
      'coefficient',
      [10.78707639, 0.61318761, -0.07305014, 0.32033212, 0.08173213, 0.03838145, -0.21705668],
      () => [fit(attitude, 'rating').intercept, ...fit(attitude, 'rating').coefficients],
    ),
  },
  {
    source: 'attitude, delete-one jackknife of LMG and relative weights, R',
    tolerance: 1e-6,
    cases: [
      ...each(
        'SE of LMG',
        [0.0815765, 0.0413474, 0.0714596, 0.0421205, 0.0246211, 0.0199824],
        jackknifed(lmg),
      ),
      ...each(
        'SE of relative weight',
        [0.0832429, 0.0465271, 0.0682042, 0.0405595, 0.0298521, 0.0136364],
        jackknifed(relativeWeights),
      ),
    ],
  },
  {
    source: 'longley, NIST StRD certified values (headcounts in thousands)',
    tolerance: 1e-9,
    relative: true,
    cases: [
      ...each(
        'coefficient',
        [
          -3482.25863459582, 0.0150618722713733, -0.035819179292591, -0.0202022980381683, -0.0103322686717359,
          -0.0511041056535807, 1.82915146461355,
        ],
        () => [fit(longley, 'employed').intercept, ...fit(longley, 'employed').coefficients],
      ),
      ...each(
        'standard error',
        [
          890.420383607373, 0.0849149257747669, 0.0334910077722432, 0.00488399681651699, 0.00214274163161675,
          0.22607320006937, 0.455478499142212,
        ],
        () => fit(longley, 'employed').se,
      ),
      { what: 'R²', want: 0.995479004577296, got: () => fit(longley, 'employed').rSquared },
      { what: 'residual SD', want: 0.304854073561965, got: () => fit(longley, 'employed').sigma },
    ],
  },
  {
    source: 'attitude, ridge by scikit-learn and ten-fold error by numpy (oracles/ridge-scikit.py)',
    tolerance: 1e-7,
    cases: [
      ...each(
        'coefficient at 0.1',
        [0.5216344, -0.02530679, 0.29058954, 0.13791984, 0.02729743, -0.20134924],
        () => accepted(ridgeAt({ moments: attitude, outcome: 'rating', lambda: 0.1 })).coefficients,
      ),
      ...each(
        'left-out error at 0, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2',
        [
          67.61859354449057, 66.74183450495705, 64.34775972617732, 62.79430273364662, 61.79702327319215,
          63.79900757811261, 69.93835785219062, 81.26129454254634,
        ],
        () =>
          accepted(
            ridge({ moments: attitude, outcome: 'rating', lambdas: [0, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2] }),
          ).curve.map((point) => point.error),
      ),
    ],
  },
]
