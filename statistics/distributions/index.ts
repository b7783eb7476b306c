/** Distributions: densities, both tails and quantiles with at least twelve correct digits, tails included. */
export {
  betaCdf,
  betaPdf,
  betaQuantile,
  type BetaShape,
  betaUpper,
  fCdf,
  fQuantile,
  type FShape,
  fUpper,
} from './beta.ts'
export {
  binomialCdf,
  binomialPmf,
  type BinomialPoint,
  binomialQuantile,
  binomialUpper,
  poissonCdf,
  poissonPmf,
  poissonQuantile,
  poissonUpper,
} from './discrete.ts'
export {
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareUpper,
  gammaCdf,
  gammaPdf,
  gammaQuantile,
  type GammaShape,
  gammaUpper,
  logBeta,
  logGamma,
} from './gamma.ts'
export { erf, erfc, normalCdf, normalPdf, normalQuantile, normalUpper } from './normal.ts'
export { tCdf, tPdf, tQuantile, tUpper } from './student.ts'
