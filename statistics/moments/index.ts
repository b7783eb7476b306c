/** Moments: the additive sufficient statistics behind every weight, regression and their standard errors. */
export { mergeMoments, subtractMoments } from './combine.ts'
export { emMoments, type EmSummary } from './em.ts'
export { type MomentAggregate, momentsFromAggregates } from './from-aggregates.ts'
export { type MomentRow, momentsFromRows } from './from-rows.ts'
export { MAX_VARIABLES, MomentGroup, Moments } from './moments.ts'
export {
  type Correlation,
  correlation,
  type MissingRule,
  type MomentSummary,
  summarise,
} from './summarise.ts'
