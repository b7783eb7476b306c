/** Beta and F distributions: exact intervals of shares and ratios of variances. */
import {
  notFinite,
  notInsideUnit,
  notParameter,
  notShare,
  representable,
} from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import * as raw from './raw/incomplete-beta.ts'
import * as quantiles from './raw/quantiles.ts'

/** Shapes a, b > 0: mean a/(a+b). */
export type BetaShape = { readonly a: number; readonly b: number }

/** Numerator and denominator degrees of freedom, both > 0. */
export type FShape = { readonly df1: number; readonly df2: number }

/**
 * Density of the beta distribution at 0 < x < 1. Refuses x at or outside 0 and 1 and shapes ≤ 0.
 * Source: DLMF 8.17; Abramowitz & Stegun (1964) 26.5, 26.6.
 * @example
 * betaPdf({ x: 0.3, a: 2, b: 5 }) // 2.1609
 */
export function betaPdf({ x, a, b }: BetaShape & { x: number }): number | Refusal {
  return (
    notInsideUnit('betaPdf', { x }) ??
    notParameter('betaPdf', { a, b }) ??
    representable('betaPdf', raw.betaDensity(a, b, x))
  )
}

/**
 * P(X ≤ x) of the beta distribution, 0 ≤ x ≤ 1.
 * Refuses x outside 0–1 and shapes ≤ 0. Continued fraction of I_x(a, b) (DLMF 8.17.22).
 * Source: DLMF 8.17; Abramowitz & Stegun (1964) 26.5, 26.6.
 * @example
 * betaCdf({ x: 0.3, a: 2, b: 5 }) // 0.579825
 */
export function betaCdf({ x, a, b }: BetaShape & { x: number }): number | Refusal {
  return notShare('betaCdf', { x }) ?? notParameter('betaCdf', { a, b }) ?? raw.betaLower(a, b, x)
}

/**
 * P(X > x) of the beta distribution, all digits kept in the upper tail. Refuses as `betaCdf`.
 * Source: DLMF 8.17; Abramowitz & Stegun (1964) 26.5, 26.6.
 * @example
 * betaUpper({ x: 0.3, a: 2, b: 5 }) // 0.420175
 */
export function betaUpper({ x, a, b }: BetaShape & { x: number }): number | Refusal {
  return notShare('betaUpper', { x }) ?? notParameter('betaUpper', { a, b }) ?? raw.betaUpper(a, b, x)
}

/**
 * x with P(X ≤ x) = p of the beta distribution, 0 < p < 1. Refuses p at or outside 0 and 1 and shapes ≤ 0.
 * Source: DLMF 8.17; Abramowitz & Stegun (1964) 26.5, 26.6.
 * @example
 * betaQuantile({ p: 0.975, a: 1, b: 20 }) // 0.168433470983085
 */
export function betaQuantile({ p, a, b }: BetaShape & { p: number }): number | Refusal {
  return (
    notInsideUnit('betaQuantile', { p }) ??
    notParameter('betaQuantile', { a, b }) ??
    quantiles.betaQuantile(a, b, { p, q: 1 - p })
  )
}

/**
 * P(F ≤ f) of the F distribution, f ≥ 0. Refuses a negative f and degrees of freedom ≤ 0. I_{d1·f/(d1·f+d2)}(d1/2, d2/2).
 * Source: DLMF 8.17; Abramowitz & Stegun (1964) 26.5, 26.6.
 * @example
 * fCdf({ f: 4, df1: 2, df2: 20 }) // 0.965428386966392
 */
export function fCdf({ f, df1, df2 }: FShape & { f: number }): number | Refusal {
  return checked('fCdf', f, { df1, df2 }) ?? tails(f, df1, df2).lower
}

/**
 * P(F > f): the p-value of an F test, all digits kept in the upper tail. Refuses as `fCdf`.
 * Source: DLMF 8.17; Abramowitz & Stegun (1964) 26.5, 26.6.
 * @example
 * fUpper({ f: 4, df1: 2, df2: 20 }) // 0.034571613033608
 */
export function fUpper({ f, df1, df2 }: FShape & { f: number }): number | Refusal {
  return checked('fUpper', f, { df1, df2 }) ?? tails(f, df1, df2).upper
}

/**
 * f with P(F ≤ f) = p, 0 < p < 1. Refuses p at or outside 0 and 1 and degrees of freedom ≤ 0.
 * Source: DLMF 8.17; Abramowitz & Stegun (1964) 26.5, 26.6.
 * @example
 * fQuantile({ p: 0.95, df1: 2, df2: 20 }) // 3.49282847674
 */
export function fQuantile({ p, df1, df2 }: FShape & { p: number }): number | Refusal {
  return (
    notInsideUnit('fQuantile', { p }) ??
    notParameter('fQuantile', { df1, df2 }) ??
    representable('fQuantile', quantiles.fQuantile(df1, df2, { p, q: 1 - p }))
  )
}

function tails(f: number, df1: number, df2: number) {
  const ratio = (df1 * f) / df2
  return raw.betaTails(df1 / 2, df2 / 2, ratio / (1 + ratio), 1 / (1 + ratio))
}

function checked(where: string, f: number, df: FShape): Refusal | undefined {
  const refused = notFinite(where, { f }) ?? notParameter(where, df)
  if (refused) return refused
  return f < 0 ? refuse('out-of-range', `[${where}] f is ${f}; it must be at least 0.`) : undefined
}
