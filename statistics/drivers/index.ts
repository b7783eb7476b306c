/** Driver analysis: which touchpoints move the outcome, by how much, and how surely. */
export { auc } from './auc.ts'
export { brier, type Brier } from './brier.ts'
export { calibration, type Calibration } from './calibration.ts'
export { collinearity, type Collinearity } from './collinearity.ts'
export type { Correlations } from './correlations.ts'
export { dominance, type Dominance } from './dominance.ts'
export { driverSigns, type DriverSign } from './driver-signs.ts'
export { firstLastPratt, type FirstLastPratt } from './first-last-pratt.ts'
export { isotonic, isotonicProbability, type IsotonicStep } from './isotonic.ts'
export { lift, type LiftGroup } from './lift.ts'
export { lmg, type Lmg, type LmgInput } from './lmg.ts'
export { logit, type BinomialCell, type Logit } from './logit.ts'
export type { OrdinalCell } from './ordinal-likelihood.ts'
export { ordinalLogit, ordinalProbabilities, type OrdinalLogit } from './ordinal-logit.ts'
export { platt, plattProbability, type PlattScaling } from './platt.ts'
export { relativeWeights, type RelativeWeights } from './relative-weights.ts'
export type { ScoredCell } from './scored-cells.ts'
export {
  bucketJackknife,
  type BucketJackknife,
  type MomentStatistic,
  type Progress,
} from './bucket-jackknife.ts'
export { driverCorrelations, type DriverChoice, type DriverCorrelations } from './driver-correlations.ts'
export { importancePerformance, type ImportancePerformance, type Quadrant } from './importance-performance.ts'
export { inseparableGroups, type InseparableGroups } from './inseparable-groups.ts'
export { kano, type Kano, type KanoCategory } from './kano.ts'
export { keyDrivers, type KeyDriver, type KeyDrivers } from './key-drivers.ts'
export { momentBootstrap, type MomentBootstrap } from './moment-bootstrap.ts'
export { ols, type Ols } from './ols.ts'
export { penaltyReward, type AttributeDummies, type PenaltyReward } from './penalty-reward.ts'
export { rankStability, type RankStability } from './rank-stability.ts'
export { ridge, ridgeAt, type Ridge, type RidgeFit } from './ridge.ts'
