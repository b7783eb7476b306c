/** Johnson's relative weights: importance through the nearest orthogonal drivers, in closed form for any number of them. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { EigenvalueDecomposition, Matrix as Dense } from 'ml-matrix'

import { refuseCorrelations, type Correlations } from './correlations.ts'
import { tUpper } from '#statistics/distributions/raw/student.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type RelativeWeights = {
  /** One weight per driver, ≥ 0, in units of R²; they sum to R². */
  readonly weights: readonly number[]
  readonly rSquared: number
  /** With `n`: standard error of each weight. */
  readonly se?: readonly number[]
  /** With `n`: weight over standard error, and its two-sided p on n−p−1 degrees of freedom. */
  readonly t?: readonly number[]
  readonly p?: readonly number[]
}

/**
 * Johnson's relative weights (equal to Genizi's measure), the check beside LMG.
 *
 * Weights are ≥ 0 by construction, so an interval that excludes 0 proves nothing: compare drivers with each other or with a random one.
 * Refuses what is no correlation matrix, drivers that copy each other, and an `n` without residual degrees of freedom.
 * Formula: Λ = R^½, b = Λ⁻¹r, ε = (Λ∘Λ)(b∘b); s² = (1−R²)/(n−p−1), SEⱼ² = Σₖ Λⱼₖ⁴ s⁴(2 + 4bₖ²/s²).
 * Source: Johnson, Multivar. Behav. Res. 35, 2000; Genizi, Stat. Sinica 3, 1993; standard errors as in Displayr's flipRegression.
 *
 * @example
 * const azen = { drivers: [[1, .8, .1, .3], [.8, 1, .1, .1], [.1, .1, 1, .5], [.3, .1, .5, 1]], outcome: [.6, .3, .4, .5] }
 * relativeWeights(azen).weights // [0.2907590, 0.0761198, 0.0976061, 0.1198675]
 */
export function relativeWeights(input: Correlations & { readonly n?: number }): RelativeWeights | Refusal {
  const refusal = refuseCorrelations('relativeWeights', input)
  if (refusal) return refusal
  const { root, inverseRoot } = squareRoots(input.drivers)
  const b = inverseRoot.map((row) => dot(row, input.outcome))
  const squares = b.map((value) => value * value)
  const weights = root.map((row) =>
    dot(
      row.map((value) => value * value),
      squares,
    ),
  )
  const rSquared = squares.reduce((sum, value) => sum + value, 0)
  if (input.n === undefined) return { weights, rSquared }
  const df = input.n - b.length - 1
  if (!(df > 0) || !Number.isFinite(df))
    return refuse(
      'too-few',
      `[relativeWeights] n ${input.n} with ${b.length} drivers leaves ${df} degrees of freedom; standard errors need at least 1.`,
    )
  const variance = Math.max(0, 1 - rSquared) / df
  const spread = squares.map((square) => 2 * variance ** 2 + 4 * square * variance)
  const se = root.map((row) =>
    Math.sqrt(
      dot(
        row.map((value) => value ** 4),
        spread,
      ),
    ),
  )
  if (se.some((value) => value === 0))
    return refuse(
      'no-variance',
      `[relativeWeights] the drivers explain all of the outcome; no error is left to measure.`,
    )
  const t = weights.map((weight, j) => weight / (se[j] ?? 1))
  return { weights, rSquared, se, t, p: t.map((value) => 2 * tUpper(value, df)) }
}

/** The symmetric square root of a positive definite matrix, and its inverse. */
function squareRoots(matrix: MatrixRows): { root: number[][]; inverseRoot: number[][] } {
  const evd = new EigenvalueDecomposition(new Dense(matrix.map((row) => [...row])), { assumeSymmetric: true })
  const vectors = evd.eigenvectorMatrix
  const scaled = (power: number): number[][] =>
    vectors
      .clone()
      .mulRowVector(evd.realEigenvalues.map((value) => value ** power))
      .mmul(vectors.transpose())
      .to2DArray()
  return { root: scaled(0.5), inverseRoot: scaled(-0.5) }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)
}
