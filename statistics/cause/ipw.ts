/** Inverse probability weighting: make treated and untreated rows stand for the same people. */
import { isRefusal, type Refusal } from '#statistics/refusal.ts'
import {
  augmentedInfluence,
  type EffectEstimate,
  type Influence,
  type ModelledStratum,
  reportEffect,
  residual,
  type Target,
  targetWeights,
} from './effect-of-strata.ts'
import { modelledStrata } from './modelled-strata.ts'
import { type EffectCell, type Overlap, strataOfCells } from './strata-of-cells.ts'

export type IpwOptions = {
  readonly cells: readonly EffectCell[]
  /** P(treated | stratum) of a model; the strata's own shares unless given. */
  readonly propensities?: Readonly<Record<string, number>>
  /** Propensities are bounded to [trim, 1 − trim]. Default 0 = untouched. */
  readonly trim?: number
  /** Default `everybody`. */
  readonly target?: Target
  /** Without propensities: what to do with strata of one side. Default `require`. */
  readonly overlap?: Overlap
  /** Default 0.95. */
  readonly confidence?: number
}

/**
 * Effect of a treatment by weighting each row with 1/P(its own treatment | stratum), weights normalised on each side (Hájek).
 * Takes n, Σy, Σy² per stratum and side, and the propensity of each stratum if a model gives one; answers in the unit of y.
 * With the strata's own shares it equals the g-formula. With given propensities the standard error takes them as known,
 * which is too wide rather than too narrow for `everybody`.
 * Refuses what `gFormula` refuses, a propensity that is missing or not strictly between 0 and 1.
 * Formula: Σ_treated w y/Σ w − Σ_untreated w y/Σ w, w = 1/e and 1/(1−e); treated target: 1 and e/(1−e).
 * Source: Horvitz & Thompson 1952; Hájek 1971; Lunceford & Davidian, Statistics in Medicine 23 (2004).
 * @example
 * const cell = (stratum, treated, n, sum) => ({ stratum, treated, n, sum, sumOfSquares: sum })
 * const cells = [cell('0', false, 4, 1), cell('0', true, 4, 1), cell('1', false, 3, 2), cell('1', true, 9, 6)]
 * ipw({ cells }).difference.value // 0
 * ipw({ cells, propensities: { 0: 0.4, 1: 0.8 } }).treatedMean // 0.470588
 */
export function ipw({
  cells,
  propensities,
  trim = 0,
  target = 'everybody',
  overlap = 'require',
  confidence = 0.95,
}: IpwOptions): EffectEstimate | Refusal {
  const read = strataOfCells('ipw', cells, propensities ? 'keep' : overlap)
  if (isRefusal(read)) return read
  const given =
    propensities && new Map(Object.entries(propensities).map(([name, propensity]) => [name, { propensity }]))
  const modelled = modelledStrata({
    where: 'ipw',
    strata: read.strata,
    models: given,
    trim,
    needs: 'propensity',
  })
  if (isRefusal(modelled)) return modelled
  const { strata, trimmed } = modelled
  const weighted = weightedMeans(strata, target)
  const influence = given ? weighted.influence : augmentedInfluence(strata, target, weighted.means)
  return reportEffect({
    where: 'ipw',
    means: weighted.means,
    influence,
    strata,
    dropped: read.dropped,
    trimmed,
    confidence,
  })
}

/** Hájek means of both sides with the influence of rows whose weights are known. */
function weightedMeans(
  strata: readonly ModelledStratum[],
  target: Target,
): { means: [number, number]; influence: Influence } {
  const sides = (['treated', 'untreated'] as const).map((side) => {
    const weighted = strata.map((stratum) => ({
      cell: stratum[side],
      weight: targetWeights(stratum, target)[side],
    }))
    const total = weighted.reduce((sum, { cell, weight }) => sum + weight * cell.n, 0)
    const mean = weighted.reduce((sum, { cell, weight }) => sum + weight * cell.sum, 0) / total
    const squares = weighted.reduce(
      (sum, { cell, weight }) => sum + weight ** 2 * residual(cell, mean).squares,
      0,
    )
    return { mean, variance: squares / total ** 2 }
  })
  const [high, low] = sides
  return {
    means: [high?.mean ?? 0, low?.mean ?? 0],
    influence: { high: high?.variance ?? 0, low: low?.variance ?? 0, both: 0 },
  }
}
