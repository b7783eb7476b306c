/** Money: how long customers stay, what they will be worth, and what a better experience returned. */
export { bgNbd, type BgNbd, type BgNbdParameters, type HistoryCell, type PurchaseHistory } from './bg-nbd.ts'
export { aliveProbability, expectedPurchases, expectedPurchasesOfNew } from './bg-nbd-forecast.ts'
export {
  contractLifetime,
  contractResidualLifetime,
  contractRetention,
  contractSurvival,
} from './contract-lifetime.ts'
export { earnedGrowth, type EarnedGrowth } from './earned-growth.ts'
export {
  expectedSpend,
  gammaGamma,
  type GammaGamma,
  type GammaGammaParameters,
  type SpendCell,
} from './gamma-gamma.ts'
export { constantLifetimeValue, purchaseLifetimeValue } from './lifetime-value.ts'
export { rox, type ExperienceMove, type Rox, type RoxLine, type Uncertain } from './rox.ts'
export { shiftedBetaGeometric, type ShiftedBetaGeometric } from './shifted-beta-geometric.ts'
