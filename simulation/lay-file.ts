/** Lays a dropped file down as of the month it is about, so that a world started again has the same files, times included. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ZONE_OFFSET } from './plan.ts'

/** The first instant after a month (YYYY-MM) in the company's time zone. */
export function endOfMonth(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return Date.UTC(year, number, 1) - ZONE_OFFSET
}

/** Writes a file that was last changed when its month ended. */
export function layFile(target: string, content: Buffer | string, month: string): void {
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, content)
  const at = endOfMonth(month) / 1_000
  utimesSync(target, at, at)
}
