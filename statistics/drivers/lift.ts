/** Lift table: how much of the outcome the highest scores hold. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { pooled, refuseScores, totals, type ScoredCell } from './scored-cells.ts'

export type LiftGroup = {
  /** Rows of the group; equal in all groups, rows of one score are split in proportion. */
  readonly n: number
  readonly positives: number
  /** Share of the group with the outcome, and mean score. */
  readonly rate: number
  readonly meanScore: number
  /** Rate over the overall rate. */
  readonly lift: number
  /** Share of all outcomes in this group and those above it. */
  readonly cumulativeGain: number
}

/**
 * Rows ranked by score in equal groups, highest first: the decile table of a model.
 *
 * Refuses no rows, no positive at all, fewer than one group, and numbers that are not finite.
 * Formula: lift = (positives/n of the group)/(positives/n of all).
 * Source: Hastie, Tibshirani, Friedman 2009, 10; Berry, Linoff, Data Mining Techniques, 2004.
 *
 * @example
 * const cells = [{ score: 0.9, positives: 8, negatives: 2 }, { score: 0.1, positives: 2, negatives: 8 }]
 * lift({ cells, groups: 2 }).map((group) => group.lift) // [1.6, 0.4]
 */
export function lift({
  cells,
  groups = 10,
}: {
  readonly cells: readonly ScoredCell[]
  readonly groups?: number
}): readonly LiftGroup[] | Refusal {
  const refusal = refuseScores('lift', cells, {})
  if (refusal) return refusal
  const { positives, negatives } = totals(cells)
  if (positives === 0) return refuse('one-class', `[lift] no row has the outcome; lift has no base.`)
  if (!Number.isInteger(groups) || groups < 1)
    return refuse('out-of-range', `[lift] ${groups} groups; give a whole number from 1.`)
  const size = (positives + negatives) / groups
  const parts = splitEqually(pooled(cells).reverse(), size, groups)
  let gained = 0
  return onlyFinite(
    'lift',
    parts.map((part) => {
      gained += part.positives
      const rate = part.positives / size
      return {
        n: size,
        positives: part.positives,
        rate,
        meanScore: part.scores / size,
        lift: rate / (positives / (positives + negatives)),
        cumulativeGain: gained / positives,
      }
    }),
  )
}

function splitEqually(
  cells: readonly ScoredCell[],
  size: number,
  groups: number,
): { positives: number; scores: number }[] {
  const parts = Array.from({ length: groups }, () => ({ positives: 0, scores: 0 }))
  let before = 0
  for (const cell of cells) {
    const n = cell.positives + cell.negatives
    const first = Math.floor(before / size)
    for (let at = first; at < groups && at * size < before + n; at++) {
      const rows = Math.min(before + n, (at + 1) * size) - Math.max(before, at * size)
      const part = parts[at]
      if (!part || rows <= 0) continue
      part.positives += (cell.positives * rows) / n
      part.scores += cell.score * rows
    }
    before += n
  }
  return parts
}
