/** Discrimination and calibration of one set of predictions, against scikit-learn and statsmodels. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'

import { auc } from './auc.ts'
import { brier } from './brier.ts'
import { calibration } from './calibration.ts'
import { isotonic, isotonicProbability } from './isotonic.ts'

const cells = [
  [0.05, 1, 19],
  [0.15, 2, 18],
  [0.2, 6, 14],
  [0.35, 5, 15],
  [0.5, 9, 11],
  [0.6, 14, 6],
  [0.8, 13, 7],
  [0.95, 19, 1],
].map(([score = 0, positives = 0, negatives = 0]) => ({ score, positives, negatives }))

function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}

export const answers: KnownAnswers = {
  source: 'scikit-learn 1 and statsmodels 0.15.0 on 160 predictions (oracles/prediction-scikit.py)',
  tolerance: 1e-10,
  cases: [
    { what: 'AUC', want: 0.8328555502468545, got: () => accepted(auc({ cells })).value },
    {
      what: 'DeLong standard error',
      want: 0.031637224421391025,
      got: () => accepted(auc({ cells })).se ?? Number.NaN,
    },
    { what: 'Brier score', want: 0.165625, got: () => accepted(brier(cells)).score },
    {
      what: 'calibration intercept',
      want: -0.13251638756682976,
      got: () => accepted(calibration(cells)).intercept,
    },
    { what: 'calibration slope', want: 0.9099749980792765, got: () => accepted(calibration(cells)).slope },
    ...each(
      'isotonic at the scores, between steps and beyond',
      [0.05, 0.1, 0.275, 0.275, 0.45, 0.675, 0.675, 0.95, 0.275, 0.675, 0.05, 0.95],
      () =>
        [...cells.map((cell) => cell.score), 0.275, 0.7, 0, 1].map((score) =>
          accepted(isotonicProbability(accepted(isotonic(cells)), score)),
        ),
    ),
  ],
}
