/** Gamma and χ² distributions and ln Γ: variances, waiting times and the tests built on squares. */
import {
  notFinite,
  notInsideUnit,
  notParameter,
  notPositive,
  representable,
} from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import * as gammaFunction from './raw/gamma-function.ts'
import * as raw from './raw/incomplete-gamma.ts'
import * as quantiles from './raw/quantiles.ts'

/** Shape a > 0 and rate > 0 (default 1): mean a/rate, variance a/rate². */
export type GammaShape = { readonly shape: number; readonly rate?: number }

/**
 * Natural logarithm of the gamma function, x > 0.
 * Refuses x ≤ 0. Stirling's series from 10 (DLMF 5.11.1), the ζ series about 2 below (DLMF 5.7.3).
 * Source: DLMF ch. 5 and 8.
 * @example
 * logGamma(10.5) // 13.9406252194038
 */
export function logGamma(x: number): number | Refusal {
  return notPositive('logGamma', { x }) ?? gammaFunction.logGamma(x)
}

/**
 * Natural logarithm of the beta function B(a, b) = Γ(a)Γ(b)/Γ(a+b), a, b > 0. Refuses a or b ≤ 0.
 * Source: DLMF ch. 5 and 8.
 * @example
 * logBeta(2, 3) // -2.484906649788
 */
export function logBeta(a: number, b: number): number | Refusal {
  return notPositive('logBeta', { a, b }) ?? gammaFunction.logBeta(a, b)
}

/**
 * Density of the gamma distribution at x > 0.
 * Refuses x ≤ 0 (the density may be unbounded at 0) and parameters ≤ 0.
 * Source: DLMF ch. 5 and 8.
 * @example
 * gammaPdf({ x: 2, shape: 3, rate: 1 }) // 0.270670566473225
 */
export function gammaPdf({ x, shape, rate = 1 }: GammaShape & { x: number }): number | Refusal {
  return (
    notPositive('gammaPdf', { x }) ??
    notParameter('gammaPdf', { shape, rate }) ??
    representable('gammaPdf', raw.gammaDensity(shape, x * rate) * rate)
  )
}

/**
 * P(X ≤ x) of the gamma distribution, x ≥ 0.
 * Refuses a negative x and parameters ≤ 0. Series and Legendre's continued fraction for P(a, x) and Q(a, x) (DLMF 8.7.1, 8.9.2).
 * Source: DLMF ch. 5 and 8.
 * @example
 * gammaCdf({ x: 2, shape: 3 }) // 0.32332358381694
 */
export function gammaCdf({ x, shape, rate = 1 }: GammaShape & { x: number }): number | Refusal {
  return checked('gammaCdf', x, { shape, rate }) ?? raw.gammaLower(shape, x * rate)
}

/**
 * P(X > x) of the gamma distribution, all digits kept in the upper tail. Refuses as `gammaCdf`.
 * Source: DLMF ch. 5 and 8.
 * @example
 * gammaUpper({ x: 50, shape: 3 }) // 2.50930355220e-19
 */
export function gammaUpper({ x, shape, rate = 1 }: GammaShape & { x: number }): number | Refusal {
  return checked('gammaUpper', x, { shape, rate }) ?? raw.gammaUpper(shape, x * rate)
}

/**
 * x with P(X ≤ x) = p of the gamma distribution, 0 < p < 1.
 * Refuses p at or outside 0 and 1 and parameters ≤ 0.
 * Source: DLMF ch. 5 and 8.
 * @example
 * gammaQuantile({ p: 0.5, shape: 3 }) // 2.67406031372
 */
export function gammaQuantile({ p, shape, rate = 1 }: GammaShape & { p: number }): number | Refusal {
  return (
    notInsideUnit('gammaQuantile', { p }) ??
    notParameter('gammaQuantile', { shape, rate }) ??
    representable('gammaQuantile', quantiles.gammaQuantile(shape, { p, q: 1 - p }) / rate)
  )
}

/**
 * P(X ≤ x) of χ² with `df` degrees of freedom, x ≥ 0. Refuses a negative x and df ≤ 0. P(df/2, x/2).
 * Source: DLMF ch. 5 and 8.
 * @example
 * chiSquareCdf(3.84, 1) // 0.949956478751295
 */
export function chiSquareCdf(x: number, df: number): number | Refusal {
  return checked('chiSquareCdf', x, { df }) ?? raw.gammaLower(df / 2, x / 2)
}

/**
 * P(X > x) of χ²: the p-value of a χ² test. Refuses as `chiSquareCdf`.
 * Source: DLMF ch. 5 and 8.
 * @example
 * chiSquareUpper(3.84, 1) // 0.0500435212487
 */
export function chiSquareUpper(x: number, df: number): number | Refusal {
  return checked('chiSquareUpper', x, { df }) ?? raw.gammaUpper(df / 2, x / 2)
}

/**
 * x with P(X ≤ x) = p of χ², 0 < p < 1. Refuses p at or outside 0 and 1 and df ≤ 0.
 * Source: DLMF ch. 5 and 8.
 * @example
 * chiSquareQuantile(0.95, 5) // 11.0704976935164
 */
export function chiSquareQuantile(p: number, df: number): number | Refusal {
  return (
    notInsideUnit('chiSquareQuantile', { p }) ??
    notParameter('chiSquareQuantile', { df }) ??
    2 * quantiles.gammaQuantile(df / 2, { p, q: 1 - p })
  )
}

function checked(where: string, x: number, positive: Readonly<Record<string, number>>): Refusal | undefined {
  const refused = notFinite(where, { x }) ?? notParameter(where, positive)
  if (refused) return refused
  return x < 0 ? refuse('out-of-range', `[${where}] x is ${x}; it must be at least 0.`) : undefined
}
