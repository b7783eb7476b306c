/** Brier score: mean squared error of predicted probabilities, taken apart. */
import type { Refusal } from '#statistics/refusal.ts'

import { pooled, refuseScores, totals, type ScoredCell } from './scored-cells.ts'

export type Brier = {
  /** Mean of (p − y)²: 0 is perfect, the base rate alone gives `uncertainty`. */
  readonly score: number
  /** Mean squared distance of predictions from what happened at that prediction; 0 is calibrated. */
  readonly reliability: number
  /** Mean squared distance of what happened at each prediction from the base rate; higher is sharper. */
  readonly resolution: number
  /** Variance of the outcome. */
  readonly uncertainty: number
  readonly n: number
}

/**
 * Mean squared error of predicted probabilities, with Murphy's three parts over the distinct predictions.
 *
 * Refuses no rows, predictions outside 0…1, and numbers that are not finite.
 * Formula: Σ(p − y)²/n = reliability − resolution + uncertainty.
 * Source: Brier 1950; Murphy, J. Appl. Meteorol. 12, 1973.
 *
 * @example
 * const cells = [{ score: 0.2, positives: 1, negatives: 4 }, { score: 0.8, positives: 3, negatives: 2 }]
 * brier(cells).score // 0.22
 * brier(cells).reliability // 0.02
 */
export function brier(cells: readonly ScoredCell[]): Brier | Refusal {
  const refusal = refuseScores('brier', cells, { probabilities: true })
  if (refusal) return refusal
  const { positives, negatives } = totals(cells)
  const n = positives + negatives
  const base = positives / n
  const parts = pooled(cells).map((cell) => {
    const size = cell.positives + cell.negatives
    const observed = cell.positives / size
    return {
      score: cell.positives * (1 - cell.score) ** 2 + cell.negatives * cell.score ** 2,
      reliability: size * (cell.score - observed) ** 2,
      resolution: size * (observed - base) ** 2,
    }
  })
  const mean = (key: 'score' | 'reliability' | 'resolution') =>
    parts.reduce((sum, part) => sum + part[key], 0) / n
  return {
    score: mean('score'),
    reliability: mean('reliability'),
    resolution: mean('resolution'),
    uncertainty: base * (1 - base),
    n,
  }
}
