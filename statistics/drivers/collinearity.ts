/** How far drivers say the same: variance inflation, condition number, and who shares which near-dependency. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { EigenvalueDecomposition, Matrix as Dense } from 'ml-matrix'

import { refuseCorrelations } from './correlations.ts'
import { standardized } from './standardized.ts'
import type { Refusal } from '#statistics/refusal.ts'

export type Collinearity = {
  /** Variance inflation factor of each driver; 1 = unrelated to the others, above 10 is commonly called severe. */
  readonly vif: readonly number[]
  /** Eigenvalues of the correlation matrix, largest first. */
  readonly eigenvalues: readonly number[]
  /** Largest over smallest eigenvalue. */
  readonly conditionNumber: number
  /** √(largest/k-th eigenvalue), in the order of `eigenvalues`; above 30 is commonly called severe. */
  readonly conditionIndices: readonly number[]
  /** Per eigenvalue, the share of each driver's coefficient variance that lies in it; two high shares in a small one are the near-copies. */
  readonly varianceProportions: MatrixRows
}

/**
 * Collinearity of a set of drivers from their correlations, to be read before any weight.
 *
 * Refuses what is no correlation matrix and exact copies (their VIF has no value).
 * Formula: VIFⱼ = (R⁻¹)ⱼⱼ; κ = λ₁/λₚ; proportions πₖⱼ = (vⱼₖ²/λₖ)/VIFⱼ.
 * Source: Belsley, Kuh, Welsch, Regression Diagnostics, 1980.
 *
 * @example
 * collinearity([[1, 0.8], [0.8, 1]]).vif // [2.777778, 2.777778]
 * collinearity([[1, 0.8], [0.8, 1]]).conditionNumber // 9.0000
 */
export function collinearity(drivers: MatrixRows): Collinearity | Refusal {
  const input = { drivers, outcome: drivers.map(() => 0) }
  const refusal = refuseCorrelations('collinearity', input)
  if (refusal) return refusal
  const { vif } = standardized(input)
  const evd = new EigenvalueDecomposition(new Dense(drivers.map((row) => [...row])), {
    assumeSymmetric: true,
  })
  const order = evd.realEigenvalues.map((_, k) => k).reverse()
  const eigenvalues = order.map((k) => evd.realEigenvalues[k] ?? 0)
  const largest = eigenvalues[0] ?? 1
  return {
    vif,
    eigenvalues,
    conditionNumber: largest / (eigenvalues.at(-1) ?? 1),
    conditionIndices: eigenvalues.map((value) => Math.sqrt(largest / value)),
    varianceProportions: order.map((k) =>
      vif.map((factor, j) => evd.eigenvectorMatrix.get(j, k) ** 2 / (evd.realEigenvalues[k] ?? 1) / factor),
    ),
  }
}
