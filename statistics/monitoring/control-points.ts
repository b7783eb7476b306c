/** The common form of every control chart: a value between two limits. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type ControlPoint = {
  readonly value: number
  readonly low: number
  readonly high: number
  /** True when the value lies outside its limits. */
  readonly signal: boolean
}

export type ControlChart = {
  readonly centre: number
  /** Estimated standard deviation of one value, or of one unit where limits depend on n. */
  readonly sigma: number
  readonly points: readonly ControlPoint[]
}

/** Mean range of two normal values in standard deviations, as the tables of control charts print it. */
export const d2OfTwo = 1.128

export function controlPoint(value: number, low: number, high: number): ControlPoint {
  return { value, low, high, signal: value < low || value > high }
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Mean absolute step between neighbours. */
export function meanMovingRange(values: readonly number[]): number {
  return mean(values.slice(1).map((value, i) => Math.abs(value - (values[i] ?? 0))))
}

export function refuseSeries(where: string, values: readonly number[], least: number): Refusal | undefined {
  if (values.length < least)
    return refuse('too-few', `[${where}] ${values.length} values; this chart needs at least ${least}.`)
  if (!values.every(Number.isFinite))
    return refuse('not-finite', `[${where}] a value is NaN or infinite; leave missing periods out.`)
  return undefined
}

/** The leading periods that set the limits: all of them unless a baseline length is given. */
export function baselineOf<T>(
  where: string,
  items: readonly T[],
  baseline: number | undefined,
): readonly T[] | Refusal {
  const length = baseline ?? items.length
  if (!Number.isInteger(length) || length < 2 || length > items.length)
    return refuse(
      'out-of-range',
      `[${where}] a baseline of ${length} periods does not fit ${items.length} values; give a whole number from 2.`,
    )
  return items.slice(0, length)
}
