/** "No real change": two one-sided tests that a difference is smaller than what anybody would act on. */
import { notFinite, notInsideUnit, notParameter, notPositive } from '#statistics/argument-checks.ts'
import { normalUpper } from '#statistics/distributions/raw/normal.ts'
import { tUpper } from '#statistics/distributions/raw/student.ts'
import type { Refusal } from '#statistics/refusal.ts'
import { notLevel, tOf, zOf } from './level.ts'

export type Verdict =
  | 'no real change' // the 1−2α interval lies inside the margin
  | 'real change' // the 1−α interval lies outside the margin
  | 'changed, but less than matters' // it excludes 0 and lies inside the margin
  | 'cannot tell' // too few answers for either

export type Equivalence = {
  /** Larger of the two one-sided p-values; ≤ α means equivalent. */
  readonly p: number
  readonly equivalent: boolean
  readonly verdict: Verdict
  /** The 1 − 2α interval that decides. */
  readonly low: number
  readonly high: number
}

/**
 * Equivalence of a difference to 0 within ±margin (in the unit of the difference), by two one-sided tests.
 * Refuses se ≤ 0, margin ≤ 0, df ≤ 0, α at or outside 0 and 1, and numbers that are not finite. Without `df` the normal is used.
 * Formula: p = max(P(T > (d + margin)/se), P(T > (margin − d)/se)).
 * Source: Schuirmann (1987), Journal of Pharmacokinetics and Biopharmaceutics 15, 657–680.
 * @example
 * equivalence({ difference: 1, se: 1.5, margin: 5 }) // { p: 0.003830, equivalent: true, verdict: 'no real change' }
 * equivalence({ difference: 1, se: 4, margin: 5 }).verdict // 'cannot tell'
 */
export function equivalence({
  difference,
  se,
  margin,
  df,
  alpha = 0.05,
}: {
  difference: number
  se: number
  margin: number
  df?: number
  alpha?: number
}): Equivalence | Refusal {
  const refused =
    notFinite('equivalence', { difference }) ??
    notPositive('equivalence', { se, margin }) ??
    notParameter('equivalence', { df: df ?? 1 }) ??
    notInsideUnit('equivalence', { alpha, 'twice alpha': 2 * alpha }) ??
    notLevel('equivalence', { confidence: 1 - 2 * alpha }, 0)
  if (refused) return refused
  const upper = (t: number) => (df === undefined ? normalUpper(t) : tUpper(t, df))
  const p = Math.max(upper((difference + margin) / se), upper((margin - difference) / se))
  const limit = (level: number) => (df === undefined ? zOf(level) : tOf(level, df)) * se
  const half = limit(1 - 2 * alpha)
  const wide = limit(1 - alpha)
  const equivalent = p <= alpha
  return {
    p,
    equivalent,
    verdict: verdictOf({ difference: Math.abs(difference), wide, margin, equivalent }),
    low: difference - half,
    high: difference + half,
  }
}

function verdictOf({
  difference,
  wide,
  margin,
  equivalent,
}: {
  difference: number
  wide: number
  margin: number
  equivalent: boolean
}): Verdict {
  if (equivalent) return difference > wide ? 'changed, but less than matters' : 'no real change'
  return difference - wide > margin ? 'real change' : 'cannot tell'
}
