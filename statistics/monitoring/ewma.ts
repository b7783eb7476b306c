/** Exponentially weighted moving average chart: sees small lasting shifts that single values hide. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { controlPoint, refuseSeries, type ControlChart } from './control-points.ts'

/**
 * Whether a smoothed series stays within limits; `value` of each point is the average so far.
 *
 * `sigma` is the standard deviation of one value. `limits` 'steady' (default) uses the final width throughout, 'exact' starts narrow.
 * Refuses no value, λ outside (0, 1], sigma or width not above 0, and numbers that are not finite.
 * Formula: zₜ = λxₜ + (1−λ)zₜ₋₁, z₀ = target; limits target ± L·σ·√(λ/(2−λ)·(1−(1−λ)²ᵗ)).
 * Source: NIST/SEMATECH e-Handbook 6.3.2.4; Roberts 1959; Lucas, Saccucci 1990.
 *
 * @example
 * ewma({ values: [52, 47, 53], lambda: 0.3, target: 50, sigma: 2.0539 }).points[2].value // 50.564
 * ewma({ values: [52, 47, 53], lambda: 0.3, target: 50, sigma: 2.0539 }).points[2].high // 52.5884
 */
export function ewma({
  values,
  lambda,
  target,
  sigma,
  width = 3,
  limits = 'steady',
}: {
  readonly values: readonly number[]
  readonly lambda: number
  readonly target: number
  readonly sigma: number
  readonly width?: number
  readonly limits?: 'steady' | 'exact'
}): ControlChart | Refusal {
  const refusal = refuseSeries('ewma', values, 1) ?? refuseSeries('ewma', [lambda, target, sigma, width], 4)
  if (refusal) return refusal
  if (!(lambda > 0 && lambda <= 1 && sigma > 0 && width > 0))
    return refuse(
      'out-of-range',
      `[ewma] lambda ${lambda}, sigma ${sigma}, width ${width}; lambda must lie within (0, 1], the others above 0.`,
    )
  let average = target
  const points = values.map((value, i) => {
    average = lambda * value + (1 - lambda) * average
    const settled = limits === 'exact' ? 1 - (1 - lambda) ** (2 * (i + 1)) : 1
    const margin = width * sigma * Math.sqrt((lambda / (2 - lambda)) * settled)
    return controlPoint(average, target - margin, target + margin)
  })
  return onlyFinite('ewma', { centre: target, sigma, points })
}
