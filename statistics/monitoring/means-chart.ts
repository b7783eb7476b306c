/** Shewhart's chart of subgroup means with limits from the standard deviations within subgroups. */
import { logGamma } from '#statistics/distributions/raw/gamma-function.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { controlPoint, refuseSeries, type ControlChart } from './control-points.ts'

export type Subgroup = {
  readonly mean: number
  /** Sample standard deviation (n − 1) within the subgroup. */
  readonly sd: number
  readonly n: number
}

/** E(s)/σ of a normal sample of n: c₄ = √(2/(n−1))·Γ(n/2)/Γ((n−1)/2). */
function c4(n: number): number {
  return Math.sqrt(2 / (n - 1)) * Math.exp(logGamma(n / 2) - logGamma((n - 1) / 2))
}

/**
 * Whether the means of periods (satisfaction per week) stay within what the spread inside periods suggests.
 *
 * Subgroups may differ in size; each needs at least 2 values.
 * Refuses no subgroup, sizes below 2, negative or all-zero deviations, and numbers that are not finite.
 * Formula: σ̂ = Σ(sᵢ/c₄(nᵢ))/k, x̄̄ = Σnᵢx̄ᵢ/Σnᵢ, limits x̄̄ ± 3σ̂/√nᵢ; with equal n the usual x̄̄ ± A₃s̄.
 * Source: NIST/SEMATECH e-Handbook 6.3.2.1; Montgomery, Statistical Quality Control.
 *
 * @example
 * const weeks = [{ mean: 7, sd: 1, n: 5 }, { mean: 8, sd: 1.4, n: 5 }, { mean: 7.5, sd: 1.2, n: 5 }]
 * meansChart(weeks).centre // 7.5
 * meansChart(weeks).points[0].high // 9.212759
 */
export function meansChart(subgroups: readonly Subgroup[]): ControlChart | Refusal {
  const refusal = refuseSeries(
    'meansChart',
    subgroups.flatMap((group) => [group.mean, group.sd, group.n]),
    3,
  )
  if (refusal) return refusal
  if (subgroups.some((group) => group.n < 2))
    return refuse('too-few', `[meansChart] a subgroup has fewer than 2 values; use individualsChart.`)
  if (subgroups.some((group) => group.sd < 0))
    return refuse('out-of-range', `[meansChart] a standard deviation is negative; it starts at 0.`)
  const sigma = subgroups.reduce((sum, group) => sum + group.sd / c4(group.n), 0) / subgroups.length
  if (sigma === 0) return refuse('no-variance', `[meansChart] no subgroup varies; there are no limits.`)
  const total = subgroups.reduce((sum, group) => sum + group.n, 0)
  const centre = subgroups.reduce((sum, group) => sum + group.mean * group.n, 0) / total
  return onlyFinite('meansChart', {
    centre,
    sigma,
    points: subgroups.map((group) => {
      const margin = (3 * sigma) / Math.sqrt(group.n)
      return controlPoint(group.mean, centre - margin, centre + margin)
    }),
  })
}
