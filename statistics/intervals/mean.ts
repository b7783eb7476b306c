/** Student's t interval of a mean, from mean and standard deviation or from additive sums. */
import { LARGEST, notFinite } from '#statistics/argument-checks.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, finiteFactor, type Level, notLevel, tOf } from './level.ts'

/** A sample by its mean and standard deviation (n − 1 form), or by Σx and Σx². */
export type MeanSample =
  | { readonly n: number; readonly mean: number; readonly sd: number }
  | { readonly n: number; readonly sum: number; readonly sumOfSquares: number }

export type MeanParts = { readonly n: number; readonly mean: number; readonly variance: number }

/**
 * t interval of a mean (effort score, minutes, spend), in the unit of the data.
 * Refuses n < 2, a variance of 0 (the interval would have no width), numbers that are not finite and a population smaller than n.
 * Formula: x̄ ± t(n−1)·s/√n, times √((N−n)/(N−1)) for a finite population; s² = (Σx² − n·x̄²)/(n − 1).
 * Source: Student (1908), Biometrika 6, 1–25.
 * @example
 * tInterval({ n: 10, mean: 5, sd: 2 }) // { value: 5, se: 0.632456, low: 3.569286, high: 6.430714 }
 * tInterval({ n: 4, sum: 10, sumOfSquares: 30 }) // { value: 2.5, se: 0.645497, low: 0.445740, high: 4.554260 }
 */
export function tInterval({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...sample
}: MeanSample & Level): (Estimate & { se: number }) | Refusal {
  const parts = meanParts('tInterval', sample)
  if (isRefusal(parts)) return parts
  const { n, mean, variance } = parts
  const refused = notLevel('tInterval', { confidence, populationSize }, n)
  if (refused) return refused
  if (variance === 0)
    return refuse(
      'no-variance',
      `[tInterval] all ${n} values equal ${mean}; an interval needs values that differ.`,
    )
  const se = Math.sqrt((variance / n) * finiteFactor(n, populationSize))
  const half = tOf(confidence, n - 1) * se
  return { value: mean, n, se, low: mean - half, high: mean + half, confidence }
}

export function meanParts(where: string, sample: MeanSample): MeanParts | Refusal {
  const refused = notFinite(where, { ...sample })
  if (refused) return refused
  const { n } = sample
  if (n < 2) return refuse('too-few', `[${where}] n is ${n}; a variance needs at least two values.`)
  if ('mean' in sample) {
    if (sample.sd < 0) return refuse('out-of-range', `[${where}] sd is ${sample.sd}; it must be at least 0.`)
    return { n, mean: sample.mean, variance: sample.sd < 1 / LARGEST ? 0 : sample.sd ** 2 }
  }
  const mean = sample.sum / n
  const centred = sample.sumOfSquares - sample.sum * mean
  if (centred < -1e-9 * sample.sumOfSquares)
    return refuse('out-of-range', `[${where}] Σx² ${sample.sumOfSquares} is below (Σx)²/n; check the sums.`)
  const rounding = centred <= 1e-13 * sample.sumOfSquares || centred < 1 / LARGEST
  return { n, mean, variance: rounding ? 0 : centred / (n - 1) }
}
