/** Isotonic calibration: the best rising step function from scores to probabilities. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { pooled, refuseScores, type ScoredCell } from './scored-cells.ts'

/** Scores from `from` to `to` (both included) have this probability. */
export type IsotonicStep = {
  readonly from: number
  readonly to: number
  readonly probability: number
  readonly n: number
}

/**
 * Probabilities from scores by pooling adjacent violators: no shape is assumed but that a higher score is no less likely.
 *
 * Refuses no rows and numbers that are not finite.
 * Formula: least squares under p(s) rising; neighbours that fall are merged to their weighted mean.
 * Source: Ayer et al. 1955; Zadrozny, Elkan, KDD 2002.
 *
 * @example
 * const cells = [{ score: 1, positives: 1, negatives: 3 }, { score: 2, positives: 0, negatives: 4 }, { score: 3, positives: 3, negatives: 1 }]
 * isotonic(cells).map((step) => step.probability) // [0.125, 0.75]
 */
export function isotonic(cells: readonly ScoredCell[]): readonly IsotonicStep[] | Refusal {
  const refusal = refuseScores('isotonic', cells, {})
  if (refusal) return refusal
  const blocks: { from: number; to: number; positives: number; n: number }[] = []
  for (const { score, positives, negatives } of pooled(cells)) {
    let block = { from: score, to: score, positives, n: positives + negatives }
    let before = blocks.at(-1)
    while (before && before.positives / before.n >= block.positives / block.n) {
      block = {
        from: before.from,
        to: block.to,
        positives: before.positives + block.positives,
        n: before.n + block.n,
      }
      blocks.pop()
      before = blocks.at(-1)
    }
    blocks.push(block)
  }
  return blocks.map(({ from, to, positives, n }) => ({ from, to, probability: positives / n, n }))
}

/**
 * The probability that isotonic steps give a score; between two steps it is interpolated, beyond them held.
 *
 * Refuses an empty list of steps and a score that is NaN.
 * Source: as in scikit-learn's IsotonicRegression with `out_of_bounds='clip'`.
 *
 * @example
 * isotonicProbability([{ from: 1, to: 2, probability: 0.1, n: 8 }, { from: 3, to: 3, probability: 0.7, n: 4 }], 2.5) // 0.4
 */
export function isotonicProbability(steps: readonly IsotonicStep[], score: number): number | Refusal {
  const [first] = steps
  const last = steps.at(-1)
  if (!first || !last)
    return refuse('too-few', `[isotonicProbability] there are no steps; fit isotonic first.`)
  if (Number.isNaN(score))
    return refuse('not-finite', `[isotonicProbability] the score is NaN; give a number.`)
  if (score <= first.from) return first.probability
  const next = steps.findIndex((step) => step.to >= score)
  const step = steps[next]
  if (!step) return last.probability
  const before = steps[next - 1]
  if (score >= step.from || !before) return step.probability
  const share = (score - before.to) / (step.from - before.to)
  return before.probability + share * (step.probability - before.probability)
}
