/** The chance that one unit is truly above another, which two overlapping intervals do not tell. */
import { normalCdf } from '#statistics/distributions/raw/normal.ts'
import { betaDensity, betaTails } from '#statistics/distributions/raw/incomplete-beta.ts'
import { notFinite, notPositive } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type NormalBelief = { readonly mean: number; readonly sd: number }
export type BetaBelief = { readonly alpha: number; readonly beta: number }

/**
 * P(A > B) of two normal quantities: shrunken scores, NPS of two stores.
 *
 * Refuses numbers that are not finite, standard deviations not above 0 and a correlation outside −1…1 (or two perfectly correlated equals).
 * Formula: Φ((a − b)/√(sₐ² + s_b² − 2ρsₐs_b)).
 * Source: reproduction property of the normal distribution.
 *
 * @example
 * probabilityAbove({ a: { mean: 45, sd: 3 }, b: { mean: 40, sd: 4 } }) // 0.8413447
 */
export function probabilityAbove({
  a,
  b,
  correlation = 0,
}: {
  readonly a: NormalBelief
  readonly b: NormalBelief
  readonly correlation?: number
}): number | Refusal {
  const where = 'probabilityAbove'
  const refusal =
    notFinite(where, { meanOfA: a.mean, meanOfB: b.mean, correlation }) ??
    notPositive(where, { sdOfA: a.sd, sdOfB: b.sd })
  if (refusal) return refusal
  const variance = a.sd ** 2 + b.sd ** 2 - 2 * correlation * a.sd * b.sd
  if (Math.abs(correlation) > 1 || variance <= 0)
    return refuse(
      'out-of-range',
      `[${where}] correlation ${correlation} leaves no variance of the difference; give a value within (−1, 1).`,
    )
  return normalCdf((a.mean - b.mean) / Math.sqrt(variance))
}

/**
 * P(A > B) of two shares with Beta beliefs, such as the posteriors of `shrinkBetaBinomial` or successes + 1, failures + 1.
 *
 * Refuses parameters not above 0 or above 10⁸ and numbers that are not finite.
 * Formula: ∫ f_A(x) F_B(x) dx, by the trapezoid rule on the logit scale (error below 1e-10).
 * Source: Trefethen, Weideman, SIAM Review 56, 2014, on the trapezoid rule.
 *
 * @example
 * probabilityAboveBeta({ alpha: 2, beta: 1 }, { alpha: 1, beta: 2 }) // 0.8333333
 */
export function probabilityAboveBeta(a: BetaBelief, b: BetaBelief): number | Refusal {
  const where = 'probabilityAboveBeta'
  const named = { alphaOfA: a.alpha, betaOfA: a.beta, alphaOfB: b.alpha, betaOfB: b.beta }
  const refusal = notPositive(where, named)
  if (refusal) return refusal
  if (Math.max(...Object.values(named)) > 1e8 || Math.min(...Object.values(named)) < 1e-3)
    return refuse('out-of-range', `[${where}] a parameter lies outside 0.001…10⁸; use probabilityAbove.`)
  const narrowIsA = logitSd(a) <= logitSd(b)
  const narrow = narrowIsA ? a : b
  const wide = narrowIsA ? b : a
  const step = Math.min(0.2, logitSd(narrow) / 4)
  const start = Math.log(narrow.alpha / narrow.beta)
  const weightAt = (u: number) =>
    density(narrow, u) * betaTails(wide.alpha, wide.beta, logistic(u), logistic(-u)).lower
  let below = weightAt(start)
  let mass = density(narrow, start)
  for (const direction of [1, -1])
    for (let k = 1; k < 1e6; k++) {
      const u = start + direction * k * step
      const here = density(narrow, u)
      if (here < 1e-18 * mass) break
      below += weightAt(u)
      mass += here
    }
  const wideBelowNarrow = Math.min(1, below / mass)
  return narrowIsA ? wideBelowNarrow : 1 - wideBelowNarrow
}

function logistic(u: number): number {
  return u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u))
}

/** Density of the logit of a Beta. */
function density({ alpha, beta }: BetaBelief, u: number): number {
  if (u > 0) return density({ alpha: beta, beta: alpha }, -u)
  const x = logistic(u)
  return x < 1e-290 ? 0 : betaDensity(alpha, beta, x) * x * (1 - x)
}

function logitSd({ alpha, beta }: BetaBelief): number {
  return Math.sqrt(1 / alpha + 1 / beta)
}
