/** Student's t distribution: intervals of means with an estimated variance. */
import { notFinite, notInsideUnit, notParameter, representable } from '#statistics/argument-checks.ts'
import type { Refusal } from '#statistics/refusal.ts'
import * as quantiles from './raw/quantiles.ts'
import * as raw from './raw/student.ts'

/**
 * Density of Student's t with `df` degrees of freedom (df > 0, may be a fraction).
 * Refuses numbers that are not finite and df ≤ 0.
 * Source: Abramowitz & Stegun (1964) 26.7.
 * @example
 * tPdf(0, 1) // 0.318309886183791
 */
export function tPdf(t: number, df: number): number | Refusal {
  return checked('tPdf', t, df) ?? raw.tPdf(t, df)
}

/**
 * P(T ≤ t) of Student's t with `df` degrees of freedom.
 * Refuses numbers that are not finite and df ≤ 0. ½ I_{df/(df+t²)}(df/2, ½) for the tail (Abramowitz & Stegun 26.7.1).
 * Source: Abramowitz & Stegun (1964) 26.7.
 * @example
 * tCdf(2, 10) // 0.96330598261463
 * tCdf(-1.5, 3) // 0.115291932622
 */
export function tCdf(t: number, df: number): number | Refusal {
  return checked('tCdf', t, df) ?? raw.tCdf(t, df)
}

/**
 * P(T > t) of Student's t, all digits kept in the upper tail. Refuses as `tCdf`.
 * Source: Abramowitz & Stegun (1964) 26.7.
 * @example
 * tUpper(2, 10) // 0.036694017385
 */
export function tUpper(t: number, df: number): number | Refusal {
  return checked('tUpper', t, df) ?? raw.tUpper(t, df)
}

/**
 * t with P(T ≤ t) = p, for 0 < p < 1.
 * Refuses p at or outside 0 and 1 and df ≤ 0. Newton's method on the logarithm of the smaller tail.
 * Source: Abramowitz & Stegun (1964) 26.7.
 * @example
 * tQuantile(0.975, 7) // 2.364624251593
 * tQuantile(0.975, 1) // 12.7062047361747
 */
export function tQuantile(p: number, df: number): number | Refusal {
  return (
    notInsideUnit('tQuantile', { p }) ??
    notParameter('tQuantile', { df }) ??
    representable('tQuantile', quantiles.tQuantile(df, { p, q: 1 - p }))
  )
}

function checked(where: string, t: number, df: number): Refusal | undefined {
  return notFinite(where, { t }) ?? notParameter(where, { df })
}
