/** Bootstrap of hash buckets: the distribution of any statistic of moments, without rows. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import type { Moments } from '#statistics/moments/index.ts'
import { seeded, type Random } from '#statistics/random/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import type { MomentStatistic, Progress } from './bucket-jackknife.ts'
import { byBucket, weightedSum } from './collapse.ts'

export type MomentBootstrap = {
  /** The statistic on all rows. */
  readonly values: readonly number[]
  readonly se: readonly number[]
  /** Percentile limits. */
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly confidence: number
  /** The statistic on each draw of buckets: input of `rankStability`. */
  readonly replicates: MatrixRows
  /** Draws on which the statistic could not be computed; they are left out. */
  readonly refusedDraws: number
}

/**
 * Percentile intervals of a statistic by drawing hash buckets of customers with replacement.
 *
 * Equal seeds give equal answers. `onProgress(done, total)` is called after each draw.
 * Refuses fewer than 2 buckets, fewer than 2 draws, what the statistic refuses on all rows, and more than a tenth of refused draws.
 * Formula: θ* over B draws of G buckets; limits at (1∓confidence)/2 (type 7 quantiles).
 * Source: Efron, Tibshirani, An Introduction to the Bootstrap, 1993.
 *
 * @example
 * const rows = [2, 4, 9, 5, 7, 3].map((value, bucket) => ({ values: [value], bucket }))
 * const moments = momentsFromRows({ variables: ['y'], rows })
 * const boot = momentBootstrap({ moments, statistic: (part) => summarise({ moments: mergeMoments([part]) }).means, draws: 400, seed: 7 })
 * boot.values // [5]
 * boot.low[0] < 5 && boot.high[0] > 5 // true
 */
export function momentBootstrap({
  moments,
  statistic,
  seed,
  draws = 1000,
  confidence = 0.95,
  onProgress,
}: {
  readonly moments: Moments
  readonly statistic: MomentStatistic
  readonly seed: number
  readonly draws?: number
  readonly confidence?: number
  readonly onProgress?: Progress | undefined
}): MomentBootstrap | Refusal {
  const { whole, parts } = byBucket(moments)
  const refusal = refuseDraws(parts.length, draws, confidence)
  if (refusal) return refusal
  const values = statistic(whole)
  if (isRefusal(values)) return values
  const random = seeded(seed)
  const replicates: (readonly number[])[] = []
  for (let draw = 0; draw < draws; draw++) {
    const replicate = statistic(weightedSum(moments, parts, drawnTimes(random, parts.length)))
    if (!isRefusal(replicate)) replicates.push(replicate)
    onProgress?.(draw + 1, draws)
  }
  const refusedDraws = draws - replicates.length
  if (refusedDraws > draws / 10)
    return refuse(
      'not-converged',
      `[momentBootstrap] ${refusedDraws} of ${draws} draws have no answer; use more or larger buckets.`,
    )
  const columns = values.map((_, i) => replicates.map((row) => row[i] ?? 0).sort((a, b) => a - b))
  return {
    values,
    se: columns.map(standardDeviation),
    low: columns.map((column) => quantile(column, (1 - confidence) / 2)),
    high: columns.map((column) => quantile(column, (1 + confidence) / 2)),
    confidence,
    replicates,
    refusedDraws,
  }
}

/** How often each of k buckets comes up in k draws. */
function drawnTimes(random: Random, k: number): number[] {
  const times = Array.from({ length: k }, () => 0)
  for (let draw = 0; draw < k; draw++) {
    const bucket = random.integer(0, k - 1)
    times[bucket] = (times[bucket] ?? 0) + 1
  }
  return times
}

function refuseDraws(buckets: number, draws: number, confidence: number): Refusal | undefined {
  if (buckets < 2)
    return refuse(
      'too-few',
      `[momentBootstrap] ${buckets} buckets; at least 2 are needed, 100 or more advised.`,
    )
  if (!Number.isInteger(draws) || draws < 2)
    return refuse('too-few', `[momentBootstrap] ${draws} draws; give a whole number from 2, 1,000 advised.`)
  if (!(confidence > 0 && confidence < 1))
    return refuse(
      'out-of-range',
      `[momentBootstrap] confidence is ${confidence}; give a share within (0, 1).`,
    )
  return undefined
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
}

function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? 0
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? low) - low)
}
