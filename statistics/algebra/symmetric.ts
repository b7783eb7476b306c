/** Decompositions of symmetric matrices: eigenvalues for collinearity and relative weights, Cholesky's factor for draws and solves. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { type MatrixRows, notSymmetric } from './matrix-checks.ts'

export type SymmetricEigen = {
  /** Largest first. */
  readonly values: number[]
  /** Column k is the unit eigenvector of value k; the sign makes its largest entry positive. */
  readonly vectors: number[][]
}

/**
 * Eigenvalues (largest first) and orthonormal eigenvectors (columns) of a symmetric n × n matrix.
 * Refuses a matrix that is not square, not finite or not symmetric.
 * Source: Golub & Van Loan, Matrix Computations (2013) 4.2, 8.3.
 * @example
 * symmetricEigen([[2, 1], [1, 2]]).values // [3, 1]
 */
export function symmetricEigen(a: MatrixRows): SymmetricEigen | Refusal {
  const refused = notSymmetric('symmetricEigen', a)
  if (refused) return refused
  const largest = Math.max(...a.map((row) => Math.max(...row.map(Math.abs)))) || 1
  const decomposed = new EigenvalueDecomposition(scaled(a, largest), { assumeSymmetric: true })
  const order = decomposed.realEigenvalues.map((_, k) => k)
  order.sort((p, q) => (decomposed.realEigenvalues[q] ?? 0) - (decomposed.realEigenvalues[p] ?? 0))
  const columns = order.map((k) => pointedUp(decomposed.eigenvectorMatrix.getColumn(k)))
  return {
    values: order.map((k) => (decomposed.realEigenvalues[k] ?? 0) * largest),
    vectors: a.map((_, i) => columns.map((column) => column[i] ?? 0)),
  }
}

/**
 * Lower triangular L with L Lᵀ = A, for a symmetric positive definite n × n matrix.
 * Refuses a matrix that is not square, finite, symmetric or positive definite.
 * Source: Golub & Van Loan, Matrix Computations (2013) 4.2, 8.3.
 * @example
 * cholesky([[4, 2], [2, 5]]) // [[2, 0], [1, 2]]
 */
export function cholesky(a: MatrixRows): number[][] | Refusal {
  const refused = notSymmetric('cholesky', a)
  if (refused) return refused
  const lower = a.map((row) => row.map(() => 0))
  for (const [j, column] of a.entries()) {
    const pivot = (column[j] ?? 0) - partial(lower, j, j, j)
    if (!(pivot > 1e-14 * (column[j] ?? 0)))
      return refuse(
        'singular',
        `[cholesky] pivot ${j} is ${pivot}; the matrix is not positive definite: drop or merge a column.`,
      )
    const root = Math.sqrt(pivot)
    for (let i = j; i < a.length; i++) {
      const row = lower[i]
      if (row) row[j] = i === j ? root : ((a[i]?.[j] ?? 0) - partial(lower, i, j, j)) / root
    }
  }
  return lower
}

/** Σ_{k < m} L_ik L_jk. */
function partial(lower: readonly (readonly number[])[], i: number, j: number, m: number): number {
  let sum = 0
  for (let k = 0; k < m; k++) sum += (lower[i]?.[k] ?? 0) * (lower[j]?.[k] ?? 0)
  return sum
}

function pointedUp(vector: number[]): number[] {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
  return largest < 0 ? vector.map((value) => -value) : vector
}

/** In units of the largest entry; entries that vanish beside it are 0, since their quotients would overflow. */
function scaled(a: MatrixRows, largest: number): Matrix {
  return new Matrix(
    a.map((row) => row.map((value) => (Math.abs(value) < 1e-150 * largest ? 0 : value / largest))),
  )
}
