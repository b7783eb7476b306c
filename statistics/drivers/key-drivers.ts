/** Key driver analysis in one call: weights, their errors, their order, and the warnings that belong beside them. */
import type { Moments } from '#statistics/moments/index.ts'
import { isRefusal, type Refusal } from '#statistics/refusal.ts'

import { bucketJackknife, type Progress } from './bucket-jackknife.ts'
import { collinearity } from './collinearity.ts'
import { driverCorrelations, type DriverChoice } from './driver-correlations.ts'
import { driverSigns, type DriverSign } from './driver-signs.ts'
import { inseparableGroups } from './inseparable-groups.ts'
import { lmg } from './lmg.ts'
import { relativeWeights } from './relative-weights.ts'

export type KeyDriver = {
  readonly name: string
  /** LMG in units of R², its jackknife standard error and interval. */
  readonly weight: number
  readonly se: number
  readonly low: number
  readonly high: number
  /** Share of R². */
  readonly share: number
  /** Johnson's relative weight beside it: a check on the order. */
  readonly relativeWeight: number
  readonly correlation: number
  readonly sign: DriverSign
  readonly vif: number
}

export type KeyDrivers = {
  /** In the order given. */
  readonly drivers: readonly KeyDriver[]
  /** Names that cannot be told apart, heaviest first. */
  readonly groups: readonly (readonly string[])[]
  readonly rSquared: number
  readonly conditionNumber: number
  readonly n: number
  readonly buckets: number
}

/**
 * LMG weights of drivers with jackknife intervals, relative weights, signs, collinearity and groups that cannot be told apart.
 *
 * Intervals are cut at 0. `onProgress(done, total)` counts buckets.
 * Refuses what `driverCorrelations`, `lmg` and `bucketJackknife` refuse.
 * Formula: those of `lmg`, `relativeWeights`, `bucketJackknife` and `inseparableGroups`.
 * Source: Grömping, Am. Stat. 61, 2007; Tonidandel, LeBreton 2011.
 *
 * @example
 * const rows = Array.from({ length: 60 }, (_, i) => ({ values: [i % 7, (i * i) % 5, 2 * (i % 7) + ((i * 3) % 4)], bucket: i % 20 }))
 * const result = keyDrivers({ moments: momentsFromRows({ variables: ['speed', 'price', 'overall'], rows }), outcome: 'overall' })
 * result.groups[0] // ['speed']
 * result.buckets // 20
 */
export function keyDrivers({
  moments,
  outcome,
  drivers,
  missing = 'listwise',
  confidence = 0.95,
  onProgress,
}: DriverChoice & {
  readonly moments: Moments
  readonly confidence?: number
  readonly onProgress?: Progress
}): KeyDrivers | Refusal {
  const choice = { outcome, missing, ...(drivers ? { drivers } : {}) }
  const weightsOf = (part: Moments) => {
    const input = driverCorrelations({ moments: part, ...choice })
    const result = isRefusal(input) ? input : lmg(input)
    return isRefusal(result) ? result : result.weights
  }
  const input = driverCorrelations({ moments, ...choice })
  if (isRefusal(input)) return input
  const jackknife = bucketJackknife({ moments, statistic: weightsOf, confidence, onProgress })
  if (isRefusal(jackknife)) return jackknife
  const johnson = relativeWeights({ drivers: input.drivers, outcome: input.outcome })
  if (isRefusal(johnson)) return johnson
  const signs = driverSigns(input)
  if (isRefusal(signs)) return signs
  const shared = collinearity(input.drivers)
  if (isRefusal(shared)) return shared
  const alike = inseparableGroups({ ...jackknife, df: jackknife.buckets - 1, alpha: 1 - confidence })
  if (isRefusal(alike)) return alike
  const total = jackknife.values.reduce((sum, value) => sum + value, 0)
  return {
    drivers: input.names.flatMap((name, i) => {
      const sign = signs[i]
      if (!sign) return []
      const weight = jackknife.values[i] ?? 0
      return {
        name,
        weight,
        se: jackknife.se[i] ?? 0,
        low: Math.max(0, jackknife.low[i] ?? 0),
        high: jackknife.high[i] ?? 0,
        share: total > 0 ? weight / total : 0,
        relativeWeight: johnson.weights[i] ?? 0,
        correlation: input.outcome[i] ?? 0,
        sign,
        vif: shared.vif[i] ?? 1,
      }
    }),
    groups: alike.groups.map((group) => group.map((i) => input.names[i] ?? '')),
    rSquared: total,
    conditionNumber: shared.conditionNumber,
    n: input.n,
    buckets: jackknife.buckets,
  }
}
