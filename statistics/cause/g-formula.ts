/** The g-formula: standardise stratum means to the target's strata. */
import { isRefusal, type Refusal } from '#statistics/refusal.ts'
import {
  augmented,
  augmentedInfluence,
  type EffectEstimate,
  reportEffect,
  type Target,
} from './effect-of-strata.ts'
import { modelledStrata } from './modelled-strata.ts'
import { type EffectCell, type Overlap, strataOfCells } from './strata-of-cells.ts'

export type GFormulaOptions = {
  readonly cells: readonly EffectCell[]
  /** Default `everybody`. */
  readonly target?: Target
  /** Default `require`. */
  readonly overlap?: Overlap
  /** Default 0.95. */
  readonly confidence?: number
}

/**
 * Effect of a treatment if nothing but the strata decides who gets it: each stratum's difference, weighted by the target.
 * Takes n, Σy, Σy² per stratum and side (one GROUP BY); answers in the unit of y, a risk where y is 0/1.
 * Refuses sums that are not finite or contradict each other, nobody treated or nobody untreated, and strata with one side
 * only unless `overlap: 'restrict'`, which leaves them out and reports their share.
 * Formula: Σ_s w_s(ȳ_s1 − ȳ_s0), w_s = share of the target in s; standard error from the efficient influence function.
 * Source: Robins 1986; Hernán & Robins, Causal Inference: What If, 2.3 (the worked table); Hahn 1998 (variance).
 * @example
 * const cell = (stratum, treated, n, sum) => ({ stratum, treated, n, sum, sumOfSquares: sum })
 * const cells = [cell('0', false, 4, 1), cell('0', true, 4, 1), cell('1', false, 3, 2), cell('1', true, 9, 6)]
 * gFormula({ cells }).treatedMean // 0.5
 * gFormula({ cells }).untreatedMean // 0.5
 * gFormula({ cells }).ratio.value // 1
 */
export function gFormula({
  cells,
  target = 'everybody',
  overlap = 'require',
  confidence = 0.95,
}: GFormulaOptions): EffectEstimate | Refusal {
  const read = strataOfCells('gFormula', cells, overlap)
  if (isRefusal(read)) return read
  const modelled = modelledStrata({ where: 'gFormula', strata: read.strata, trim: 0, needs: 'everything' })
  if (isRefusal(modelled)) return modelled
  const { strata } = modelled
  const means = augmented(strata, target)
  const influence = augmentedInfluence(strata, target, means)
  return reportEffect({
    where: 'gFormula',
    means,
    influence,
    strata,
    dropped: read.dropped,
    trimmed: 0,
    confidence,
  })
}
