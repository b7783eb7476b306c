/** Platt scaling: a logistic curve from scores to probabilities. */
import { notFinite } from '#statistics/argument-checks.ts'
import { isRefusal, type Refusal } from '#statistics/refusal.ts'

import { logistic, logit } from './logit.ts'
import { refuseScores, totals, type ScoredCell } from './scored-cells.ts'

export type PlattScaling = { readonly intercept: number; readonly slope: number }

/**
 * Probabilities from scores of any scale by logistic regression on targets drawn slightly inwards, so that separated scores stay finite.
 *
 * Refuses no rows, one class, a single distinct score, and numbers that are not finite.
 * Formula: P = 1/(1 + e^−(a + b·score)), targets (N₊+1)/(N₊+2) and 1/(N₋+2).
 * Source: Platt 1999; Lin, Lin, Weng, Mach. Learn. 68, 2007.
 *
 * @example
 * const cells = [{ score: 1, positives: 2, negatives: 8 }, { score: 2, positives: 5, negatives: 5 }, { score: 3, positives: 9, negatives: 1 }]
 * platt(cells) // { intercept: -2.725236, slope: 1.451129 }
 */
export function platt(cells: readonly ScoredCell[]): PlattScaling | Refusal {
  const refusal = refuseScores('platt', cells, { bothClasses: true })
  if (refusal) return refusal
  const n = totals(cells)
  const high = (n.positives + 1) / (n.positives + 2)
  const low = 1 / (n.negatives + 2)
  const fit = logit(
    cells.map(({ score, positives, negatives }) => ({
      x: [score],
      positives: positives * high + negatives * low,
      negatives: positives * (1 - high) + negatives * (1 - low),
    })),
  )
  if (isRefusal(fit)) return { ...fit, reason: fit.reason.replace('[logit]', '[platt]') }
  return { intercept: fit.intercept, slope: fit.coefficients[0] ?? 0 }
}

/**
 * The probability that a Platt scaling gives a score.
 *
 * Refuses numbers that are not finite.
 * Source: Platt 1999.
 *
 * @example
 * plattProbability({ intercept: -3, slope: 1.5 }, 2) // 0.5
 */
export function plattProbability({ intercept, slope }: PlattScaling, score: number): number | Refusal {
  return notFinite('plattProbability', { intercept, slope, score }) ?? logistic(intercept + slope * score)
}
