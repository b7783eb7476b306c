/** What a reader may ask of a metric: split, filter, window and grain, checked against the card before any row is read. */
import { DateTime, IANAZone } from 'luxon'
import { z } from 'zod'
import type { MetricCard } from './card.ts'

export const grains = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Grain = (typeof grains)[number]

const Wanted = z.union([z.string(), z.null()])

export const MetricRequest = z.strictObject({
  /** Dimensions to split by. */
  by: z.array(z.string()).default([]),
  /** Values to keep, by dimension; null keeps rows without a value. */
  where: z.record(z.string(), z.union([Wanted, z.array(Wanted).min(1)])).default({}),
  /** Half-open window [from, to): a date (YYYY-MM-DD) is the first instant of that day in `timezone`, an instant carries its offset. */
  from: z.string().optional(),
  to: z.string().optional(),
  /** Also split by period, cut in `timezone`; weeks begin on Monday. */
  grain: z.enum(grains).optional(),
  /** The project's IANA zone. */
  timezone: z.string(),
  /** The published data version the rows are taken from; goes into every answer row. */
  publishedVersion: z.int().positive().nullable().default(null),
})
export type MetricRequest = z.input<typeof MetricRequest>

/** A request that was checked: filters as lists, the window as bounds of the card's time column. */
export type CheckedRequest = {
  readonly by: readonly string[]
  readonly where: readonly (readonly [column: string, values: readonly (string | null)[]])[]
  /** UTC `YYYY-MM-DD HH:MM:SS.ffffff` for an instant column, `YYYY-MM-DD` for a date column. */
  readonly from: string | undefined
  readonly to: string | undefined
  readonly grain: Grain | undefined
  readonly timezone: string
  readonly publishedVersion: number | null
}

/** The question cannot be asked of this metric; the message names what can. */
export class MetricRequestInvalid extends Error {
  override readonly name = 'MetricRequestInvalid'
}

/** Check a request against a card; throws `MetricRequestInvalid`. */
export function checkRequest(card: MetricCard, request: MetricRequest): CheckedRequest {
  const parsed = MetricRequest.safeParse(request)
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`,
    )
    throw refusal(card, mistakes.join('; '))
  }
  const { by, where, from, to, grain, timezone, publishedVersion } = parsed.data
  for (const name of by) checkDimension(card, name, 'split by')
  for (const name of Object.keys(where)) checkDimension(card, name, 'filter on')
  if (!IANAZone.isValidZone(timezone))
    throw refusal(card, `${timezone} is not an IANA time zone; give one such as Asia/Shanghai`)
  const bounds = { from: bound(card, from, timezone), to: bound(card, to, timezone) }
  if (bounds.from !== undefined && bounds.to !== undefined && bounds.from >= bounds.to)
    throw refusal(card, `from ${from} is not before to ${to}; the window is half-open`)
  return {
    by: [...new Set(by)],
    where: Object.entries(where).map(([name, value]) => [name, Array.isArray(value) ? value : [value]]),
    ...bounds,
    grain,
    timezone,
    publishedVersion,
  }
}

function checkDimension(card: MetricCard, name: string, verb: string): void {
  if (Object.hasOwn(card.dimensions, name)) return
  const allowed = Object.keys(card.dimensions).join(', ')
  throw refusal(card, `cannot ${verb} ${JSON.stringify(name)}; allowed are ${allowed}`)
}

function bound(card: MetricCard, text: string | undefined, zone: string): string | undefined {
  if (text === undefined) return undefined
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text)
  const at = DateTime.fromISO(text, { zone, setZone: !isDate })
  if (!at.isValid || (!isDate && !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text)))
    throw refusal(card, `${JSON.stringify(text)} is no date; write YYYY-MM-DD, or an instant with its offset`)
  if (card.time.kind === 'date') return at.setZone(zone).toFormat('yyyy-MM-dd')
  return at.toUTC().toFormat("yyyy-MM-dd HH:mm:ss.SSS'000'")
}

function refusal(card: MetricCard, reason: string): MetricRequestInvalid {
  return new MetricRequestInvalid(`[metric ${card.name}] ${reason}.`)
}
