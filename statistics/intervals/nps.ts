/** Intervals of the Net Promoter Score from counts: Wald for large samples, adjusted Wald as the default, score as the careful one. */
import type { Estimate } from '#statistics/estimate.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, finiteFactor, type Level, notLevel, zOf } from './level.ts'
import { clampNps, type NpsCounts, npsShares } from './nps-counts.ts'

/** NPS points, −100…100. */
export type NpsEstimate = Estimate & {
  readonly se: number
  /** The middle of the interval before clamping; differs from `value` where the method shrinks. */
  readonly centre: number
}

/**
 * Wald interval of an NPS from counts, in points.
 * Refuses n below 2, counts that are not whole and a population smaller than n. Never publish it for n < 30: ten promoters of ten have width 0.
 * Formula: m = (P − D)/n, v = (P + D)/n − m², se = √(v/n · (N−n)/(N−1)), m ± z·se, clamped to ±100.
 * Source: trinomial variance; Rocks (2016), arXiv 1601.07235.
 * @example
 * npsWald({ promoters: 60, passives: 25, detractors: 15 }) // { value: 45, se: 7.399324, low: 30.497591, high: 59.502409 }
 */
export function npsWald({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...counts
}: NpsCounts & Level): NpsEstimate | Refusal {
  const shares = npsShares('npsWald', counts)
  if (isRefusal(shares)) return shares
  const { n, value, score, moved } = shares
  const refused = notLevel('npsWald', { confidence, populationSize }, n)
  if (refused) return refused
  if (n < 2) return refuse('too-few', '[npsWald] n is 1; a variance needs two answers: use adjustedWald.')
  const se = Math.sqrt(((moved - score * score) / n) * finiteFactor(n, populationSize))
  return npsEstimate({ n, value, centre: score, se, confidence })
}

/**
 * Adjusted Wald interval of an NPS from counts, in points: the default of every published NPS.
 * Refuses n = 0, counts that are not whole and a population smaller than n.
 * Formula: n′ = n + 3, p′ = (P + ¾)/n′, d′ = (D + ¾)/n′, m′ = p′ − d′, se = √((p′ + d′ − m′²)/n′), m′ ± z·se, clamped to ±100
 * and widened to reach the estimate, which stays the raw NPS. A finite population multiplies n by (N−1)/(N−n).
 * Source: Rocks (2016), arXiv 1601.07235; MeasuringU, Confidence intervals for the Net Promoter Score.
 * @example
 * adjustedWald({ promoters: 60, passives: 25, detractors: 15 }) // { value: 45, centre: 43.689320, low: 29.343111, high: 58.035530 }
 * adjustedWald({ promoters: 10, passives: 0, detractors: 0 }) // { value: 100, low: 47.503552, high: 100 }
 */
export function adjustedWald({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...counts
}: NpsCounts & Level): NpsEstimate | Refusal {
  const shares = npsShares('adjustedWald', counts)
  if (isRefusal(shares)) return shares
  const refused = notLevel('adjustedWald', { confidence, populationSize }, shares.n)
  if (refused) return refused
  const factor = finiteFactor(shares.n, populationSize)
  if (factor === 0) return npsEstimate({ ...shares, centre: shares.score, se: 0, confidence })
  return npsEstimate({ ...shares, ...adjusted(shares.n / factor, shares.score, shares.moved), confidence })
}

/** Centre and standard error (shares) after three pseudo-answers: ¾ promoter, ¾ detractor, 1½ passive. */
export function adjusted(n: number, score: number, moved: number): { centre: number; se: number } {
  const grown = n + 3
  const centre = (score * n) / grown
  const variance = (moved * n + 1.5) / grown - centre * centre
  return { centre, se: Math.sqrt(variance / grown) }
}

/**
 * Score interval of an NPS from counts, in points: all scores that a score test does not reject, found by iteration.
 * Refuses n = 0, counts that are not whole and a population smaller than n.
 * Formula: the m₀ with |m − m₀| = z·√(v₀(m₀)/n), where v₀ is the trinomial variance at the maximum-likelihood shares under p − d = m₀.
 * Source: Rocks (2016), arXiv 1601.07235 (iterative score); the same set as Tango (1998), Statistics in Medicine 17, 891–908.
 * @example
 * npsScore({ promoters: 10, passives: 0, detractors: 0 }) // { value: 100, low: 44.493, high: 100 }
 */
export function npsScore({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...counts
}: NpsCounts & Level): NpsEstimate | Refusal {
  const shares = npsShares('npsScore', counts)
  if (isRefusal(shares)) return shares
  const { n, value, score, moved } = shares
  const refused = notLevel('npsScore', { confidence, populationSize }, n)
  if (refused) return refused
  const factor = finiteFactor(n, populationSize)
  const se = Math.sqrt(((moved - score * score) / n) * factor)
  const z = zOf(confidence) * Math.sqrt(factor)
  const low = scoreLimit({ n, score, moved, z, side: -1 })
  const high = scoreLimit({ n, score, moved, z, side: 1 })
  return {
    value,
    n,
    se: 100 * se,
    centre: 50 * (low + high),
    low: 100 * low,
    high: 100 * high,
    confidence,
  }
}

type ScoreProblem = { n: number; score: number; moved: number; z: number; side: 1 | -1 }

/** Bisection between the estimate and the end of the scale; limits are shares, −1…1. */
export function scoreLimit({ n, score, moved, z, side }: ScoreProblem): number {
  let inside = score
  let outside: number = side
  if (Math.abs(score - side) * Math.sqrt(n) <= z * Math.sqrt(restrictedVariance(side, score, moved)))
    return side
  for (let i = 0; i < 60; i++) {
    const middle = (inside + outside) / 2
    const accepted =
      Math.abs(score - middle) * Math.sqrt(n) <= z * Math.sqrt(restrictedVariance(middle, score, moved))
    if (accepted) inside = middle
    else outside = middle
  }
  return inside
}

/** Variance at the maximum-likelihood shares under p − d = m0: the root of Tango's quadratic for d. */
function restrictedVariance(m0: number, score: number, moved: number): number {
  const detractors = (moved - score) / 2
  const b = -moved + (2 - score) * m0
  const c = -detractors * m0 * (1 - m0)
  const d = (Math.sqrt(Math.max(0, b * b - 8 * c)) - b) / 4
  return Math.max(0, 2 * d + m0 - m0 * m0)
}

type Shape = { n: number; value: number; centre: number; se: number; confidence: number }

/** Shares to points, clamped to the scale and reaching the estimate. */
export function npsEstimate({ n, value, centre, se, confidence }: Shape): NpsEstimate {
  const half = zOf(confidence) * se
  return {
    value,
    n,
    se: 100 * se,
    centre: 100 * centre,
    low: clampNps(Math.min(value, 100 * (centre - half))),
    high: clampNps(Math.max(value, 100 * (centre + half))),
    confidence,
  }
}
