/** Intervals and tests: how sure a published number is, whether two differ, and how many answers would tell. */
export { type ClusterPair, type ClusterSum, clusteredDifference, clusterMean } from './clusters.ts'
export { newcombe, npsDifference, partAgainstWhole, type SampleSums, welch } from './difference.ts'
export { type Equivalence, equivalence, type Verdict } from './equivalence.ts'
export { type Level } from './level.ts'
export { type MeanSample, tInterval } from './mean.ts'
export { benjaminiHochberg, holm } from './multiple.ts'
export { adjustedWald, type NpsEstimate, npsScore, npsWald } from './nps.ts'
export { type NpsCounts } from './nps-counts.ts'
export { pairedDifference, pairedShares } from './paired.ts'
export { type Design, meanPower, npsPower, sharePower } from './power.ts'
export { ratioDelta, ratioFieller, type RatioSums } from './ratio.ts'
export {
  clusterDesign,
  type Goal,
  type GroupSize,
  meanSampleSize,
  meanSampleSizeForMargin,
  npsSampleSize,
  npsSampleSizeForMargin,
  shareSampleSize,
  shareSampleSizeForMargin,
} from './sample-size.ts'
export { clopperPearson, type ShareCounts, wilson } from './shares.ts'
export { type Difference } from './two-sided.ts'
export {
  kish,
  type WeightedEstimate,
  weightedMean,
  weightedNps,
  weightedShare,
  type WeightedSums,
  weightedSums,
} from './weighted.ts'
