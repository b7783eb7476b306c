/** STL: takes a series apart into season, trend and what remains, so that only what remains is judged. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { refuseSeries } from './control-points.ts'
import { loess } from './loess.ts'
import { seasonalPart } from './seasonal-part.ts'

export type StlInput = {
  readonly values: readonly number[]
  /** Observations per season: 7 for days in weeks, 12 for months in years. */
  readonly period: number
  /** Neighbours of the seasonal smoother, odd, at least 3; default 7. */
  readonly seasonal?: number
  /** Neighbours of the trend smoother, odd; default the least odd number from 1.5·period/(1 − 1.5/seasonal) up. */
  readonly trend?: number
  /** Neighbours of the low-pass smoother, odd; default the least odd number from `period` up, as in R (statsmodels: above it). */
  readonly lowPass?: number
  /** 0 = local means, 1 (default) = local lines, of the seasonal smoother. */
  readonly seasonalDegree?: 0 | 1
  /** Down-weight outliers, so that they stay in the remainder; default false. */
  readonly robust?: boolean
  /** Passes between two robustness weightings; default 5, or 2 where robust. */
  readonly inner?: number
  /** Robustness weightings where robust; default 15. */
  readonly outer?: number
}

export type Stl = {
  readonly seasonal: readonly number[]
  readonly trend: readonly number[]
  readonly remainder: readonly number[]
  /** Robustness weights, 1 where not robust. */
  readonly weights: readonly number[]
}

/**
 * Season + trend + remainder of an evenly spaced series by local regression.
 *
 * Three series as long as the input, in its unit; they sum to it exactly.
 * Refuses fewer than two periods, a period below 2, even or too short windows, and values that are not finite.
 * Formula: inner loop of cycle-subseries loess, low-pass (moving averages p, p, 3 and loess) and trend loess; bisquare weights outside.
 * Source: Cleveland, Cleveland, McRae, Terpenning, J. Official Stat. 6, 1990; same steps as R's stl (with jumps of 1) and statsmodels' STL.
 *
 * @example
 * const week = [5, 6, 6, 7, 9, 12, 10]
 * const parts = stl({ values: [...week, ...week, ...week, ...week], period: 7 })
 * parts.trend[10] // 7.857143
 * parts.seasonal[12] // 4.142857
 */
export function stl(input: StlInput): Stl | Refusal {
  const { values, period, seasonal = 7, seasonalDegree = 1, robust = false } = input
  const { inner = robust ? 2 : 5, outer = 15, lowPass = nextOdd(period) } = input
  const trendWindow = input.trend ?? nextOdd(Math.ceil((1.5 * period) / (1 - 1.5 / seasonal)))
  const refusal =
    refuseWindows(period, [seasonal, trendWindow, lowPass]) ??
    refuseLoops(inner, outer) ??
    refuseSeries('stl', values, 2 * period)
  if (refusal) return refusal
  let trend = values.map(() => 0)
  let season = trend
  let weights: number[] | undefined
  const weightings = robust ? outer : 0
  for (let round = 0; round <= weightings; round++) {
    for (let pass = 0; pass < inner; pass++) {
      const smoother = { period, lowPass, window: seasonal, degree: seasonalDegree, weights }
      season = seasonalPart(difference(values, trend), smoother)
      trend = loess(difference(values, season), { window: trendWindow, degree: 1, weights })
    }
    if (round < weightings) weights = bisquare(difference(difference(values, season), trend))
  }
  const remainder = difference(difference(values, season), trend)
  return onlyFinite('stl', { seasonal: season, trend, remainder, weights: weights ?? values.map(() => 1) })
}

/** Robustness weights: 1 near 0, falling to 0 at six median absolute residuals. */
function bisquare(residuals: readonly number[]): number[] {
  const size = residuals.map(Math.abs)
  const sorted = size.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const limit = 3 * ((sorted[middle] ?? 0) + (sorted[sorted.length - middle - 1] ?? 0))
  return size.map((r) => {
    if (r <= 0.001 * limit) return 1
    return r <= 0.999 * limit ? (1 - (r / limit) ** 2) ** 2 : 0
  })
}

function difference(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value - (b[i] ?? 0))
}

function nextOdd(value: number): number {
  return value % 2 === 0 ? value + 1 : value
}

function refuseWindows(period: number, windows: readonly number[]): Refusal | undefined {
  if (!Number.isInteger(period) || period < 2)
    return refuse('out-of-range', `[stl] period is ${period}; give a whole number from 2.`)
  if (windows.some((window) => !Number.isInteger(window) || window < 3 || window % 2 === 0))
    return refuse('out-of-range', `[stl] windows are ${windows.join('/')}; give odd numbers from 3.`)
  return undefined
}

function refuseLoops(inner: number, outer: number): Refusal | undefined {
  return Number.isInteger(inner) && Number.isInteger(outer) && inner >= 1 && outer >= 0
    ? undefined
    : refuse('out-of-range', `[stl] inner ${inner} and outer ${outer}; give whole numbers, inner from 1.`)
}
