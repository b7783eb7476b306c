/** Generalised extreme studentised deviate: finds several outliers at once, even when they hide each other. */
import { tQuantile } from '#statistics/distributions/raw/quantiles.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { refuseSeries } from './control-points.ts'

export type EsdStep = {
  /** Index of the value farthest from the mean of those still in. */
  readonly index: number
  /** Its distance in standard deviations, and the distance that chance allows. */
  readonly statistic: number
  readonly critical: number
}

export type GeneralisedEsd = {
  /** Indices of the outliers, farthest first. */
  readonly outliers: readonly number[]
  readonly steps: readonly EsdStep[]
}

/**
 * Which values of a roughly normal sample are outliers, up to a most of `most`.
 *
 * All steps up to the last one above its critical value count, so that a cluster of outliers does not mask itself.
 * Refuses fewer than 3 values, `most` not within 1…n−2, α outside (0, 1), values that are not finite; a sample that becomes constant ends the steps.
 * Formula: Rᵢ = max|x − x̄|/s, λᵢ = (n−i)t/√((n−i−1+t²)(n−i+1)), t = t(1 − α/(2(n−i+1)); n−i−1).
 * Source: Rosner, Technometrics 25, 1983; NIST/SEMATECH e-Handbook 1.3.5.17.3.
 *
 * @example
 * const esd = generalisedEsd({ values: [9.8, 10.1, 10, 9.9, 10.2, 14, 10, 9.9, 14.2, 10.1], most: 3 })
 * esd.outliers // [8, 5]
 */
export function generalisedEsd({
  values,
  most,
  alpha = 0.05,
}: {
  readonly values: readonly number[]
  readonly most: number
  readonly alpha?: number
}): GeneralisedEsd | Refusal {
  const n = values.length
  const refusal = refuseSeries('generalisedEsd', values, 3)
  if (refusal) return refusal
  if (!Number.isInteger(most) || most < 1 || most > n - 2)
    return refuse(
      'out-of-range',
      `[generalisedEsd] ${most} outliers of ${n} values; give a whole number within 1…${n - 2}.`,
    )
  if (!(alpha > 0 && alpha < 1))
    return refuse('out-of-range', `[generalisedEsd] alpha is ${alpha}; give a share within (0, 1).`)
  const left = new Map(values.entries())
  const steps: EsdStep[] = []
  for (let i = 1; i <= most; i++) {
    const farthest = farthestFromMean(left)
    if (!farthest) break
    left.delete(farthest.index)
    steps.push({ ...farthest, critical: criticalValue(n, i, alpha) })
  }
  if (steps.length === 0)
    return refuse('no-variance', `[generalisedEsd] all values are equal; none can be an outlier.`)
  const last = steps.findLastIndex((step) => step.statistic > step.critical)
  return onlyFinite('generalisedEsd', { outliers: steps.slice(0, last + 1).map((step) => step.index), steps })
}

function farthestFromMean(
  left: ReadonlyMap<number, number>,
): { index: number; statistic: number } | undefined {
  const values = [...left.values()]
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))
  if (sd === 0) return undefined
  let best = { index: -1, statistic: -1 }
  for (const [index, value] of left) {
    const statistic = Math.abs(value - mean) / sd
    if (statistic > best.statistic) best = { index, statistic }
  }
  return best
}

function criticalValue(n: number, i: number, alpha: number): number {
  const q = alpha / (2 * (n - i + 1))
  const df = n - i - 1
  const t = tQuantile(df, { p: 1 - q, q })
  return ((n - i) * t) / Math.sqrt((df + t * t) * (n - i + 1))
}
