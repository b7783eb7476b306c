/** Known answers on data of the R package MASS: Boston housing (13 drivers) and birth weights. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'

import type { Correlations } from './correlations.ts'
import { lmg } from './lmg.ts'
import { logit } from './logit.ts'
import mass from './mass.frozen.json' with { type: 'json' }
import { relativeWeights } from './relative-weights.ts'

function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}

/** The 14 columns of Boston, the outcome medv last; the file holds the lower triangle by columns. */
function boston(): Correlations {
  const r = Array.from({ length: 14 }, (_, i) => Array.from({ length: 14 }, (_unused, j) => Number(i === j)))
  let at = 0
  for (let column = 0; column < 14; column++)
    for (let row = column + 1; row < 14; row++) {
      const value = mass.boston[at++] ?? Number.NaN
      ;(r[row] ?? [])[column] = value
      ;(r[column] ?? [])[row] = value
    }
  return { drivers: r.slice(0, 13).map((row) => row.slice(0, 13)), outcome: (r[13] ?? []).slice(0, 13) }
}

const births = mass.birthwt.map(([low = 0, age = 0, lwt = 0, race = 0, ...rest]) => ({
  x: [age, lwt, Number(race === 2), Number(race === 3), ...rest],
  positives: low,
  negatives: 1 - low,
}))

export const answers: KnownAnswers[] = [
  {
    source: 'Boston, 13 drivers: total dominance printed by the Python package dominance-analysis',
    tolerance: 1e-9,
    cases: [
      ...each(
        'LMG',
        [
          0.0271756372, 0.0248108641, 0.0377818945, 0.0158425935, 0.0334146164, 0.1870853506, 0.0220352368,
          0.0302770731, 0.023629355, 0.0367893896, 0.0785255092, 0.0229129004, 0.2003622439,
        ],
        () => accepted(lmg(boston())).weights,
      ),
      { what: 'R²', want: 0.7406426641, got: () => accepted(lmg(boston())).rSquared },
    ],
  },
  {
    source: 'Boston: relative weights of DIS and LSTAT, relaimpo 2.2-7 (genizi)',
    tolerance: 1e-7,
    cases: [
      ['DIS', 7, 0.0180644],
      ['LSTAT', 12, 0.1739959],
    ].map(([what, at, want]) => ({
      what: String(what),
      want: Number(want),
      got: () => accepted(relativeWeights(boston())).weights[Number(at)] ?? Number.NaN,
    })),
  },
  {
    source: 'birthwt low ~ age + lwt + race + smoke + ptl + ht + ui, R glm(family = binomial)',
    tolerance: 1e-6,
    cases: each(
      'coefficient',
      [0.4644033, -0.0270698, -0.0151826, 1.2632194, 0.8616351, 0.9233492, 0.5417551, 1.8336956, 0.7585965],
      () => {
        const fit = accepted(logit(births))
        return [fit.intercept, ...fit.coefficients]
      },
    ),
  },
]
