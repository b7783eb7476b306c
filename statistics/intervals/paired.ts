/** Differences within pairs: the same customer asked twice. */
import { notCount } from '#statistics/argument-checks.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, type Level, notLevel, zOf } from './level.ts'
import { type MeanSample, meanParts } from './mean.ts'
import { scoreLimit } from './nps.ts'
import { type Difference, tDifference, zTest } from './two-sided.ts'

type Confidence = Pick<Level, 'confidence'>

/**
 * Mean of paired differences (the same customer twice), with the t test. For an NPS give differences of 100, 0 and −100 points and so on.
 * Refuses fewer than two pairs, differences that are all equal and numbers that are not finite.
 * Formula: d̄ ± t(n−1)·s_d/√n.
 * Source: Student (1908), Biometrika 6, 1–25.
 * @example
 * pairedDifference({ n: 10, mean: 1.5, sd: 2 }) // { value: 1.5, se: 0.632456, statistic: 2.371708, low: 0.069286, high: 2.930714 }
 */
export function pairedDifference({
  confidence = DEFAULT_CONFIDENCE,
  ...differences
}: MeanSample & Confidence): (Difference & { df: number }) | Refusal {
  const parts = meanParts('pairedDifference', differences)
  if (isRefusal(parts)) return parts
  const refused = notLevel('pairedDifference', { confidence }, 0)
  if (refused) return refused
  const { n, mean, variance } = parts
  if (variance === 0)
    return refuse(
      'no-variance',
      '[pairedDifference] all differences are equal; a test needs values that differ.',
    )
  return { ...tDifference({ value: mean, n, se: Math.sqrt(variance / n), df: n - 1, confidence }), df: n - 1 }
}

/**
 * Difference of two paired shares (first − second), −1…1, from the counts of pairs: Tango's score interval and McNemar's test.
 * `onlyFirst` pairs have the first but not the second; `agreeing` have both or neither.
 * Refuses no pairs, counts that are not whole, and no disagreeing pair at all (nothing to test).
 * Source: Tango (1998), Statistics in Medicine 17, 891–908; McNemar (1947).
 * @example
 * pairedShares({ onlyFirst: 10, onlySecond: 2, agreeing: 38 }) // { value: 0.16, statistic: 2.309401 }
 */
export function pairedShares({
  onlyFirst,
  onlySecond,
  agreeing,
  confidence = DEFAULT_CONFIDENCE,
}: { onlyFirst: number; onlySecond: number; agreeing: number } & Confidence): Difference | Refusal {
  const refused =
    notCount('pairedShares', { onlyFirst, onlySecond, agreeing }) ??
    notLevel('pairedShares', { confidence }, 0)
  if (refused) return refused
  const n = onlyFirst + onlySecond + agreeing
  if (n === 0) return refuse('too-few', '[pairedShares] no pairs; a difference needs at least one.')
  if (onlyFirst + onlySecond === 0)
    return refuse('no-variance', '[pairedShares] no pair disagrees; a test needs at least one that does.')
  const score = (onlyFirst - onlySecond) / n
  const moved = (onlyFirst + onlySecond) / n
  const problem = { n, score, moved, z: zOf(confidence) }
  return {
    value: score,
    n,
    se: Math.sqrt((moved - score * score) / n),
    low: scoreLimit({ ...problem, side: -1 }),
    high: scoreLimit({ ...problem, side: 1 }),
    confidence,
    ...zTest((onlyFirst - onlySecond) / Math.sqrt(onlyFirst + onlySecond)),
  }
}
