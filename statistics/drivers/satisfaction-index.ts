/** Customer satisfaction index: weighted item means on a scale of 0 to 100. */
import { normalQuantile } from '#statistics/distributions/raw/normal.ts'
import type { MatrixRows } from '#statistics/algebra/index.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

/**
 * A CSI in the manner of ACSI: item means rescaled to 0–100 and weighted with unstandardised PLS weights (`indexWeights`).
 *
 * Weights need not sum to 1. With the covariance matrix of the items and n it carries a standard error and interval (weights taken as known), clamped to 0…100.
 * Refuses no item, lists of different length, means outside the scale, negative or all-zero weights, n below 2, and numbers that are not finite.
 * Formula: 100·Σwᵢ(x̄ᵢ − low)/((high − low)·Σwᵢ).
 * Source: Fornell, Johnson, Anderson, Cha, Bryant, J. Marketing 60, 1996; equal weights give (Σx̄ − 3)/27·100 for three 1–10 items.
 *
 * @example
 * satisfactionIndex({ means: [8, 7, 7.5], weights: [1, 1, 1], low: 1, high: 10 }).value // 72.22222
 */
export function satisfactionIndex({
  means,
  weights,
  low,
  high,
  sample,
  confidence = 0.95,
}: {
  readonly means: readonly number[]
  readonly weights: readonly number[]
  /** Ends of the answer scale, for instance 1 and 10. */
  readonly low: number
  readonly high: number
  readonly sample?: { readonly covariance: MatrixRows; readonly n: number }
  readonly confidence?: number
}): (Omit<Estimate, 'n' | 'low' | 'high' | 'confidence'> & Partial<Estimate>) | Refusal {
  const refusal = refuseIndex(means, weights, [low, high, confidence])
  if (refusal) return refusal
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scale = 100 / ((high - low) * total)
  const value = weights.reduce((sum, weight, i) => sum + weight * ((means[i] ?? 0) - low), 0) * scale
  if (!sample) return onlyFinite('satisfactionIndex', { value })
  const { covariance, n } = sample
  if (covariance.length !== means.length || covariance.some((row) => row.length !== means.length))
    return refuse(
      'mismatch',
      `[satisfactionIndex] the covariance matrix must be ${means.length}×${means.length}.`,
    )
  const variance = weights.reduce(
    (sum, a, i) => sum + weights.reduce((inside, b, j) => inside + a * b * (covariance[i]?.[j] ?? 0), 0),
    0,
  )
  if (!(n >= 2 && variance >= 0 && Number.isFinite(variance)))
    return refuse(
      'too-few',
      `[satisfactionIndex] n ${n} with variance ${variance}; give at least 2 answers and a covariance matrix.`,
    )
  const se = scale * Math.sqrt(variance / n)
  const margin = normalQuantile((1 + confidence) / 2) * se
  return onlyFinite('satisfactionIndex', {
    value,
    se,
    n,
    low: Math.max(0, value - margin),
    high: Math.min(100, value + margin),
    confidence,
  })
}

function refuseIndex(
  means: readonly number[],
  weights: readonly number[],
  [low, high, confidence]: readonly [number, number, number],
): Refusal | undefined {
  if (means.length === 0) return refuse('too-few', `[satisfactionIndex] there is no item; give at least one.`)
  if (means.length !== weights.length)
    return refuse(
      'mismatch',
      `[satisfactionIndex] ${means.length} means for ${weights.length} weights; give one of each per item.`,
    )
  if (![...means, ...weights, low, high].every(Number.isFinite))
    return refuse('not-finite', `[satisfactionIndex] a mean or a weight is NaN or infinite.`)
  if (!(high > low) || means.some((mean) => mean < low || mean > high) || !(confidence > 0 && confidence < 1))
    return refuse(
      'out-of-range',
      `[satisfactionIndex] means must lie within the scale ${low}…${high}, confidence (${confidence}) within (0, 1).`,
    )
  if (weights.some((weight) => weight < 0) || weights.every((weight) => weight === 0))
    return refuse(
      'no-weight',
      `[satisfactionIndex] weights must be at least 0 and one above; a negative weight means an item turned the wrong way.`,
    )
  return undefined
}
