/** Card, request and rows in, answers out, in plain TypeScript: the same numbers as the SQL, on the mathematics of `#statistics`. */
import { DateTime } from 'luxon'
import { adjustedWald, isRefusal, wilson } from '#statistics/index.ts'
import type { MetricCard, Part } from './card.ts'
import { matches } from './predicate.ts'
import { checkRequest, type CheckedRequest, type Grain, type MetricRequest } from './request.ts'

type Row = Readonly<Record<string, unknown>>

/** One answer. `value`, `low` and `high` are null when n is below the card's minimum; `version` is the definition's, `published_version` the data's. */
export type MetricRow = {
  readonly value: number | null
  readonly n: number
  readonly low: number | null
  readonly high: number | null
  readonly suppressed: boolean
  readonly dropped: number
  readonly version: number
  readonly published_version: number | null
  /** `period` (first day, YYYY-MM-DD) when a grain was asked, and the dimensions. */
  readonly [group: string]: string | number | boolean | null
}

type Group = { readonly key: Record<string, string | null>; readonly rows: Row[] }

/**
 * One row per group of the rows given, all rows together when nothing is split by.
 * Times are `Date`, or ISO text in UTC when it carries no offset.
 */
export function evaluate(card: MetricCard, request: MetricRequest, rows: Iterable<Row>): MetricRow[] {
  const checked = checkRequest(card, request)
  const groups = new Map<string, Group>()
  const whole: Group = { key: {}, rows: [] }
  if (checked.by.length === 0 && checked.grain === undefined) groups.set(JSON.stringify([]), whole)
  for (const row of rows) {
    if (!matches(card.population, row) || !inRequest(card, checked, row)) continue
    const key = groupOf(card, checked, row)
    const id = JSON.stringify(Object.values(key))
    const group: Group = groups.get(id) ?? { key, rows: [] }
    groups.set(id, group)
    group.rows.push(row)
  }
  return [...groups.values()].map(({ key, rows }) => ({
    ...key,
    ...answer(card, rows),
    version: card.version,
    published_version: checked.publishedVersion,
  }))
}

function answer(card: MetricCard, population: readonly Row[]) {
  const rows = population.filter((row) => matches(card.valid, row))
  const n = countPart(card, card.estimator.n, rows)
  const suppressed = n < card.minimumN
  const estimate = suppressed ? { value: null, low: null, high: null } : estimateOf(card, n, rows)
  return { ...estimate, n, suppressed, dropped: population.length - rows.length }
}

function estimateOf(card: MetricCard, n: number, rows: readonly Row[]) {
  const { estimator, confidence } = card
  if (estimator.kind === 'count') return { value: n, low: n, high: n }
  const count = (part: string) => countPart(card, part, rows)
  const estimate =
    estimator.kind === 'share'
      ? wilson({ successes: count(estimator.successes), n, confidence })
      : npsOf(count(estimator.promoters), count(estimator.detractors), n, confidence)
  if (isRefusal(estimate)) throw new Error(`[metric ${card.name}] ${estimate.reason}`)
  return { value: estimate.value, low: estimate.low, high: estimate.high }
}

function npsOf(promoters: number, detractors: number, n: number, confidence: number) {
  return adjustedWald({ promoters, passives: n - promoters - detractors, detractors, confidence })
}

/** A part's count over valid rows. */
export function countPart(card: MetricCard, name: string, rows: readonly Row[]): number {
  const part = card.parts[name]
  if (part === undefined) throw new Error(`[metric ${card.name}] has no part ${name}.`)
  return countRows(part, rows)
}

function countRows(part: Part, rows: readonly Row[]): number {
  const { where } = part
  const counted = where === undefined ? rows : rows.filter((row) => matches(where, row))
  if (part.count === 'rows') return counted.length
  return new Set(counted.map((row) => row[part.column] ?? null).filter((value) => value !== null)).size
}

function inRequest(card: MetricCard, { from, to, where }: CheckedRequest, row: Row): boolean {
  const kept = where.every(([name, values]) => values.some((value) => value === textOf(row[name])))
  if (!kept || (from === undefined && to === undefined)) return kept
  const at = timeOf(card, row)
  if (at === null) return false
  const text =
    card.time.kind === 'date'
      ? at.toFormat('yyyy-MM-dd')
      : at.toUTC().toFormat("yyyy-MM-dd HH:mm:ss.SSS'000'")
  return (from === undefined || text >= from) && (to === undefined || text < to)
}

function groupOf(
  card: MetricCard,
  { by, grain, timezone }: CheckedRequest,
  row: Row,
): Record<string, string | null> {
  const period: Record<string, string | null> =
    grain === undefined ? {} : { period: periodOf(card, grain, timezone, row) }
  return { ...period, ...Object.fromEntries(by.map((name) => [name, textOf(row[name])])) }
}

function periodOf(card: MetricCard, grain: Grain, timezone: string, row: Row): string | null {
  const at = timeOf(card, row)
  const local = card.time.kind === 'date' ? at : at?.setZone(timezone)
  return local?.startOf(grain).toFormat('yyyy-MM-dd') ?? null
}

function timeOf(card: MetricCard, row: Row): DateTime | null {
  const value = row[card.time.column]
  if (value === null || value === undefined) return null
  const at =
    value instanceof Date
      ? DateTime.fromJSDate(value, { zone: 'utc' })
      : DateTime.fromISO(textOf(value)?.replace(' ', 'T') ?? '', { zone: 'utc' })
  if (!at.isValid)
    throw new Error(`[metric ${card.name}] ${card.time.column} is no time; give a Date or ISO text.`)
  return at
}

/** Values of dimensions are text; anything else a row may hold is shown as JSON. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
