/** Change: what moved a number between periods or populations, in parts that sum to the change. */
export {
  adtributor,
  type AdtributorOptions,
  type Dimension,
  type DimensionBlame,
  type ElementBlame,
} from './adtributor.ts'
export { type CrossCell, crossClassified, type CrossPopulation } from './cross-classified.ts'
export {
  dasGupta,
  type DasGuptaOptions,
  type DasGuptaResult,
  type FactorRates,
  type Population,
  type RateFunction,
} from './das-gupta.ts'
export {
  kitagawa,
  type KitagawaResult,
  type SegmentChange,
  type SegmentEffect,
  type SegmentPeriod,
} from './kitagawa.ts'
export { mantelHaenszel, type MantelHaenszel, type MantelHaenszelOptions } from './mantel-haenszel.ts'
export { oaxacaBlinderOfMoments, type OaxacaOfMomentsOptions } from './oaxaca-blinder-of-moments.ts'
export {
  type GapPart,
  type GroupModel,
  oaxacaBlinder,
  type OaxacaBlinderOptions,
  type OaxacaBlinderResult,
} from './oaxaca-blinder.ts'
export { simpson, type SimpsonResult } from './simpson.ts'
export { type Share, type Stratum } from './strata.ts'
