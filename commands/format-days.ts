/** Many days in few words. */
import { addDays } from '#lake/calendar.ts'

/** Neighbouring days become a range; at most so many ranges are told, then how many days there are more. */
export function formatDays(days: readonly string[], most = 3): string {
  const dated = days.filter((day) => day !== '').toSorted()
  const ranges: { from: string; to: string; days: number }[] = []
  for (const day of dated) {
    const last = ranges.at(-1)
    if (last && addDays(last.to, 1) === day) {
      last.to = day
      last.days += 1
    } else ranges.push({ from: day, to: day, days: 1 })
  }
  const told = ranges.slice(0, most).map(({ from, to }) => (from === to ? from : `${from} to ${to}`))
  const rest = ranges.slice(most).reduce((sum, range) => sum + range.days, 0)
  if (rest > 0) told.push(`${rest} more days`)
  if (dated.length < days.length) told.push('rows without a time')
  return told.join(', ')
}
