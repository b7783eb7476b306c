/** Calibration of predicted probabilities: are they right on average, and spread as far as the outcomes? */
import { isRefusal, type Refusal } from '#statistics/refusal.ts'

import { logit } from './logit.ts'
import { pooled, refuseScores, totals, type ScoredCell } from './scored-cells.ts'

export type Calibration = {
  /** Observed rate minus mean prediction: above 0 means predictions are too low. */
  readonly inTheLarge: number
  /** Of the logit of the outcome on the logit of the prediction: 1 is calibrated, below 1 is overfitted. */
  readonly slope: number
  readonly intercept: number
  /** Mean over rows of |observed − predicted| at each prediction. */
  readonly expectedError: number
  readonly n: number
}

/**
 * Calibration in the large, slope and expected error of probabilities on rows that did not train them.
 *
 * Refuses no rows, one class, predictions outside 0…1, a single distinct prediction, and numbers that are not finite.
 * Predictions of 0 and 1 are drawn in to 1e-6 for the slope, where they have no logit.
 * Formula: logit P(y) = intercept + slope · logit(p).
 * Source: Cox, Biometrika 45, 1958; Steyerberg, Clinical Prediction Models, 2009, 15.
 *
 * @example
 * const cells = [{ score: 0.2, positives: 20, negatives: 80 }, { score: 0.6, positives: 60, negatives: 40 }]
 * calibration(cells).slope // 1.0000
 * calibration([{ score: 0.1, positives: 3, negatives: 7 }, { score: 0.5, positives: 6, negatives: 4 }]).inTheLarge // 0.15
 */
export function calibration(cells: readonly ScoredCell[]): Calibration | Refusal {
  const refusal = refuseScores('calibration', cells, { probabilities: true, bothClasses: true })
  if (refusal) return refusal
  const { positives, negatives } = totals(cells)
  const n = positives + negatives
  const predicted = cells.reduce((sum, cell) => sum + cell.score * (cell.positives + cell.negatives), 0) / n
  const fit = logit(cells.map((cell) => ({ ...cell, x: [logOdds(cell.score)] })))
  if (isRefusal(fit)) return { ...fit, reason: fit.reason.replace('[logit]', '[calibration]') }
  const expectedError =
    pooled(cells).reduce(
      (sum, cell) => sum + Math.abs(cell.positives - cell.score * (cell.positives + cell.negatives)),
      0,
    ) / n
  return {
    inTheLarge: positives / n - predicted,
    slope: fit.coefficients[0] ?? 0,
    intercept: fit.intercept,
    expectedError,
    n,
  }
}

function logOdds(p: number): number {
  const inside = Math.min(Math.max(p, 1e-6), 1 - 1e-6)
  return Math.log(inside / (1 - inside))
}
