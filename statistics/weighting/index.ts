/** Weighting: making those who answered stand for all, and saying how far silence can be trusted. */
export { type BalanceRow, type BalanceTable, balanceTable, type BalanceVariable } from './balance.ts'
export {
  type Answered,
  type NonResponseBounds,
  nonResponseBounds,
  type TippingPoint,
  tippingPoint,
} from './bounds.ts'
export { type InversePropensity, inversePropensity } from './inverse-propensity.ts'
export { type MarginMap, type RakingCell } from './margins.ts'
export {
  postStratifiedMean,
  postStratifiedNps,
  type PostStratification,
  postStratify,
  type ResponseStratum,
  type StratumWeight,
} from './post-stratify.ts'
export { rake, type Raking, type RakingMargin } from './rake.ts'
