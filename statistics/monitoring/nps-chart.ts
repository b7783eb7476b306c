/** Control chart of NPS: like a p-chart, with the variance of promoters minus detractors in place of p(1−p). */
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { baselineOf, controlPoint, d2OfTwo, meanMovingRange, refuseSeries } from './control-points.ts'
import type { LaneyChart } from './attribute-charts.ts'

export type NpsPeriod = { readonly promoters: number; readonly passives: number; readonly detractors: number }

/**
 * Whether NPS stays within sampling error of its mean, in points (−100…100).
 *
 * With `laney` limits are widened by how much neighbouring periods really differ (large n); else `sigmaZ` is only reported.
 * The first `baseline` periods set centre and variance, default all. Limits are kept within ±100.
 * Refuses fewer than 2 periods, negative counts, a period without answers, and a baseline where all answer alike.
 * Formula: m̄ ± 3√(v̄/nₜ), v̄ = p̄ + d̄ − m̄².
 * Source: Shewhart's p-chart with the trinomial variance of NPS; Laney, Quality Engineering 14, 2002.
 *
 * @example
 * const months = [{ promoters: 50, passives: 30, detractors: 20 }, { promoters: 60, passives: 25, detractors: 15 }]
 * npsChart({ periods: months }).centre // 37.5
 * npsChart({ periods: months }).points[0].high // 60.43333
 */
export function npsChart({
  periods,
  baseline,
  laney = false,
}: {
  readonly periods: readonly NpsPeriod[]
  readonly baseline?: number
  readonly laney?: boolean
}): LaneyChart | Refusal {
  const refusal = refuseNps(periods)
  if (refusal) return refusal
  const base = baselineOf('npsChart', periods, baseline)
  if (isRefusal(base)) return base
  const total = base.reduce((sum, period) => sum + size(period), 0)
  const promoters = base.reduce((sum, period) => sum + period.promoters, 0) / total
  const detractors = base.reduce((sum, period) => sum + period.detractors, 0) / total
  const centre = 100 * (promoters - detractors)
  const sigma = 100 * Math.sqrt(Math.max(0, promoters + detractors - (promoters - detractors) ** 2))
  if (sigma === 0)
    return refuse('no-variance', `[npsChart] all answers of the baseline are alike; there are no limits.`)
  const values = periods.map((period) => ({
    value: (100 * (period.promoters - period.detractors)) / size(period),
    se: sigma / Math.sqrt(size(period)),
  }))
  const z = values.slice(0, base.length).map(({ value, se }) => (value - centre) / se)
  const sigmaZ = meanMovingRange(z) / d2OfTwo
  if (laney && sigmaZ === 0)
    return refuse('no-variance', `[npsChart] no period differs from the next; there are no limits.`)
  const width = 3 * (laney ? sigmaZ : 1)
  return onlyFinite('npsChart', {
    centre,
    sigma,
    sigmaZ,
    points: values.map(({ value, se }) =>
      controlPoint(value, Math.max(-100, centre - width * se), Math.min(100, centre + width * se)),
    ),
  })
}

function size({ promoters, passives, detractors }: NpsPeriod): number {
  return promoters + passives + detractors
}

function refuseNps(periods: readonly NpsPeriod[]): Refusal | undefined {
  const counts = periods.flatMap((period) => [period.promoters, period.passives, period.detractors])
  const refusal = refuseSeries('npsChart', counts, 6)
  if (refusal) return refusal
  if (counts.some((count) => count < 0))
    return refuse('out-of-range', `[npsChart] a count is negative; counts start at 0.`)
  if (periods.some((period) => size(period) === 0))
    return refuse('empty-cell', `[npsChart] a period has no answers; leave empty periods out.`)
  return undefined
}
