/** Augmented inverse probability weighting: right if either the outcome model or the propensity model is. */
import { isRefusal, type Refusal } from '#statistics/refusal.ts'
import {
  augmented,
  augmentedInfluence,
  type EffectEstimate,
  reportEffect,
  type Target,
} from './effect-of-strata.ts'
import { modelledStrata, type StratumModel } from './modelled-strata.ts'
import { type EffectCell, type Overlap, strataOfCells } from './strata-of-cells.ts'

export type AipwOptions = {
  readonly cells: readonly EffectCell[]
  /** Per stratum, what models say of it; the strata's own share and means unless given. */
  readonly models?: Readonly<Record<string, StratumModel>>
  /** Propensities are bounded to [trim, 1 − trim]. Default 0 = untouched. */
  readonly trim?: number
  /** Default `everybody`. */
  readonly target?: Target
  /** Without models: what to do with strata of one side. Default `require`. */
  readonly overlap?: Overlap
  /** Default 0.95. */
  readonly confidence?: number
}

/**
 * Doubly robust effect of a treatment: predictions of an outcome model for the target, corrected by weighted residuals.
 * Takes n, Σy, Σy² per stratum and side and, per stratum, propensity and predicted means of models (coarser than the
 * strata, or with fewer interactions); without models it equals the g-formula. Answers in the unit of y.
 * Missing answers are the same problem: `treated` = answered gives the mean that all would have answered as `treatedMean`.
 * Refuses what `gFormula` refuses, a stratum without model when models are given, a propensity not strictly between 0 and 1.
 * Formula: mean(m₁−m₀) + mean(A(y−m₁)/e) − mean((1−A)(y−m₀)/(1−e)); SE = √Σψ²/n, ψ its influence per row.
 * Source: Robins, Rotnitzky & Zhao, JASA 89 (1994); Glynn & Quinn, Political Analysis 18 (2010).
 * @example
 * const cell = (stratum, treated, n, sum) => ({ stratum, treated, n, sum, sumOfSquares: sum })
 * const cells = [cell('0', false, 4, 1), cell('0', true, 4, 1), cell('1', false, 3, 2), cell('1', true, 9, 6)]
 * aipw({ cells }).difference.value // 0
 * const models = { 0: { propensity: 0.4, treatedMean: 0.25, untreatedMean: 0.25 }, 1: { propensity: 0.8, treatedMean: 0.6666667, untreatedMean: 0.6666667 } }
 * aipw({ cells, models }).treatedMean // 0.5000
 */
export function aipw({
  cells,
  models,
  trim = 0,
  target = 'everybody',
  overlap = 'require',
  confidence = 0.95,
}: AipwOptions): EffectEstimate | Refusal {
  const read = strataOfCells('aipw', cells, models ? 'keep' : overlap)
  if (isRefusal(read)) return read
  const given = models && new Map(Object.entries(models))
  const modelled = modelledStrata({
    where: 'aipw',
    strata: read.strata,
    models: given,
    trim,
    needs: 'everything',
  })
  if (isRefusal(modelled)) return modelled
  const { strata, trimmed } = modelled
  const means = augmented(strata, target)
  const influence = augmentedInfluence(strata, target, means)
  return reportEffect({ where: 'aipw', means, influence, strata, dropped: read.dropped, trimmed, confidence })
}
