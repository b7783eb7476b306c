/** Three simple importance measures: alone, on top of all others, and beta times correlation. */
import { refuseCorrelations, type Correlations } from './correlations.ts'
import { standardized } from './standardized.ts'
import type { Refusal } from '#statistics/refusal.ts'

export type FirstLastPratt = {
  /** R² of the driver alone. */
  readonly first: readonly number[]
  /** R² lost when the driver leaves the full model. */
  readonly last: readonly number[]
  /** Beta times correlation: sums to R², may be negative, so never a KPI weight. */
  readonly pratt: readonly number[]
  readonly rSquared: number
}

/**
 * The bounds around LMG: what a driver explains first, what it adds last, and Pratt's product between them.
 *
 * One value per driver, in units of R². Refuses what is no correlation matrix and drivers that copy each other.
 * Formula: firstⱼ = rⱼ²; lastⱼ = βⱼ²/(R⁻¹)ⱼⱼ; prattⱼ = βⱼrⱼ with β = R⁻¹r.
 * Source: Grömping, J. Stat. Softw. 17(1), 2006; Pratt 1987.
 *
 * @example
 * const azen = { drivers: [[1, .8, .1, .3], [.8, 1, .1, .1], [.1, .1, 1, .5], [.3, .1, .5, 1]], outcome: [.6, .3, .4, .5] }
 * firstLastPratt(azen).first // [0.36, 0.09, 0.16, 0.25]
 * firstLastPratt(azen).last // [0.245974, 0.070970, 0.061301, 0.010476]
 */
export function firstLastPratt(input: Correlations): FirstLastPratt | Refusal {
  const refusal = refuseCorrelations('firstLastPratt', input)
  if (refusal) return refusal
  const { betas, vif, rSquared } = standardized(input)
  return {
    first: input.outcome.map((r) => r * r),
    last: betas.map((beta, i) => beta ** 2 / (vif[i] ?? 1)),
    pratt: betas.map((beta, i) => beta * (input.outcome[i] ?? 0)),
    rSquared,
  }
}
