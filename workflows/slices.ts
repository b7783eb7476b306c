/** A window cut into half-open slices that are read one by one: whole calendar months or years, or so many days. */

export type SliceLength = { readonly count: number; readonly unit: 'day' | 'month' | 'year' }

export type Slice = { readonly from: string; readonly to: string }

/** `7d`, `2w`, `1mo`, `1y`; undefined for anything else. */
export function sliceLength(text: string): SliceLength | undefined {
  const [, digits = '', unit = ''] = /^([1-9]\d{0,3})(d|w|mo|y)$/.exec(text) ?? []
  const count = Number(digits)
  if (unit === 'd') return { count, unit: 'day' }
  if (unit === 'w') return { count: 7 * count, unit: 'day' }
  if (unit === 'mo') return { count, unit: 'month' }
  return unit === 'y' ? { count, unit: 'year' } : undefined
}

/** From and to are days (YYYY-MM-DD); months and years are cut where they begin. Answers instants in UTC, oldest first. */
export function slicesOf({ from, to }: Slice, length: SliceLength): Slice[] {
  const slices: Slice[] = []
  for (let start = from; start < to;) {
    const next = nextCut(start, length)
    const end = next < to ? next : to
    slices.push({ from: midnight(start), to: midnight(end) })
    start = end
  }
  return slices
}

function nextCut(day: string, { count, unit }: SliceLength): string {
  const date = new Date(midnight(day))
  if (unit === 'day') date.setUTCDate(date.getUTCDate() + count)
  else if (unit === 'month') date.setUTCMonth(date.getUTCMonth() + count, 1)
  else date.setUTCFullYear(date.getUTCFullYear() + count, 0, 1)
  return date.toISOString().slice(0, 10)
}

function midnight(day: string): string {
  return `${day}T00:00:00.000Z`
}
