/** Empirical-Bayes shrinkage of estimates with known errors: small stores move to the mean, large ones stay. */
import { normalQuantile } from '#statistics/distributions/raw/normal.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import {
  betweenBeliefs,
  betweenVariance,
  cochranQ,
  weightedMean,
  type BetweenBelief,
  type BetweenVariance,
} from './between-variance.ts'
import { refuseUnits, type NormalUnits } from './normal-units.ts'

export type ShrunkNormal = {
  /** Mean of the units' true values, and its standard error. */
  readonly mean: number
  readonly meanSe: number
  /** Variance of the true values; 0 when units differ no more than their errors. */
  readonly betweenVariance: number
  /** Cochran's Q on units − 1 degrees of freedom, and the share of variation that is not error. */
  readonly q: number
  readonly iSquared: number
  /** Per unit: shrunken value, its standard deviation and interval, and how much of its own value it kept (0–1). */
  readonly units: readonly {
    readonly value: number
    readonly sd: number
    readonly low: number
    readonly high: number
    readonly kept: number
  }[]
  readonly confidence: number
}

/**
 * Best guesses of units' true values when each is measured with its own error.
 *
 * `sd` is the root mean squared error of the shrunken value when the between-variance is uncertain too: it is averaged over the
 * restricted likelihood of τ (flat prior), so that few units, or a between-variance estimated as 0, do not feign certainty.
 * Refuses fewer than 3 units, errors not above 0, numbers that are not finite, and a REML iteration that does not settle.
 * Formula: kept k = τ²/(τ²+vᵢ), value = k·yᵢ + (1−k)μ̂; given τ the variance is k·vᵢ + (1−k)²·SE(μ̂)².
 * Source: Morris, JASA 78, 1983; DerSimonian, Laird 1986; Paule, Mandel 1982; Viechtbauer 2005 (REML); Gelman et al., Bayesian Data Analysis, 5.4 (sd).
 *
 * @example
 * const schools = { values: [28, 8, -3, 7, -1, 1, 18, 12], se: [15, 10, 16, 11, 9, 11, 10, 18] }
 * shrinkNormal(schools).mean // 7.685617
 * shrinkNormal(schools).meanSe // 4.071919
 * shrinkNormal({ values: [30, 42, 55], se: [2, 4, 3] }).units[1] // { value: 42.01957, kept: 0.9051984 }
 */
export function shrinkNormal({
  values,
  se,
  method = 'reml',
  confidence = 0.95,
}: NormalUnits & { readonly method?: BetweenVariance; readonly confidence?: number }):
  | ShrunkNormal
  | Refusal {
  const refusal = refuseUnits('shrinkNormal', { values, se }, 3)
  if (refusal) return refusal
  if (!(confidence > 0 && confidence < 1))
    return refuse('out-of-range', `[shrinkNormal] confidence is ${confidence}; give a share within (0, 1).`)
  const variances = se.map((value) => value ** 2)
  const tau2 = betweenVariance(method, { values, variances })
  if (tau2 === undefined)
    return refuse(
      'not-converged',
      `[shrinkNormal] ${method} does not settle on these units; use 'paule-mandel'.`,
    )
  const { mean, weight } = weightedMean({ values, variances }, tau2)
  const q = cochranQ({ values, variances }, 0)
  const beliefs = betweenBeliefs({ values, variances })
  const z = normalQuantile((1 + confidence) / 2)
  return onlyFinite('shrinkNormal', {
    mean,
    meanSe: Math.sqrt(1 / weight),
    betweenVariance: tau2,
    q,
    iSquared: q > 0 ? Math.max(0, (q - values.length + 1) / q) : 0,
    units: values.map((value, i) => {
      const variance = variances[i] ?? 0
      const kept = tau2 / (tau2 + variance)
      const shrunken = kept * value + (1 - kept) * mean
      const sd = Math.sqrt(squaredError(beliefs, { value, variance, shrunken }))
      return { value: shrunken, sd, low: shrunken - z * sd, high: shrunken + z * sd, kept }
    }),
    confidence,
  })
}

/** Mean squared error of a shrunken value over what the between-variance may be. */
function squaredError(
  beliefs: readonly BetweenBelief[],
  { value, variance, shrunken }: { value: number; variance: number; shrunken: number },
): number {
  return beliefs.reduce((sum, { tau2, mean, meanVariance, share }) => {
    const kept = tau2 / (tau2 + variance)
    const off = kept * value + (1 - kept) * mean - shrunken
    return sum + share * (kept * variance + (1 - kept) ** 2 * meanVariance + off ** 2)
  }, 0)
}
