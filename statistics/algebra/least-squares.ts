/** Least squares by QR on scaled columns: the row-level reference beside everything that is computed from moments. */
import { Matrix, QrDecomposition } from 'ml-matrix'
import { notPositive } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { type MatrixRows, notMatrix, notVector } from './matrix-checks.ts'
import { neumaierSum } from './sum.ts'

export type LeastSquares = {
  readonly coefficients: number[]
  readonly residuals: number[]
  /** Σ w·residual². */
  readonly residualSumOfSquares: number
  /** Rows − columns. */
  readonly dfResidual: number
  /** (XᵀWX)⁻¹; times RSS/df it is the covariance of the coefficients. */
  readonly inverseGram: number[][]
}

/**
 * β that minimises Σ wᵢ(yᵢ − xᵢβ)², for X (n × p, with its own column of ones if an intercept is wanted), y (n) and optional weights (n, > 0).
 * Refuses shapes that do not agree, fewer rows than columns, dependent columns, weights ≤ 0. Householder QR of √w·X with unit columns.
 * Source: Golub & Van Loan, Matrix Computations (2013) 5.3.
 * @example
 * leastSquares({ x: [[1, 0], [1, 1], [1, 2]], y: [1, 3, 5] }).coefficients // [1, 2]
 */
export function leastSquares({
  x,
  y,
  weights,
}: {
  x: MatrixRows
  y: readonly number[]
  weights?: readonly number[]
}): LeastSquares | Refusal {
  const refused =
    notMatrix('leastSquares', x) ??
    notVector('leastSquares', y, x.length) ??
    (weights
      ? (notVector('leastSquares', weights, x.length) ??
        notPositive('leastSquares', { weight: Math.min(...weights) }))
      : undefined)
  if (refused) return refused
  const columns = x[0]?.length ?? 0
  if (x.length < columns)
    return refuse(
      'too-few',
      `[leastSquares] ${x.length} rows for ${columns} columns; give at least as many rows as columns.`,
    )
  const roots = x.map((_, i) => Math.sqrt(weights?.[i] ?? 1))
  const fit = factored(new Matrix(x.map((row, i) => row.map((value) => value * (roots[i] ?? 1)))))
  if (!fit) return refuse('singular', '[leastSquares] columns depend on each other; drop or merge one.')
  const scaledBeta = fit.qr
    .solve(Matrix.columnVector(y.map((value, i) => value * (roots[i] ?? 1))))
    .to1DArray()
  const coefficients = scaledBeta.map((value, j) => value / (fit.norms[j] ?? 1))
  const residuals = y.map(
    (value, i) => value - neumaierSum(coefficients.map((beta, j) => beta * (x[i]?.[j] ?? 0))),
  )
  return {
    coefficients,
    residuals,
    residualSumOfSquares: neumaierSum(residuals.map((e, i) => e * e * (weights?.[i] ?? 1))),
    dfResidual: x.length - columns,
    inverseGram: inverseGram(fit),
  }
}

type Factored = { readonly qr: QrDecomposition; readonly norms: readonly number[] }

function factored(design: Matrix): Factored | undefined {
  const norms = Array.from({ length: design.columns }, (_, j) => Math.hypot(...design.getColumn(j)))
  if (norms.includes(0)) return undefined
  const qr = new QrDecomposition(design.divRowVector(norms))
  const pivots = qr.upperTriangularMatrix.diagonal().map(Math.abs)
  return Math.min(...pivots) < 1e-11 ? undefined : { qr, norms }
}

/** R⁻¹R⁻ᵀ, put back into the units of the columns. */
function inverseGram({ qr, norms }: Factored): number[][] {
  const r = qr.upperTriangularMatrix
  const inverse = Matrix.eye(r.columns)
  for (let column = 0; column < r.columns; column++)
    for (let i = column; i >= 0; i--) {
      let value = i === column ? 1 : 0
      for (let k = i + 1; k <= column; k++) value -= r.get(i, k) * inverse.get(k, column)
      inverse.set(i, column, value / r.get(i, i))
    }
  return inverse
    .mmul(inverse.transpose())
    .divColumnVector([...norms])
    .divRowVector([...norms])
    .to2DArray()
}
