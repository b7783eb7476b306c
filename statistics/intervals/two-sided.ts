/** A difference with its two-sided test: the result that all comparisons share. */
import { normalUpper } from '#statistics/distributions/raw/normal.ts'
import { tUpper } from '#statistics/distributions/raw/student.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { tOf } from './level.ts'

/** A difference with its two-sided test. `n` counts the answers of both samples. */
export type Difference = Estimate & {
  readonly se: number
  /** z or t. */
  readonly statistic: number
  /** Two-sided. */
  readonly p: number
}

type TShape = { value: number; n: number; se: number; df: number; confidence: number }

export function tDifference({ value, n, se, df, confidence }: TShape): Difference {
  const half = tOf(confidence, df) * se
  const statistic = value / se
  const p = Math.min(1, 2 * tUpper(Math.abs(statistic), df))
  return { value, n, se, low: value - half, high: value + half, confidence, statistic, p }
}

export function zTest(statistic: number): { statistic: number; p: number } {
  return { statistic, p: Math.min(1, 2 * normalUpper(Math.abs(statistic))) }
}
