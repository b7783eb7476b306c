/** Means under treatment and under none from strata with models, with the variance of their influence functions. */
import { normalQuantile } from '#statistics/distributions/index.ts'
import type { Interval } from '#statistics/estimate.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { around, type TestedEstimate } from './around.ts'
import type { Cell } from './cell.ts'

/** Whose effect: everybody's, that of those who were treated, or of those who were not. */
export type Target = 'everybody' | 'treated' | 'untreated'

export type EffectEstimate = {
  /** Mean outcome of the target if all were treated, and if none were. */
  readonly treatedMean: number
  readonly untreatedMean: number
  readonly difference: TestedEstimate
  /** treatedMean/untreatedMean; null unless both are positive and the interval is finite. */
  readonly ratio: (Interval & { readonly value: number }) | null
  /** Share of rows left out because their stratum had one side only. */
  readonly dropped: number
  /** Rows whose propensity was bounded. */
  readonly trimmed: number
}

/** A stratum with what models say of it. */
export type ModelledStratum = {
  readonly treated: Cell
  readonly untreated: Cell
  readonly propensity: number
  readonly treatedMean: number
  readonly untreatedMean: number
}

/** Rows of the target in a stratum, weight of its treated and of its untreated rows. */
export function targetWeights({ treated, untreated, propensity: e }: ModelledStratum, target: Target) {
  if (target === 'treated') return { size: treated.n, treated: 1, untreated: e / (1 - e) }
  if (target === 'untreated') return { size: untreated.n, treated: (1 - e) / e, untreated: 1 }
  return { size: treated.n + untreated.n, treated: 1 / e, untreated: 1 / (1 - e) }
}

/** Augmented inverse probability weighting: model predictions for the target plus weighted residuals. */
export function augmented(strata: readonly ModelledStratum[], target: Target): [number, number] {
  let [size, high, low] = [0, 0, 0]
  for (const stratum of strata) {
    const weights = targetWeights(stratum, target)
    const { treated, untreated, treatedMean, untreatedMean } = stratum
    size += weights.size
    high += weights.size * treatedMean + weights.treated * (treated.sum - treated.n * treatedMean)
    low += weights.size * untreatedMean + weights.untreated * (untreated.sum - untreated.n * untreatedMean)
  }
  return [high / size, low / size]
}

/** Second moments of the influence functions of the two means, of which every standard error is made. */
export type Influence = { readonly high: number; readonly low: number; readonly both: number }

/** Influence of each row: [in target](m_a − μ_a) + weight·(y − m_a)·[its own side], over the target's size. */
export function augmentedInfluence(
  strata: readonly ModelledStratum[],
  target: Target,
  [mu1, mu0]: [number, number],
): Influence {
  let [size, high, low, both] = [0, 0, 0, 0]
  for (const stratum of strata) {
    const weights = targetWeights(stratum, target)
    size += weights.size
    for (const side of ['treated', 'untreated'] as const) {
      const cell = stratum[side]
      const inTarget = target === 'everybody' || target === side ? 1 : 0
      const a1 = inTarget * (stratum.treatedMean - mu1)
      const a0 = inTarget * (stratum.untreatedMean - mu0)
      const w1 = side === 'treated' ? weights.treated : 0
      const w0 = side === 'untreated' ? weights.untreated : 0
      const one = residual(cell, stratum.treatedMean)
      const zero = residual(cell, stratum.untreatedMean)
      high += cell.n * a1 ** 2 + 2 * a1 * w1 * one.sum + w1 ** 2 * one.squares
      low += cell.n * a0 ** 2 + 2 * a0 * w0 * zero.sum + w0 ** 2 * zero.squares
      both += cell.n * a1 * a0 + a0 * w1 * one.sum + a1 * w0 * zero.sum
    }
  }
  return { high: high / size ** 2, low: low / size ** 2, both: both / size ** 2 }
}

/** Σ(y − m) and Σ(y − m)² of a cell. */
export function residual({ n, sum, sumOfSquares }: Cell, m: number): { sum: number; squares: number } {
  return { sum: sum - n * m, squares: Math.max(0, sumOfSquares - 2 * m * sum + n * m * m) }
}

type Report = {
  readonly where: string
  readonly means: readonly [number, number]
  readonly influence: Influence
  readonly strata: readonly Pick<ModelledStratum, 'treated' | 'untreated'>[]
  readonly dropped: number
  readonly trimmed: number
  readonly confidence: number
}

/** Difference and ratio with intervals. */
export function reportEffect({
  where,
  means: [high, low],
  influence,
  strata,
  dropped,
  trimmed,
  confidence,
}: Report): EffectEstimate | Refusal {
  const n = strata.reduce((sum, { treated, untreated }) => sum + treated.n + untreated.n, 0)
  const se = Math.sqrt(Math.max(0, influence.high + influence.low - 2 * influence.both))
  const scale = Math.abs(high) + Math.abs(low)
  if (se <= 1e-12 * scale)
    return refuse(
      'no-variance',
      `[${where}] the outcome does not vary inside any stratum; there is no standard error.`,
    )
  const difference = around({ where, value: high - low, se, n, confidence })
  if (isRefusal(difference)) return difference
  const ratio = high > 0 && low > 0 ? ratioOf(high, low, influence, confidence) : null
  return onlyFinite(where, { treatedMean: high, untreatedMean: low, difference, ratio, dropped, trimmed })
}

/** Delta method on the logarithm. */
function ratioOf(
  high: number,
  low: number,
  influence: Influence,
  confidence: number,
): EffectEstimate['ratio'] {
  const z = normalQuantile((1 + confidence) / 2)
  if (isRefusal(z)) return null
  const variance = influence.high / high ** 2 + influence.low / low ** 2 - (2 * influence.both) / (high * low)
  const factor = Math.exp(z * Math.sqrt(Math.max(0, variance)))
  const value = high / low
  const ratio = { value, low: value / factor, high: value * factor, confidence }
  return Object.values(ratio).every(Number.isFinite) ? ratio : null
}
