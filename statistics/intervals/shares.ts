/** Intervals of a share of answers: Wilson for publishing, Clopper–Pearson where coverage must never fall short. */
import { notFinite } from '#statistics/argument-checks.ts'
import { betaQuantile } from '#statistics/distributions/raw/quantiles.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, finiteFactor, type Level, notLevel, zOf } from './level.ts'

/** `successes` of `n` answers; fractions are allowed, so that effective counts of weighted answers can be used. */
export type ShareCounts = { readonly successes: number; readonly n: number }

/**
 * Wilson score interval of a share, 0–1 (top-2-box, response rate, conversion).
 * Refuses n ≤ 0, successes outside 0…n and a population smaller than n.
 * Formula: (p + z²/2n ± z√(p(1−p)/n + z²/4n²))/(1 + z²/n); a finite population multiplies n by (N−1)/(N−n).
 * Source: Wilson (1927), JASA 22, 209–212; Newcombe (1998), Statistics in Medicine 17, 857–872, method 3.
 * @example
 * wilson({ successes: 81, n: 263 }) // { value: 0.307985, low: 0.255289, high: 0.366210 }
 * wilson({ successes: 0, n: 20 }) // { value: 0, low: 0, high: 0.161125 }
 */
export function wilson({
  successes,
  n,
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
}: ShareCounts & Level): (Estimate & { se: number }) | Refusal {
  const refused =
    notShareCounts('wilson', { successes, n }) ?? notLevel('wilson', { confidence, populationSize }, n)
  if (refused) return refused
  const value = successes / n
  const factor = finiteFactor(n, populationSize)
  const se = Math.sqrt((value * (1 - value) * factor) / n)
  if (factor === 0) return { value, n, se, low: value, high: value, confidence }
  return { value, n, se, ...wilsonLimits(value, n / factor, zOf(confidence)), confidence }
}

/** Wilson's limits for a share and a (possibly effective) n. */
export function wilsonLimits(p: number, n: number, z: number): { low: number; high: number } {
  const square = z * z
  const centre = p + square / (2 * n)
  const half = z * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n))
  const scale = 1 + square / n
  return {
    low: p <= 0 ? 0 : Math.max(0, (centre - half) / scale),
    high: p >= 1 ? 1 : Math.min(1, (centre + half) / scale),
  }
}

/**
 * Clopper–Pearson interval of a share, 0–1: coverage at least nominal for every true share, at the price of width.
 * Refuses n ≤ 0 and successes outside 0…n.
 * Formula: the ½(1−confidence) quantiles of Beta(k, n−k+1) and Beta(k+1, n−k).
 * Source: Clopper & Pearson (1934), Biometrika 26, 404–413.
 * @example
 * clopperPearson({ successes: 81, n: 263 }) // { low: 0.252737, high: 0.367622 }
 */
export function clopperPearson({
  successes,
  n,
  confidence = DEFAULT_CONFIDENCE,
}: ShareCounts & Pick<Level, 'confidence'>): Estimate | Refusal {
  const refused =
    notShareCounts('clopperPearson', { successes, n }) ?? notLevel('clopperPearson', { confidence }, n)
  if (refused) return refused
  const tail = (1 - confidence) / 2
  const rest = n - successes
  return {
    value: successes / n,
    n,
    low: successes === 0 ? 0 : betaQuantile(successes, rest + 1, { p: tail, q: 1 - tail }),
    high: rest === 0 ? 1 : betaQuantile(successes + 1, rest, { p: 1 - tail, q: tail }),
    confidence,
  }
}

export function notShareCounts(where: string, { successes, n }: ShareCounts): Refusal | undefined {
  const refused = notFinite(where, { successes, n })
  if (refused) return refused
  if (n <= 0) return refuse('too-few', `[${where}] n is ${n}; a share needs at least one answer.`)
  if (successes < 0 || successes > n)
    return refuse(
      'out-of-range',
      `[${where}] ${successes} successes of n ${n}; successes must lie between 0 and n.`,
    )
  return undefined
}
