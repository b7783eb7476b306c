/** Dates and times as files write them, year first unless a format says otherwise. */
import { DateTime, IANAZone } from 'luxon'

export type TimeNotation = { readonly timezone: string; readonly format: string | undefined }

type Parts = readonly [number, number, number, number, number, number, number]
type Written = { readonly parts: Parts; readonly offset: string | undefined }

const yearFirst =
  /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?:[T ]\s*(\d{1,2})[:时](\d{1,2})(?:分|:(\d{1,2})(?:秒|[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/i

/** The instant in UTC as ISO 8601 with milliseconds, or null. Times without a zone belong to `timezone`. */
export function instantOf(written: string, { timezone, format }: TimeNotation): string | null {
  const text = written.normalize('NFKC').trim()
  if (format === 'excel') return iso(excelDay(text) === null ? null : inZone(excelParts(text), timezone))
  if (format === 'unix' || format === 'unix_ms') return iso(sinceEpoch(text, format))
  if (format !== undefined) {
    const parsed = DateTime.fromFormat(text, format, { zone: timezone, setZone: true })
    return iso(parsed.isValid ? parsed.toMillis() : null)
  }
  const read = readYearFirst(text)
  if (read === null) return null
  if (read.offset === undefined) return iso(inZone(read.parts, timezone))
  const [year, month, day, hour, minute, second, milli] = read.parts
  return iso(Date.UTC(year, month - 1, day, hour, minute, second, milli) - offsetMs(read.offset))
}

/** The calendar day as `YYYY-MM-DD`, or null; a time of day, where one is written, is left off. */
export function dayOf(written: string, { format }: TimeNotation): string | null {
  const text = written.normalize('NFKC').trim()
  if (format === 'excel') {
    return excelDay(text) === null ? null : isoDay(excelParts(text))
  }
  if (format !== undefined && !format.startsWith('unix')) {
    const parsed = DateTime.fromFormat(text, format, { zone: 'utc' })
    return parsed.isValid ? parsed.toISODate() : null
  }
  const read = readYearFirst(text)
  return read === null ? null : isoDay(read.parts)
}

function readYearFirst(text: string): Written | null {
  const found = yearFirst.exec(text)
  if (found === null) return null
  const [, year, month, day, month2, day2, hour, minute, second, fraction, offset] = found
  const number = (digits: string | undefined): number => Number(digits ?? 0)
  const parts: Parts = [
    number(year),
    number(month ?? month2),
    number(day ?? day2),
    number(hour),
    number(minute),
    number(second),
    Math.trunc(Number(`0.${fraction ?? 0}`) * 1_000),
  ]
  return isReal(parts) ? { parts, offset } : null
}

function isReal([year, month, day, hour, minute, second]: Parts): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return (
    year >= 1 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  )
}

const DAY = 86_400_000
const zones = new Map<string, { readonly zone: IANAZone; readonly offsets: Map<number, number | null> }>()

/** Milliseconds since the epoch. An hour that occurs twice is the first; one that is skipped moves forward. */
function inZone([year, month, day, hour, minute, second, millisecond]: Parts, timezone: string): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, millisecond)
  const known = zones.get(timezone) ?? { zone: IANAZone.create(timezone), offsets: new Map() }
  zones.set(timezone, known)
  const number = Math.floor(wall / DAY)
  let offset = known.offsets.get(number)
  if (offset === undefined) {
    const [before, after] = [known.zone.offset((number - 1) * DAY), known.zone.offset((number + 2) * DAY)]
    offset = before === after ? before * 60_000 : null
    known.offsets.set(number, offset)
  }
  return wall - (offset ?? offsetNearChange(wall, known.zone))
}

function offsetNearChange(wall: number, zone: IANAZone): number {
  const [before, after] = [zone.offset(wall - DAY) * 60_000, zone.offset(wall + DAY) * 60_000]
  const isBefore = zone.offset(wall - before) * 60_000 === before
  const isAfter = zone.offset(wall - after) * 60_000 === after
  return isBefore || !isAfter ? before : after
}

function offsetMs(offset: string): number {
  if (/^z$/i.test(offset)) return 0
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', '') || 0)]
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** Excel counts days from 1899-12-30 (its 1900 was a leap year); the fraction is the time of day. */
function excelDay(text: string): number | null {
  const day = Number(text)
  return /^\d+(\.\d+)?$/.test(text) && day >= 61 && day < 2_958_466 ? day : null
}

function excelParts(text: string): Parts {
  const seconds = Math.round(Number(text) * 86_400)
  const at = new Date(Date.UTC(1899, 11, 30) + seconds * 1_000)
  return [
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
    0,
  ]
}

function sinceEpoch(text: string, unit: 'unix' | 'unix_ms'): number | null {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null
  return Math.trunc(Number(text) * (unit === 'unix' ? 1_000 : 1))
}

function iso(milliseconds: number | null): string | null {
  if (milliseconds === null || !(Math.abs(milliseconds) <= 8.64e15)) return null
  return new Date(milliseconds).toISOString()
}

function isoDay([year, month, day]: Parts): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
