/** Shewhart's chart of single values, with limits from the moving range. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import {
  baselineOf,
  controlPoint,
  d2OfTwo,
  mean,
  meanMovingRange,
  refuseSeries,
  type ControlChart,
} from './control-points.ts'

export type IndividualsChart = ControlChart & {
  readonly meanMovingRange: number
  /** Upper limit of the moving range: D₄ of two values, 3.267, times its mean. */
  readonly movingRangeHigh: number
}

/**
 * Whether single values (one number a period) stay within what their own steps suggest; drifts inflate it less than a standard deviation would.
 *
 * The first `baseline` values set the limits, default all. Refuses fewer than 2 values, values that are not finite and a baseline that never moves.
 * Formula: x̄ ± 3·MR̄/1.128.
 * Source: NIST/SEMATECH e-Handbook 6.3.2.2; Montgomery, Statistical Quality Control.
 *
 * @example
 * const flow = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
 * individualsChart({ values: flow }).centre // 50.81
 * individualsChart({ values: flow }).points[0].high // 55.8041
 */
export function individualsChart({
  values,
  baseline,
}: {
  readonly values: readonly number[]
  readonly baseline?: number
}): IndividualsChart | Refusal {
  const refusal = refuseSeries('individualsChart', values, 2)
  if (refusal) return refusal
  const base = baselineOf('individualsChart', values, baseline)
  if (isRefusal(base)) return base
  const centre = mean(base)
  const range = meanMovingRange(base)
  if (range === 0)
    return refuse('no-variance', `[individualsChart] the baseline is constant; it gives no limits.`)
  const sigma = range / d2OfTwo
  return onlyFinite('individualsChart', {
    centre,
    sigma,
    meanMovingRange: range,
    movingRangeHigh: 3.267 * range,
    points: values.map((value) => controlPoint(value, centre - 3 * sigma, centre + 3 * sigma)),
  })
}
