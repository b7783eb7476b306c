/** Standardised regression from correlations, the base of the simple importance measures. */
import { inverse, Matrix as Dense } from 'ml-matrix'

import type { Correlations } from './correlations.ts'

export type Standardized = {
  /** Change of the outcome, in standard deviations, per standard deviation of the driver. */
  readonly betas: readonly number[]
  /** Variance inflation factors, the diagonal of the inverse. */
  readonly vif: readonly number[]
  readonly rSquared: number
}

/** β = R⁻¹r of correlations that passed `refuseCorrelations`. */
export function standardized({ drivers, outcome }: Correlations): Standardized {
  const inverted = inverse(new Dense(drivers.map((row) => [...row])))
  const betas = inverted.mmul(Dense.columnVector([...outcome])).to1DArray()
  return {
    betas,
    vif: inverted.diagonal(),
    rSquared: betas.reduce((sum, beta, i) => sum + beta * (outcome[i] ?? 0), 0),
  }
}
