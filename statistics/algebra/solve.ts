/** Linear equations and inverses, scaled before they are factored so that units of measure do not decide what counts as singular. */
import { LuDecomposition, Matrix } from 'ml-matrix'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { type MatrixRows, notSquare, notVector } from './matrix-checks.ts'

/** Pivots below this share of the largest, after scaling, mean that rows depend on each other. */
const SINGULAR = 1e-13

/**
 * x with A x = b, for a square A (n × n) and b of n entries.
 * Refuses shapes that do not agree, entries that are not finite and a singular A. LU with partial pivoting of D_r A D_c, rows and columns scaled to a largest entry of 1.
 * Source: Golub & Van Loan, Matrix Computations (2013) 3.4, 3.5.
 * @example
 * solve([[2, 1], [1, 3]], [3, 5]) // [0.8, 1.4]
 */
export function solve(a: MatrixRows, b: readonly number[]): number[] | Refusal {
  const refused = notSquare('solve', a) ?? notVector('solve', b, a.length)
  if (refused) return refused
  const solved = solveColumns('solve', a, Matrix.columnVector(b))
  return isRefusal(solved) ? solved : solved.to1DArray()
}

/**
 * Inverse of a square matrix.
 * Refuses a matrix that is not square, not finite or singular.
 * Source: Golub & Van Loan, Matrix Computations (2013) 3.4, 3.5.
 * @example
 * inverse([[2, 0], [0, 4]]) // [[0.5, 0], [0, 0.25]]
 */
export function inverse(a: MatrixRows): number[][] | Refusal {
  const refused = notSquare('inverse', a)
  if (refused) return refused
  const solved = solveColumns('inverse', a, Matrix.eye(a.length))
  return isRefusal(solved) ? solved : solved.to2DArray()
}

function solveColumns(where: string, a: MatrixRows, right: Matrix): Matrix | Refusal {
  const rows = a.map((row) => Math.max(...row.map(Math.abs)))
  const columns = a.map((_, j) => Math.max(...a.map((row, i) => Math.abs(row[j] ?? 0) / (rows[i] || 1))))
  if (rows.includes(0) || columns.includes(0)) return singular(where)
  const scaled = new Matrix(
    a.map((row, i) => row.map((value, j) => value / ((rows[i] ?? 1) * (columns[j] ?? 1)))),
  )
  const lu = new LuDecomposition(scaled)
  const pivots = lu.upperTriangularMatrix.diagonal().map(Math.abs)
  if (Math.min(...pivots) < SINGULAR * Math.max(...pivots)) return singular(where)
  const solution = lu.solve(right.clone().divColumnVector(rows))
  const unscaled = solution.divColumnVector(columns)
  return unscaled.to1DArray().every(Number.isFinite) ? unscaled : singular(where)
}

function singular(where: string): Refusal {
  return refuse(
    'singular',
    `[${where}] the matrix has no inverse: a row or column depends on the others; drop or merge one.`,
  )
}
