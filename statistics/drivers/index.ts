/** Driver analysis: which touchpoints move the outcome, by how much, and how surely. */
export { collinearity, type Collinearity } from './collinearity.ts'
export type { Correlations } from './correlations.ts'
export { dominance, type Dominance } from './dominance.ts'
export { driverSigns, type DriverSign } from './driver-signs.ts'
export { firstLastPratt, type FirstLastPratt } from './first-last-pratt.ts'
export { lmg, type Lmg, type LmgInput } from './lmg.ts'
export { relativeWeights, type RelativeWeights } from './relative-weights.ts'
