/** Ranking: fair comparison of units of unequal size. */
export type { BetweenVariance } from './between-variance.ts'
export type { NormalUnits } from './normal-units.ts'
export {
  probabilityAbove,
  probabilityAboveBeta,
  type BetaBelief,
  type NormalBelief,
} from './probability-above.ts'
export { rankDistribution, type RankDistribution } from './rank-distribution.ts'
export { rankIntervals, type RankInterval } from './rank-intervals.ts'
export { shrinkBetaBinomial, type CountUnit, type ShrunkShares } from './shrink-beta-binomial.ts'
export { shrinkNormal, type ShrunkNormal } from './shrink-normal.ts'
