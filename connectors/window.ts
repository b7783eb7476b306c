/** A request's slice as half-open time: what lies in it, and what is already past it. */
import type { ReadRequest } from './connector.ts'

export type Window = {
  /** False when both ends are open. */
  readonly bounded: boolean
  /** Unix seconds of the first whole second at or after the start; vendors know none before 1970. */
  readonly fromSecond: number | undefined
  /** Unix seconds of the last whole second before the end. */
  readonly lastSecond: number | undefined
  /** An unknown time is inside, so that a record without one is judged by its schema and not lost here. */
  readonly has: (time: string | number | undefined) => boolean
  readonly isPast: (time: string | number | undefined) => boolean
}

/** Times are ISO 8601 texts or unix milliseconds. */
export function createWindow({ from, to }: ReadRequest['slice']): Window {
  const start = from === undefined ? -Infinity : Date.parse(from)
  const end = to === undefined ? Infinity : Date.parse(to)
  const at = (time: string | number | undefined): number =>
    typeof time === 'string' ? Date.parse(time) : (time ?? Number.NaN)
  return {
    bounded: from !== undefined || to !== undefined,
    fromSecond: from === undefined ? undefined : Math.max(0, Math.ceil(start / 1000)),
    lastSecond: to === undefined ? undefined : Math.ceil(end / 1000) - 1,
    has: (time) => !(at(time) < start) && !(at(time) >= end),
    isPast: (time) => at(time) >= end,
  }
}
