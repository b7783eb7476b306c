/** Power of two-sample tests: the chance that a study of this size finds a difference of this size. */
import { notFinite, notInsideUnit, notPositive, notShare } from '#statistics/argument-checks.ts'
import { normalUpper } from '#statistics/distributions/raw/normal.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { notLevel, tOf, zOf } from './level.ts'
import { noncentralTUpper } from './noncentral-t.ts'

/** Answers per group and the two-sided level, default .05. */
export type Design = { readonly n: number; readonly alpha?: number }

/**
 * Power of the two-sided z test between two NPS of `n` answers each, for a true difference in points.
 * `variance` is (P + D)/n − m² as a share (at most 1; .6 is common), the same in both groups.
 * Refuses n below 2, a variance outside 0–1 or equal to 0, and a level at or outside 0 and 1.
 * Formula: Φ(|d|/√(2v/n) − z) + Φ(−|d|/√(2v/n) − z), d as a share.
 * Source: normal approximation; Rocks (2016) for the variance.
 * @example
 * npsPower({ n: 400, difference: 10, variance: 0.6 }) // 0.446690
 */
export function npsPower({
  n,
  difference,
  variance,
  alpha = 0.05,
}: Design & { difference: number; variance: number }): number | Refusal {
  const refused =
    notDesign('npsPower', n, alpha) ??
    notFinite('npsPower', { difference }) ??
    notShare('npsPower', { variance }) ??
    notPositive('npsPower', { variance })
  return refused ?? twoSidedPower(Math.abs(difference) / 100 / Math.sqrt((2 * variance) / n), zOf(1 - alpha))
}

/**
 * Power of the two-sided test between two shares of `n` answers each.
 * Refuses n below 2, shares at or outside 0 and 1, and a level at or outside 0 and 1.
 * Formula: Φ((√n·|p_a − p_b| − z√(2p̄(1−p̄)))/√(p_a(1−p_a) + p_b(1−p_b))).
 * Source: Fleiss, Levin & Paik (2003) 4.2; R `power.prop.test`.
 * @example
 * sharePower({ n: 50, a: 0.5, b: 0.75 }) // 0.740166
 */
export function sharePower({ n, a, b, alpha = 0.05 }: Design & { a: number; b: number }): number | Refusal {
  const refused = notDesign('sharePower', n, alpha) ?? notInsideUnit('sharePower', { a, b })
  if (refused) return refused
  const middle = (a + b) / 2
  const null_ = zOf(1 - alpha) * Math.sqrt(2 * middle * (1 - middle))
  return normalUpper((null_ - Math.sqrt(n) * Math.abs(a - b)) / Math.sqrt(a * (1 - a) + b * (1 - b)))
}

/**
 * Power of the two-sided t test between two means of `n` answers each, or with `paired` of n differences.
 * `sd` is that of the answers (of the differences when paired).
 * Refuses n below 2, sd ≤ 0, and a level at or outside 0 and 1.
 * Formula: P(T′ > t(1−α/2)) of the non-central t with δ = |d|/sd·√(n/2), df 2n − 2; paired: δ = |d|/sd·√n, df n − 1.
 * Source: Cohen (1988) ch. 2; R `power.t.test`.
 * @example
 * meanPower({ n: 20, difference: 1, sd: 1 }) // 0.868953
 */
export function meanPower({
  n,
  difference,
  sd,
  alpha = 0.05,
  paired = false,
}: Design & { difference: number; sd: number; paired?: boolean }): number | Refusal {
  const refused =
    notDesign('meanPower', n, alpha) ??
    notFinite('meanPower', { difference }) ??
    notPositive('meanPower', { sd })
  if (refused) return refused
  const df = paired ? n - 1 : 2 * n - 2
  const delta = (Math.abs(difference) / sd) * Math.sqrt(paired ? n : n / 2)
  return noncentralTUpper(tOf(1 - alpha, df), df, delta)
}

export function twoSidedPower(shift: number, z: number): number {
  return normalUpper(z - shift) + normalUpper(z + shift)
}

function notDesign(where: string, n: number, alpha: number): Refusal | undefined {
  const refused =
    notFinite(where, { n }) ??
    notInsideUnit(where, { alpha }) ??
    notLevel(where, { confidence: 1 - alpha }, 0)
  if (refused) return refused
  return n < 2 ? refuse('too-few', `[${where}] n is ${n} per group; at least 2 are needed.`) : undefined
}
