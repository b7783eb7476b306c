/** Inverse-propensity weights for response bias, trimmed so that no rare respondent decides the result. */
import { notInsideUnit, notPositive } from '#statistics/argument-checks.ts'
import { neumaierSum } from '#statistics/algebra/index.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type InversePropensity = {
  /** One weight per respondent, in the order given; they sum to `total`. */
  readonly weights: readonly number[]
  /** Largest weight before rescaling. */
  readonly trimmedAt: number
  /** Respondents whose weight was lowered. */
  readonly trimmed: number
  readonly effectiveN: number
  readonly designEffect: number
}

/**
 * Weights 1/π̂ of respondents from their estimated response propensities, trimmed at a quantile and rescaled to `total` (default the number of respondents).
 * Use in `weightedMean`, `weightedShare` or `weightedNps`; accept only after `balanceTable` says that what is known of everybody balances.
 * Refuses no respondents, propensities at 0 or above 1, a trim quantile at or outside 0 and 1, and total ≤ 0. `trim: 1` is not needed: leave it out to trim at .99.
 * Formula: w = min(1/π̂, quantile of 1/π̂ at `trim`), then w·total/Σw (Hájek).
 * Source: Rosenbaum (1987), JASA 82, 387–394; Potter (1990) on trimming.
 * @example
 * inversePropensity({ propensities: [0.5, 0.5, 0.25, 0.25], trim: 0.9 }).weights // [0.666667, 0.666667, 1.333333, 1.333333]
 */
export function inversePropensity({
  propensities,
  trim = 0.99,
  total = propensities.length,
}: {
  propensities: readonly number[]
  trim?: number
  total?: number
}): InversePropensity | Refusal {
  if (propensities.length === 0)
    return refuse('too-few', '[inversePropensity] no respondents; give at least one propensity.')
  const refused = notInsideUnit('inversePropensity', { trim }) ?? notPositive('inversePropensity', { total })
  if (refused) return refused
  for (const [i, propensity] of propensities.entries())
    if (!(propensity > 0 && propensity <= 1))
      return refuse(
        'out-of-range',
        `[inversePropensity] propensity ${i} is ${propensity}; a respondent's propensity lies above 0 and at most at 1.`,
      )
  const raw = propensities.map((propensity) => 1 / propensity)
  const trimmedAt = quantile(raw, trim)
  const kept = raw.map((weight) => Math.min(weight, trimmedAt))
  const scale = total / neumaierSum(kept)
  const weights = kept.map((weight) => weight * scale)
  const effectiveN = total ** 2 / neumaierSum(weights.map((weight) => weight * weight))
  return {
    weights,
    trimmedAt,
    trimmed: raw.filter((weight) => weight > trimmedAt).length,
    effectiveN,
    designEffect: weights.length / effectiveN,
  }
}

/** Linear interpolation between order statistics (R type 7). */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = p * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? 0
  const high = sorted[Math.ceil(place)] ?? low
  return low + (place - Math.floor(place)) * (high - low)
}
