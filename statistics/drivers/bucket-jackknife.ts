/** Delete-a-bucket jackknife: standard errors of any statistic of moments, clustered by customer for free. */
import { tQuantile } from '#statistics/distributions/raw/quantiles.ts'
import type { MatrixRows } from '#statistics/algebra/index.ts'
import type { Moments } from '#statistics/moments/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { byBucket, without } from './collapse.ts'

/** A statistic of moments: several numbers, always in the same order. */
export type MomentStatistic = (moments: Moments) => readonly number[] | Refusal

export type Progress = (done: number, total: number) => void

export type BucketJackknife = {
  /** The statistic on all rows. */
  readonly values: readonly number[]
  readonly se: readonly number[]
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly confidence: number
  /** Covariance of the statistics, for comparing two of them. */
  readonly covariance: MatrixRows
  /** The statistic without each bucket. */
  readonly replicates: MatrixRows
  readonly buckets: number
}

/**
 * Standard errors and t intervals of a statistic by leaving out one hash bucket of customers at a time.
 *
 * Buckets hold whole customers, so repeat answers are accounted for. `onProgress(done, total)` is called after each bucket.
 * Refuses fewer than 2 buckets, and whatever the statistic refuses on all rows or without one bucket.
 * Formula: SE² = (G−1)/G · Σ(θ₍g₎ − θ̄)², t with G−1 degrees of freedom.
 * Source: Wolter, Introduction to Variance Estimation, 2007, 4; Efron, Tibshirani 1993.
 *
 * @example
 * const rows = [2, 4, 9].map((value, bucket) => ({ values: [value], bucket }))
 * const moments = momentsFromRows({ variables: ['y'], rows })
 * bucketJackknife({ moments, statistic: (part) => summarise({ moments: mergeMoments([part]) }).means }).se // [2.081666]
 */
export function bucketJackknife({
  moments,
  statistic,
  confidence = 0.95,
  onProgress,
}: {
  readonly moments: Moments
  readonly statistic: MomentStatistic
  readonly confidence?: number
  readonly onProgress?: Progress | undefined
}): BucketJackknife | Refusal {
  if (!(confidence > 0 && confidence < 1))
    return refuse(
      'out-of-range',
      `[bucketJackknife] confidence is ${confidence}; give a share within (0, 1).`,
    )
  const buckets = byBucket(moments)
  const total = buckets.parts.length
  if (total < 2)
    return refuse(
      'too-few',
      `[bucketJackknife] ${total} buckets; at least 2 are needed, 100 or more advised.`,
    )
  const values = statistic(buckets.whole)
  if (isRefusal(values)) return values
  const replicates: (readonly number[])[] = []
  for (let bucket = 0; bucket < total; bucket++) {
    const replicate = statistic(without(buckets, bucket))
    if (isRefusal(replicate)) return replicate
    replicates.push(replicate)
    onProgress?.(bucket + 1, total)
  }
  return withIntervals(values, replicates, confidence)
}

function withIntervals(
  values: readonly number[],
  replicates: MatrixRows,
  confidence: number,
): BucketJackknife {
  const buckets = replicates.length
  const covariance = jackknifeCovariance(replicates, values.length)
  const se = covariance.map((row, i) => Math.sqrt(row[i] ?? 0))
  const q = (1 - confidence) / 2
  const width = tQuantile(buckets - 1, { p: 1 - q, q })
  const low = values.map((value, i) => value - width * (se[i] ?? 0))
  const high = values.map((value, i) => value + width * (se[i] ?? 0))
  return { values, se, low, high, confidence, covariance, replicates, buckets }
}

function jackknifeCovariance(replicates: MatrixRows, k: number): number[][] {
  const total = replicates.length
  const means = Array.from(
    { length: k },
    (_, i) => replicates.reduce((sum, row) => sum + (row[i] ?? 0), 0) / total,
  )
  const off = replicates.map((row) => row.map((value, i) => value - (means[i] ?? 0)))
  return means.map((_, i) =>
    means.map(
      (_unused, j) =>
        ((total - 1) / total) * off.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0),
    ),
  )
}
