/** Charts of shares and rates, plain and with Laney's correction for periods that differ more than chance allows. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import {
  baselineOf,
  controlPoint,
  d2OfTwo,
  meanMovingRange,
  refuseSeries,
  type ControlChart,
} from './control-points.ts'

export type CountPeriod = {
  /** Events of the period: dissatisfied answers, complaints. */
  readonly count: number
  /** Answers (for shares) or area of opportunity, such as calls (for rates). */
  readonly n: number
}

type Input = { readonly periods: readonly CountPeriod[]; readonly baseline?: number }

/** `sigmaZ` above 1 says by how much periods differ beyond sampling error. */
export type LaneyChart = ControlChart & { readonly sigmaZ: number }

/**
 * Whether the share of an answer (dissatisfied, top box) stays within sampling error of its mean.
 *
 * Limits are kept within 0…1. The first `baseline` periods set them, default all.
 * Refuses fewer than 2 periods, counts above n or below 0, n of 0, and a baseline where all or none have the outcome.
 * Formula: p̄ ± 3√(p̄(1−p̄)/nₜ).
 * Source: NIST/SEMATECH e-Handbook 6.3.3.2; Montgomery, Statistical Quality Control.
 *
 * @example
 * const cans = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10].map((count) => ({ count, n: 50 }))
 * pChart({ periods: cans }).centre // 0.21
 * pChart({ periods: cans }).points[0].high // 0.382806
 */
export function pChart(input: Input): ControlChart | Refusal {
  const laney = shares('pChart', input)
  return onlyFinite('pChart', isRefusal(laney) ? laney : limits(laney, 1))
}

/**
 * The p-chart for large n, where plain limits collapse: they are widened by how much neighbouring periods really differ.
 *
 * Refuses what `pChart` refuses, and periods that do not differ at all.
 * Formula: z = (pₜ − p̄)/σₜ, σ_z = mean |zₜ − zₜ₋₁|/1.128, limits p̄ ± 3σₜσ_z.
 * Source: Laney, Quality Engineering 14, 2002.
 *
 * @example
 * const weeks = [2100, 1900, 2050, 2300, 1950].map((count) => ({ count, n: 10000 }))
 * laneyP({ periods: weeks }).sigmaZ // 5.206078
 */
export function laneyP(input: Input): LaneyChart | Refusal {
  const standard = shares('laneyP', input)
  return onlyFinite('laneyP', isRefusal(standard) ? standard : widened('laneyP', standard, input.baseline))
}

/**
 * Whether the rate of events per unit (complaints per call) stays within Poisson error of its mean.
 *
 * The lower limit is kept at or above 0. Refuses fewer than 2 periods, negative counts, n of 0 and a baseline without events.
 * Formula: ū ± 3√(ū/nₜ); with n = 1 it is the c-chart.
 * Source: NIST/SEMATECH e-Handbook 6.3.3.1; Montgomery, Statistical Quality Control.
 *
 * @example
 * const days = [16, 14, 28, 16, 12].map((count) => ({ count, n: 1 }))
 * uChart({ periods: days }).centre // 17.2
 * uChart({ periods: days }).points[0].high // 29.6419
 */
export function uChart(input: Input): ControlChart | Refusal {
  const standard = rates('uChart', input)
  return onlyFinite('uChart', isRefusal(standard) ? standard : limits(standard, 1))
}

/**
 * The u-chart widened by how much neighbouring periods really differ.
 *
 * Refuses what `uChart` refuses, and periods that do not differ at all.
 * Formula: as `laneyP` with σₜ = √(ū/nₜ).
 * Source: Laney, Quality Engineering 14, 2002.
 *
 * @example
 * const days = [160, 140, 280, 160, 120].map((count) => ({ count, n: 10 }))
 * laneyU({ periods: days }).centre // 17.2
 */
export function laneyU(input: Input): LaneyChart | Refusal {
  const standard = rates('laneyU', input)
  return onlyFinite('laneyU', isRefusal(standard) ? standard : widened('laneyU', standard, input.baseline))
}

type Standard = {
  readonly centre: number
  readonly sigma: number
  readonly floor: number
  readonly ceiling: number
  readonly values: readonly { readonly value: number; readonly se: number }[]
}

function shares(where: string, input: Input): Standard | Refusal {
  const centre = pooledRate(where, input)
  if (isRefusal(centre)) return centre
  if (input.periods.some((period) => period.count > period.n))
    return refuse('out-of-range', `[${where}] a count exceeds its n; a share lies within 0…1.`)
  if (centre === 0 || centre === 1)
    return refuse('no-variance', `[${where}] the baseline share is ${centre}; it gives no limits.`)
  return standardOf(input, centre, Math.sqrt(centre * (1 - centre)), 1)
}

function rates(where: string, input: Input): Standard | Refusal {
  const centre = pooledRate(where, input)
  if (isRefusal(centre)) return centre
  if (centre === 0) return refuse('no-variance', `[${where}] the baseline has no event; it gives no limits.`)
  return standardOf(input, centre, Math.sqrt(centre), Infinity)
}

function pooledRate(where: string, { periods, baseline }: Input): number | Refusal {
  const refusal = refuseSeries(
    where,
    periods.flatMap((period) => [period.count, period.n]),
    4,
  )
  if (refusal) return refusal
  if (periods.some((period) => period.count < 0 || period.n <= 0))
    return refuse(
      'out-of-range',
      `[${where}] a count is negative or an n is not above 0; leave empty periods out.`,
    )
  const base = baselineOf(where, periods, baseline)
  if (isRefusal(base)) return base
  return base.reduce((sum, period) => sum + period.count, 0) / base.reduce((sum, period) => sum + period.n, 0)
}

function standardOf({ periods }: Input, centre: number, sigma: number, ceiling: number): Standard {
  return {
    centre,
    sigma,
    floor: 0,
    ceiling,
    values: periods.map(({ count, n }) => ({ value: count / n, se: sigma / Math.sqrt(n) })),
  }
}

function limits({ centre, sigma, floor, ceiling, values }: Standard, inflation: number): ControlChart {
  return {
    centre,
    sigma,
    points: values.map(({ value, se }) =>
      controlPoint(
        value,
        Math.max(floor, centre - 3 * inflation * se),
        Math.min(ceiling, centre + 3 * inflation * se),
      ),
    ),
  }
}

function widened(where: string, standard: Standard, baseline: number | undefined): LaneyChart | Refusal {
  const z = standard.values
    .slice(0, baseline ?? standard.values.length)
    .map(({ value, se }) => (value - standard.centre) / se)
  const sigmaZ = meanMovingRange(z) / d2OfTwo
  if (sigmaZ === 0)
    return refuse('no-variance', `[${where}] no period differs from the next; there are no limits.`)
  return { ...limits(standard, sigmaZ), sigmaZ }
}
