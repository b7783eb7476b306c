/** Strata with the propensity and the two means that estimators need: of models where given, else their own. */
import { refuse, type Refusal } from '#statistics/refusal.ts'
import type { ModelledStratum } from './effect-of-strata.ts'
import type { EffectStratum } from './strata-of-cells.ts'

/** What models say of one stratum; what is left out is taken from the stratum itself. */
export type StratumModel = {
  /** P(treated | stratum), strictly between 0 and 1. */
  readonly propensity?: number
  /** Predicted mean outcome of the stratum if treated, and if not. */
  readonly treatedMean?: number
  readonly untreatedMean?: number
}

type Ask = {
  readonly where: string
  readonly strata: readonly EffectStratum[]
  readonly models?: ReadonlyMap<string, StratumModel> | undefined
  /** Propensities are bounded to [trim, 1 − trim]. */
  readonly trim: number
  readonly needs: 'propensity' | 'everything'
}

/** Refuses a stratum without model when there are models, and what neither model nor stratum can tell. */
export function modelledStrata({
  where,
  strata,
  models,
  trim,
  needs,
}: Ask): { strata: ModelledStratum[]; trimmed: number } | Refusal {
  if (!(trim >= 0 && trim < 0.5))
    return refuse('out-of-range', `[${where}] trim is ${trim}; give 0 ≤ trim < 0.5.`)
  const result: ModelledStratum[] = []
  let trimmed = 0
  for (const { stratum, treated, untreated } of strata) {
    const model = models?.get(stratum)
    if (models && !model)
      return refuse(
        'mismatch',
        `[${where}] stratum "${stratum}" has no model; give one for every stratum with rows.`,
      )
    const raw = model?.propensity ?? treated.n / (treated.n + untreated.n)
    const propensity = Math.min(1 - trim, Math.max(trim, raw))
    if (propensity !== raw) trimmed += treated.n + untreated.n
    const treatedMean = model?.treatedMean ?? treated.sum / treated.n
    const untreatedMean = model?.untreatedMean ?? untreated.sum / untreated.n
    if (!(propensity > 0 && propensity < 1))
      return refuse(
        'out-of-range',
        `[${where}] stratum "${stratum}" has propensity ${propensity}; it must be between 0 and 1, neither included.`,
      )
    if (needs === 'everything' && !(Number.isFinite(treatedMean) && Number.isFinite(untreatedMean)))
      return refuse(
        'empty-cell',
        `[${where}] stratum "${stratum}" predicts ${treatedMean} and ${untreatedMean}; a side without rows needs a model.`,
      )
    result.push({ treated, untreated, propensity, treatedMean, untreatedMean })
  }
  return { strata: result, trimmed }
}
