/** Which spans of days a model cut by time is built in: whole months, and in the newest month the span so far with further days beside it. */
import { addDays, monthStart, nextMonth } from '#lake/calendar.ts'
import type { Day } from '#lake/content.ts'

export type Span = { readonly from: Day; readonly to: Day }

export type SpansWanted = {
  /** Days on which the model may have rows, in order. */
  readonly days: readonly Day[]
  readonly unit: 'day' | 'month'
  /** Spans that are built already, in order. */
  readonly built: readonly Span[]
  /** Days after this one do not keep a month open: a typing error may lie in the year 2099. */
  readonly today: Day
}

/**
 * Months before the newest one are whole. The newest grows: what is built of it stays, and days after that become one span beside it, so
 * that a new day builds a day. Rows never depend on where the cuts are.
 */
export function spansOf({ days, unit, built, today }: SpansWanted): Span[] {
  const newest = days.findLast((day) => day <= today) ?? days.at(-1)
  if (newest === undefined) return []
  const months = [...new Set(days.map(monthStart))]
  return months.flatMap((month): Span[] => {
    const whole = { from: month, to: nextMonth(month) }
    if (unit === 'month' || month !== monthStart(newest)) return [whole]
    // Days after today are rows all the same: in this month they belong to it.
    const last = days.findLast((day) => monthStart(day) === month) ?? newest
    return growing({ from: month, to: addDays(last, 1) }, days, built)
  })
}

/** The built spans inside this one, and beside them the rest that holds days. */
function growing(open: Span, days: readonly Day[], built: readonly Span[]): Span[] {
  const kept = built.filter(({ from, to }) => from >= open.from && to <= open.to && holds(days, { from, to }))
  const spans: Span[] = []
  let from = open.from
  for (const span of [...kept, { from: open.to, to: open.to }]) {
    if (from < span.from && holds(days, { from, to: span.from })) spans.push({ from, to: span.from })
    if (span.from < span.to) spans.push(span)
    from = span.to
  }
  return spans
}

function holds(days: readonly Day[], { from, to }: Span): boolean {
  return days.some((day) => day >= from && day < to)
}

/** The built spans that together are exactly this one: a closed month is put together from its days. Undefined when they leave a gap with days in it. */
export function piecesOf(span: Span, days: readonly Day[], built: readonly Span[]): Span[] | undefined {
  const inside = built.filter(({ from, to }) => from >= span.from && to <= span.to)
  const covered = (day: Day) => inside.some(({ from, to }) => day >= from && day < to)
  const needed = days.filter((day) => day >= span.from && day < span.to)
  return inside.length > 1 && needed.every(covered) ? inside : undefined
}
