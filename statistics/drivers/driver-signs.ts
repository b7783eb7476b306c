/** The direction of each driver, which importance weights do not show. */
import { refuseCorrelations, type Correlations } from './correlations.ts'
import { standardized } from './standardized.ts'
import type { Refusal } from '#statistics/refusal.ts'

export type DriverSign = {
  /** Sign of the correlation with the outcome: what a chart shows. */
  readonly correlation: -1 | 0 | 1
  /** Sign of the coefficient among the other drivers. */
  readonly coefficient: -1 | 0 | 1
  /** True when both have the same sign; a weight whose signs disagree needs a second look (suppression, collinearity). */
  readonly agree: boolean
}

/**
 * The sign of each driver alone and among the others, to stand beside its weight (weights are never negative).
 *
 * Correlations below 1e-12 count as 0. Refuses what is no correlation matrix and drivers that copy each other.
 * Formula: sign(rⱼ) and sign(βⱼ), β = R⁻¹r.
 * Source: Tonidandel, LeBreton, J. Bus. Psychol. 26, 2011, on signs of relative weights.
 *
 * @example
 * driverSigns({ drivers: [[1, 0.8], [0.8, 1]], outcome: [0.6, 0.3] }) // [{ correlation: 1, coefficient: 1, agree: true }, { correlation: 1, coefficient: -1, agree: false }]
 */
export function driverSigns(input: Correlations): readonly DriverSign[] | Refusal {
  const refusal = refuseCorrelations('driverSigns', input)
  if (refusal) return refusal
  return standardized(input).betas.map((beta, i) => {
    const correlation = sign(input.outcome[i] ?? 0)
    const coefficient = sign(beta)
    return { correlation, coefficient, agree: correlation === coefficient }
  })
}

function sign(value: number): -1 | 0 | 1 {
  if (Math.abs(value) < 1e-12) return 0
  return value > 0 ? 1 : -1
}
