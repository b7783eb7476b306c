/** Cause: what a change did, under assumptions that are named, with the checks that go with them. */
export { aipw, type AipwOptions } from './aipw.ts'
export { type TestedEstimate } from './around.ts'
export { type Cell } from './cell.ts'
export { type BeforeAfter, didOfMeans, type DidOfMeansOptions } from './did-of-means.ts'
export {
  differenceInDifferences,
  type DidOptions,
  type DidPeriod,
  type DidResult,
} from './difference-in-differences.ts'
export { doubleMachineLearning, type DoubleMachineLearningOptions } from './double-machine-learning.ts'
export { type EffectEstimate, type Target } from './effect-of-strata.ts'
export { gFormula, type GFormulaOptions } from './g-formula.ts'
export { type ClusterCell } from './group-periods.ts'
export {
  interruptedSeries,
  type InterruptedSeriesOptions,
  type InterruptedSeriesResult,
} from './interrupted-series.ts'
export { ipw, type IpwOptions } from './ipw.ts'
export { type StratumModel } from './modelled-strata.ts'
export { type EffectCell, type Overlap } from './strata-of-cells.ts'
export { eValue, type EValue, type EValueOptions } from './e-value.ts'
export { type PlaceboOptions, type PlaceboResult, placeboRuns } from './placebo-runs.ts'
export { type RelativeRisk, relativeRisks, type RiskGroup } from './relative-risks.ts'
export { type PcEdge, type PcGraph, type PcOptions, type PcSeparation, pcSkeleton } from './pc-skeleton.ts'
export {
  directLingamBootstrap,
  type LingamBootstrapOptions,
  type LingamFrequency,
} from './direct-lingam-bootstrap.ts'
export {
  directLingam,
  type DirectLingamOptions,
  type DirectLingamResult,
  type LingamEdge,
} from './direct-lingam.ts'
