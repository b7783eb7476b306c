/** Area under the ROC curve with DeLong's standard error, on cells. */
import { normalQuantile } from '#statistics/distributions/raw/normal.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { pooled, refuseScores, totals, type ScoredCell } from './scored-cells.ts'

/**
 * The chance that a row with the outcome scores higher than one without, ties counting one half.
 *
 * Scores may have any scale. The interval is clamped to 0…1; with a single row in a class it is 0…1 and `se` is absent.
 * Refuses no rows, one class, and numbers that are not finite.
 * Formula: AUC = Mann–Whitney U/(n₊n₋); SE² = S₁₀/n₊ + S₀₁/n₋ over the placements.
 * Source: DeLong, DeLong, Clarke-Pearson, Biometrics 44, 1988.
 *
 * @example
 * const cells = [{ score: 1, positives: 1, negatives: 4 }, { score: 2, positives: 2, negatives: 2 }, { score: 3, positives: 5, negatives: 1 }]
 * auc({ cells }).value // 0.7946429
 */
export function auc({
  cells,
  confidence = 0.95,
}: {
  readonly cells: readonly ScoredCell[]
  readonly confidence?: number
}): Estimate | Refusal {
  const refusal = refuseScores('auc', cells, { bothClasses: true })
  if (refusal) return refusal
  if (!(confidence > 0 && confidence < 1))
    return refuse('out-of-range', `[auc] confidence is ${confidence}; give a share within 0…1.`)
  const { positives: up, negatives: down } = totals(cells)
  let positivesBelow = 0
  let negativesBelow = 0
  const placed = pooled(cells).map((cell) => {
    const abovePlaced = up - positivesBelow - cell.positives / 2
    const belowPlaced = negativesBelow + cell.negatives / 2
    positivesBelow += cell.positives
    negativesBelow += cell.negatives
    return { ...cell, ofPositive: belowPlaced / down, ofNegative: abovePlaced / up }
  })
  const value = placed.reduce((sum, cell) => sum + cell.positives * cell.ofPositive, 0) / up
  const n = up + down
  if (up <= 1 || down <= 1) return { value, low: 0, high: 1, confidence, n }
  const s10 =
    placed.reduce((sum, cell) => sum + cell.positives * (cell.ofPositive - value) ** 2, 0) / (up - 1)
  const s01 =
    placed.reduce((sum, cell) => sum + cell.negatives * (cell.ofNegative - value) ** 2, 0) / (down - 1)
  const se = Math.sqrt(s10 / up + s01 / down)
  const margin = normalQuantile((1 + confidence) / 2) * se
  return { value, low: Math.max(0, value - margin), high: Math.min(1, value + margin), confidence, n, se }
}
