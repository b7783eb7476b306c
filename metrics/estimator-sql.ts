/** Value and interval of each estimator as DuckDB expressions over its parts; the TypeScript twins are in `#statistics`. */
import { isRefusal, normalQuantile } from '#statistics/index.ts'
import type { MetricCard } from './card.ts'
import { numberSql } from './predicate.ts'

export type EstimateSql = {
  readonly value: string
  readonly n: string
  readonly low: string
  readonly high: string
  readonly suppressed: string
}

/**
 * Expressions of one answer row; `part` says how a part is written where they stand (a column, or Cube's `{part}`).
 * Value and bounds are null when n is below the card's minimum, so that nobody downstream can forget to withhold them.
 */
export function estimateSql(card: MetricCard, part: (name: string) => string): EstimateSql {
  const n = part(card.estimator.n)
  const { value, low, high } = boundsSql(card, part)
  const withheld = `${n} < ${card.minimumN}`
  const guarded = (expression: string) => `CASE WHEN ${withheld} THEN NULL ELSE ${expression} END`
  return { value: guarded(value), n, low: guarded(low), high: guarded(high), suppressed: withheld }
}

function boundsSql(card: MetricCard, part: (name: string) => string) {
  const { estimator } = card
  const n = part(estimator.n)
  if (estimator.kind === 'count') return { value: double(n), low: double(n), high: double(n) }
  return estimator.kind === 'nps'
    ? npsSql(part(estimator.promoters), part(estimator.detractors), n, criticalValue(card))
    : shareSql(part(estimator.successes), n, criticalValue(card))
}

/**
 * Adjusted Wald: n + 3, promoters + ¾, detractors + ¾; centred on the adjusted score, clamped to ±100 and widened to reach the estimate,
 * as `adjustedWald` (Rocks 2016).
 */
function npsSql(promoters: string, detractors: string, n: string, z: number) {
  const size = `(${n} + 3e0)`
  const p = `((${promoters} + 7.5e-1) / ${size})`
  const d = `((${detractors} + 7.5e-1) / ${size})`
  const centre = `(${p} - ${d})`
  const margin = `(${numberSql(z)} * sqrt((${p} + ${d} - ${centre} * ${centre}) / ${size}))`
  const value = `(1e2 * (${promoters} - ${detractors}) / ${n})`
  return {
    value,
    low: `greatest(-1e2, least(${value}, 1e2 * (${centre} - ${margin})))`,
    high: `least(1e2, greatest(${value}, 1e2 * (${centre} + ${margin})))`,
  }
}

/** Wilson's score interval. */
function shareSql(successes: string, n: string, z: number) {
  const p = `(${double(successes)} / ${n})`
  const square = numberSql(z * z)
  const centre = `(${p} + ${square} / (2e0 * ${n}))`
  const margin = `(${numberSql(z)} * sqrt((${p} * (1e0 - ${p}) + ${square} / (4e0 * ${n})) / ${n}))`
  const scale = `(1e0 + ${square} / ${n})`
  return {
    value: p,
    low: `greatest(0e0, (${centre} - ${margin}) / ${scale})`,
    high: `least(1e0, (${centre} + ${margin}) / ${scale})`,
  }
}

function double(expression: string): string {
  return `CAST(${expression} AS DOUBLE)`
}

function criticalValue(card: MetricCard): number {
  const z = normalQuantile((1 + card.confidence) / 2)
  if (isRefusal(z)) throw new Error(`[metric ${card.name}] confidence ${card.confidence}: ${z.reason}`)
  return z
}
