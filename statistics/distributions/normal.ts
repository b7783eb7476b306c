/** The standard normal distribution and the error function: the base of every large-sample interval. */
import { notFinite, notInsideUnit } from '#statistics/argument-checks.ts'
import type { Refusal } from '#statistics/refusal.ts'
import * as raw from './raw/normal.ts'

/**
 * Density of the standard normal at z.
 * Refuses a z that is not finite. φ(z) = e^(−z²/2)/√(2π).
 * Source: Abramowitz & Stegun (1964) ch. 7 and 26.2.
 * @example
 * normalPdf(1) // 0.241970724519143
 */
export function normalPdf(z: number): number | Refusal {
  return notFinite('normalPdf', { z }) ?? raw.normalPdf(z)
}

/**
 * P(Z ≤ z) of the standard normal, all digits kept in the lower tail.
 * Refuses a z that is not finite. Power series below |z| = 2.75, Laplace's continued fraction for Mills' ratio above
 * (Abramowitz & Stegun 26.2.11, 26.2.14).
 * Source: Abramowitz & Stegun (1964) ch. 7 and 26.2.
 * @example
 * normalCdf(1.2345) // 0.891491676637
 * normalCdf(-8) // 6.22096057427178e-16
 */
export function normalCdf(z: number): number | Refusal {
  return notFinite('normalCdf', { z }) ?? raw.normalCdf(z)
}

/**
 * P(Z > z) of the standard normal, all digits kept in the upper tail.
 * Refuses a z that is not finite. Source as `normalCdf`.
 * Source: Abramowitz & Stegun (1964) ch. 7 and 26.2.
 * @example
 * normalUpper(8) // 6.22096057427178e-16
 */
export function normalUpper(z: number): number | Refusal {
  return notFinite('normalUpper', { z }) ?? raw.normalUpper(z)
}

/**
 * z with P(Z ≤ z) = p, for 0 < p < 1.
 * Refuses p at or outside 0 and 1. Start of Abramowitz & Stegun 26.2.23, polished by Newton's steps on ln Φ.
 * Source: Abramowitz & Stegun (1964) ch. 7 and 26.2.
 * @example
 * normalQuantile(0.975) // 1.95996398454005
 * normalQuantile(1e-10) // -6.36134090240406
 */
export function normalQuantile(p: number): number | Refusal {
  return notInsideUnit('normalQuantile', { p }) ?? raw.normalQuantile(p)
}

/**
 * Error function, (2/√π) ∫₀ˣ e^(−t²) dt. Refuses an x that is not finite. DLMF 7.2.
 * Source: Abramowitz & Stegun (1964) ch. 7 and 26.2.
 * @example
 * erf(0.5) // 0.520499877813047
 */
export function erf(x: number): number | Refusal {
  return notFinite('erf', { x }) ?? raw.erf(x)
}

/**
 * Complementary error function 1 − erf(x), all digits kept for large x. Refuses an x that is not finite. DLMF 7.2.
 * Source: Abramowitz & Stegun (1964) ch. 7 and 26.2.
 * @example
 * erfc(5) // 1.537459794428e-12
 */
export function erfc(x: number): number | Refusal {
  return notFinite('erfc', { x }) ?? raw.erfc(x)
}
