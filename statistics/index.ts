/** The public surface of the statistics room: every function is pure, takes plain values and answers with numbers or a refusal. */
export { type Estimate, type Interval } from './estimate.ts'
export { isRefusal, refuse, type Refusal, type RefusalCode } from './refusal.ts'
export {
  cholesky,
  inverse,
  type LeastSquares,
  leastSquares,
  type MatrixRows,
  solve,
  type SymmetricEigen,
  symmetricEigen,
} from './algebra/index.ts'
export * from './distributions/index.ts'
export * from './random/index.ts'
export * from './drivers/index.ts'
export * from './change/index.ts'
export * from './moments/index.ts'
export * from './intervals/index.ts'
export * from './monitoring/index.ts'
export * from './cause/index.ts'
export * from './money/index.ts'
export * from './weighting/index.ts'
export * from './ranking/index.ts'
export * from './disclosure/index.ts'
