/** Days and months in UTC as texts that sort: `2024-03-01`, `2024-03`. */
import { DateTime } from 'luxon'
import type { Day } from './content.ts'

export function addDays(day: Day, days: number): Day {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toFormat('yyyy-MM-dd')
}

/** The first day of the month that holds this day. */
export function monthStart(day: Day): Day {
  return `${day.slice(0, -2)}01`
}

/** The first day of the month after the one that holds this day. */
export function nextMonth(day: Day): Day {
  return DateTime.fromISO(monthStart(day), { zone: 'utc' }).plus({ months: 1 }).toFormat('yyyy-MM-dd')
}
