/** Algebra: decompositions over ml-matrix that say no to singular input. */
export { type LeastSquares, leastSquares } from './least-squares.ts'
export { type MatrixRows } from './matrix-checks.ts'
export { inverse, solve } from './solve.ts'
export { cholesky, type SymmetricEigen, symmetricEigen } from './symmetric.ts'
export { dot, neumaierSum } from './sum.ts'
