/** Tabular CUSUM: adds up what exceeds a slack, and so says when a small shift began. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { refuseSeries } from './control-points.ts'

export type CusumPoint = {
  /** Sum of excesses above target + slack, and below target − slack; both ≥ 0. */
  readonly high: number
  readonly low: number
  readonly signal: boolean
}

export type Cusum = {
  readonly points: readonly CusumPoint[]
  /** Index of the first signal, and of the first value of the run that led to it: the estimated begin of the shift. */
  readonly firstSignal?: number
  readonly shiftBegan?: number
}

/**
 * Whether and since when a series has left its target by more than `slack`, in the unit of the values.
 *
 * `slack` is commonly half the shift worth finding, `decision` four to five standard deviations.
 * Refuses no value, a negative slack, a decision limit not above 0, and numbers that are not finite.
 * Formula: Hₜ = max(0, Hₜ₋₁ + xₜ − target − slack), Lₜ = max(0, Lₜ₋₁ + target − slack − xₜ); signal when either exceeds `decision`.
 * Source: NIST/SEMATECH e-Handbook 6.3.2.3; Page 1954.
 *
 * @example
 * const sums = cusum({ values: [10, 10.4, 12, 12.5, 13], target: 10, slack: 0.5, decision: 4 })
 * sums.points[4].high // 6.0000
 * sums.firstSignal // 4
 * sums.shiftBegan // 2
 */
export function cusum({
  values,
  target,
  slack,
  decision,
}: {
  readonly values: readonly number[]
  readonly target: number
  readonly slack: number
  readonly decision: number
}): Cusum | Refusal {
  const refusal = refuseSeries('cusum', values, 1) ?? refuseSeries('cusum', [target, slack, decision], 3)
  if (refusal) return refusal
  if (slack < 0 || decision <= 0)
    return refuse(
      'out-of-range',
      `[cusum] slack ${slack}, decision ${decision}; slack must be at least 0, decision above 0.`,
    )
  let high = 0
  let low = 0
  const points = values.map((value): CusumPoint => {
    high = Math.max(0, high + value - target - slack)
    low = Math.max(0, low + target - slack - value)
    return { high, low, signal: high > decision || low > decision }
  })
  const firstSignal = points.findIndex((point) => point.signal)
  if (firstSignal < 0) return onlyFinite('cusum', { points })
  const side = (points[firstSignal]?.high ?? 0) > decision ? 'high' : 'low'
  const lastRest = points.slice(0, firstSignal).findLastIndex((point) => point[side] === 0)
  return onlyFinite('cusum', { points, firstSignal, shiftBegan: lastRest + 1 })
}
