/** Key driver analysis in one call: weights, their errors, their order, and the warnings that belong beside them. */
import type { Moments } from '#statistics/moments/index.ts'
import { isRefusal, type Refusal } from '#statistics/refusal.ts'

import { bucketJackknife, type BucketJackknife, type Progress } from './bucket-jackknife.ts'
import { collinearity } from './collinearity.ts'
import { driverCorrelations, type DriverChoice, type DriverCorrelations } from './driver-correlations.ts'
import { driverSigns, type DriverSign } from './driver-signs.ts'
import { inseparableGroups } from './inseparable-groups.ts'
import { lmg } from './lmg.ts'
import { momentBootstrap } from './moment-bootstrap.ts'
import { rankStability, type RankStability } from './rank-stability.ts'
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
  /** Where `bootstrap` was asked for: how often each driver keeps its rank. */
  readonly stability?: RankStability
  readonly rSquared: number
  readonly conditionNumber: number
  readonly n: number
  readonly buckets: number
}

/**
 * LMG weights of drivers with jackknife intervals, relative weights, signs, collinearity and groups that cannot be told apart.
 *
 * Intervals are cut at 0. `onProgress(done, total)` counts buckets, then draws.
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
  bootstrap,
  onProgress,
}: DriverChoice & {
  readonly moments: Moments
  readonly confidence?: number
  /** Draws of buckets for the stability of ranks, besides the jackknife. */
  readonly bootstrap?: { readonly seed: number; readonly draws?: number }
  readonly onProgress?: Progress
}): KeyDrivers | Refusal {
  const choice = { outcome, missing, ...(drivers ? { drivers } : {}) }
  const weightsOf = (part: Moments) => {
    const chosen = driverCorrelations({ moments: part, ...choice })
    const result = isRefusal(chosen) ? chosen : lmg(chosen)
    return isRefusal(result) ? result : result.weights
  }
  const input = driverCorrelations({ moments, ...choice })
  if (isRefusal(input)) return input
  const jackknife = bucketJackknife({ moments, statistic: weightsOf, confidence, onProgress })
  if (isRefusal(jackknife)) return jackknife
  const shared = collinearity(input.drivers)
  if (isRefusal(shared)) return shared
  const rows = driverRows(input, jackknife, shared.vif)
  if (isRefusal(rows)) return rows
  const alike = inseparableGroups({ ...jackknife, df: jackknife.buckets - 1, alpha: 1 - confidence })
  if (isRefusal(alike)) return alike
  const stability = bootstrap
    ? stabilityOf({ moments, statistic: weightsOf, ...bootstrap, onProgress })
    : undefined
  if (isRefusal(stability)) return stability
  return {
    drivers: rows,
    groups: alike.groups.map((group) => group.map((at) => input.names[at] ?? '')),
    ...(stability ? { stability } : {}),
    rSquared: jackknife.values.reduce((sum, value) => sum + value, 0),
    conditionNumber: shared.conditionNumber,
    n: input.n,
    buckets: jackknife.buckets,
  }
}

function driverRows(
  input: DriverCorrelations,
  jackknife: BucketJackknife,
  vif: readonly number[],
): KeyDriver[] | Refusal {
  const johnson = relativeWeights({ drivers: input.drivers, outcome: input.outcome })
  if (isRefusal(johnson)) return johnson
  const signs = driverSigns(input)
  if (isRefusal(signs)) return signs
  const total = jackknife.values.reduce((sum, value) => sum + value, 0)
  return signs.map((sign, i) => {
    const weight = jackknife.values[i] ?? 0
    return {
      name: input.names[i] ?? '',
      weight,
      se: jackknife.se[i] ?? 0,
      low: Math.max(0, jackknife.low[i] ?? 0),
      high: jackknife.high[i] ?? 0,
      share: total > 0 ? weight / total : 0,
      relativeWeight: johnson.weights[i] ?? 0,
      correlation: input.outcome[i] ?? 0,
      sign,
      vif: vif[i] ?? 1,
    }
  })
}

function stabilityOf(input: Parameters<typeof momentBootstrap>[0]): RankStability | Refusal {
  const draws = momentBootstrap(input)
  return isRefusal(draws) ? draws : rankStability(draws.replicates)
}
