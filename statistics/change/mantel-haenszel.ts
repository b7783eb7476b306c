/** The Mantel–Haenszel estimators: one comparison of two groups over all strata. */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { chiSquareUpper, normalQuantile } from '#statistics/distributions/index.ts'
import type { Interval } from '#statistics/estimate.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { type Stratum, unusableStrata } from './strata.ts'

export type MantelHaenszelOptions = {
  readonly strata: readonly Stratum[]
  /** Default 0.95. */
  readonly confidence?: number
  /** Take ½ off |Σ(observed − expected)| in the test where it is at least ½. Default true, as R does. */
  readonly continuity?: boolean
}

export type MantelHaenszel = {
  /** Odds of success in a over odds in b, common to all strata, with the Robins–Breslow–Greenland interval. */
  readonly oddsRatio: Interval & { readonly value: number }
  /** Share of a minus share of b, weighted n_a·n_b/n, with the Sato interval. */
  readonly riskDifference: Interval & { readonly value: number }
  /** Share of a over share of b, with the Greenland–Robins interval. */
  readonly riskRatio: Interval & { readonly value: number }
  /** Cochran–Mantel–Haenszel test of no association in any stratum, one degree of freedom. */
  readonly chiSquare: number
  readonly p: number
}

/**
 * One comparison of two groups over all strata, free of the strata's composition.
 * Takes successes and n per group and stratum; an interval of `confidence` (0.95) for odds ratio and risk difference.
 * Strata where one group is absent say nothing and are passed over.
 * Refuses counts that are negative, above n or not finite, when no stratum has both groups, and when a product of the
 * odds ratio is 0 (one outcome never occurs in a group).
 * Formula: OR = Σ a_i d_i/n_i / Σ b_i c_i/n_i; χ² = (|Σ(a_i − E a_i)| − ½)²/ΣVar.
 * Source: Mantel & Haenszel 1959; Robins, Breslow & Greenland 1986 (odds); Sato 1989 (difference); Greenland & Robins 1985 (ratio).
 * @example
 * const strata = [
 *   { stratum: 'new', a: { successes: 40, n: 100 }, b: { successes: 10, n: 40 } },
 *   { stratum: 'old', a: { successes: 18, n: 20 }, b: { successes: 120, n: 150 } },
 * ]
 * mantelHaenszel({ strata }).oddsRatio.value // 2.061947
 * mantelHaenszel({ strata }).chiSquare // 3.305690
 */
export function mantelHaenszel({
  strata,
  confidence = 0.95,
  continuity = true,
}: MantelHaenszelOptions): MantelHaenszel | Refusal {
  const refusal = unusableStrata('mantelHaenszel', strata)
  if (refusal) return refusal
  const z = normalQuantile((1 + confidence) / 2)
  if (isRefusal(z) || confidence <= 0)
    return refuse(
      'out-of-range',
      `[mantelHaenszel] confidence is ${confidence}; give a share between 0 and 1.`,
    )
  const tables = strata.filter(({ a, b }) => a.n > 0 && b.n > 0).map(fourfold)
  const sum = (part: (table: Fourfold) => number) => neumaierSum(tables.map(part))
  const [r, s] = [sum((t) => t.r), sum((t) => t.s)]
  const variance = sum((t) => t.variance)
  if (r === 0 || s === 0 || variance === 0)
    return refuse(
      'one-class',
      '[mantelHaenszel] one outcome never occurs in a group, in no stratum; the odds ratio is 0 or ∞.',
    )
  const excess = Math.abs(sum((t) => t.excess))
  const chiSquare = (excess - (continuity && excess >= 0.5 ? 0.5 : 0)) ** 2 / variance
  const logVariance =
    sum((t) => t.p * t.r) / (2 * r ** 2) +
    sum((t) => t.p * t.s + t.q * t.r) / (2 * r * s) +
    sum((t) => t.q * t.s) / (2 * s ** 2)
  const value = r / s
  const factor = Math.exp(z * Math.sqrt(logVariance))
  const p = chiSquareUpper(chiSquare, 1)
  return onlyFinite('mantelHaenszel', {
    oddsRatio: { value, low: value / factor, high: value * factor, confidence },
    riskDifference: sato(tables, z, confidence),
    riskRatio: greenland(tables, z, confidence),
    chiSquare,
    p: isRefusal(p) ? 1 : p,
  })
}

type Fourfold = ReturnType<typeof fourfold>

/** Terms of one stratum: a, c successes and failures of the first group, b, d of the second. */
function fourfold({ a: first, b: second }: Stratum) {
  const [a, b] = [first.successes, second.successes]
  const [c, d] = [first.n - a, second.n - b]
  const n = first.n + second.n
  return {
    a,
    b,
    n1: first.n,
    n0: second.n,
    n,
    r: (a * d) / n,
    s: (b * c) / n,
    p: (a + d) / n,
    q: (b + c) / n,
    excess: a - (first.n * (a + b)) / n,
    variance: n > 1 ? (first.n * second.n * (a + b) * (c + d)) / (n ** 2 * (n - 1)) : 0,
  }
}

/** Mantel–Haenszel risk difference with Sato's variance, which holds for few large and many small strata. */
function sato(tables: readonly Fourfold[], z: number, confidence: number) {
  const weight = neumaierSum(tables.map(({ n1, n0, n }) => (n1 * n0) / n))
  const value = neumaierSum(tables.map(({ a, b, n1, n0, n }) => (a * n0 - b * n1) / n)) / weight
  const p = neumaierSum(
    tables.map(({ a, b, n1, n0, n }) => (n1 ** 2 * b - n0 ** 2 * a + (n1 * n0 * (n0 - n1)) / 2) / n ** 2),
  )
  const q = neumaierSum(tables.map(({ a, b, n1, n0, n }) => (a * (n0 - b) + b * (n1 - a)) / (2 * n)))
  const se = Math.sqrt(Math.max(0, value * p + q)) / weight
  return { value, low: Math.max(-1, value - z * se), high: Math.min(1, value + z * se), confidence }
}

/** Mantel–Haenszel risk ratio with the variance of its logarithm by Greenland and Robins. */
function greenland(tables: readonly Fourfold[], z: number, confidence: number) {
  const first = neumaierSum(tables.map(({ a, n0, n }) => (a * n0) / n))
  const second = neumaierSum(tables.map(({ b, n1, n }) => (b * n1) / n))
  const spread = neumaierSum(tables.map(({ a, b, n1, n0, n }) => (n1 * n0 * (a + b) - a * b * n) / n ** 2))
  const value = first / second
  const factor = Math.exp(z * Math.sqrt(spread / (first * second)))
  return { value, low: value / factor, high: value * factor, confidence }
}
