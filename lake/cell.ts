/** JavaScript values as Parquet stores them: one conversion per column type, shared by every sink. */
import type { ColumnType } from './column.ts'

const ZONED = /(?:[zZ]|[+-]\d{2}(?::?\d{2})?)$/
const SUB_MILLISECOND = /\.\d{3}(\d{1,3})/

/**
 * Microseconds since 1970 UTC of an instant: a Date, or ISO 8601 text (without a zone it is read as UTC; digits below a microsecond are cut).
 * `2024-05-01T00:00:00.000001Z` → `1714521600000001n`. Throws a RangeError on anything else.
 */
export function microseconds(value: unknown): bigint {
  if (value instanceof Date) return BigInt(value.getTime()) * 1000n
  const text = String(value)
  const zoned = text.endsWith('Z') || text.length <= 10 || ZONED.test(text) ? text : `${text}Z`
  if (zoned.length <= 24) return BigInt(Date.parse(zoned)) * 1000n
  // Engines differ in what they do with digits below a millisecond, so those are counted apart.
  const below = SUB_MILLISECOND.exec(zoned)?.[1] ?? ''
  return BigInt(Date.parse(zoned.replace(/(\.\d{3})\d+/, '$1'))) * 1000n + BigInt(below.padEnd(3, '0'))
}

/** Days since 1970-01-01 of a Date or of text starting with YYYY-MM-DD. `1969-12-31` → -1. Throws a RangeError on anything else. */
export function daysSince1970(value: unknown): number {
  const milliseconds = value instanceof Date ? value.getTime() : Date.parse(String(value).slice(0, 10))
  if (Number.isNaN(milliseconds)) throw new RangeError('not a date')
  return Math.floor(milliseconds / 86_400_000)
}

/** A whole number. Throws a RangeError when there is a fraction. */
export function wholeNumber(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt(value as number | string | boolean)
}

/** A decimal as its unscaled integer, half away from zero: (`-1.005`, 2) → `-101n`. Throws a RangeError when it is no number. */
export function unscaled(value: unknown, scale: number): bigint {
  const text = typeof value === 'number' ? plainNumber(value) : String(value)
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim())
  if (!parts || (parts[2] === '' && !parts[3])) throw new RangeError('not a decimal')
  const fraction = (parts[3] ?? '').padEnd(scale + 1, '0')
  const whole = BigInt(`${parts[2]}${fraction.slice(0, scale)}`)
  const rounded = Number(fraction[scale]) >= 5 ? whole + 1n : whole
  return parts[1] === '-' ? -rounded : rounded
}

/** A number without an exponent: 1e-7 → `0.0000001`. */
function plainNumber(value: number): string {
  const text = String(value)
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!parts) return text
  const [, sign = '', first = '', rest = '', power = '0'] = parts
  const digits = first + rest
  const point = 1 + Number(power)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0').slice(0, point)}.${digits.slice(point) || '0'}`
}

/** Text of a nested value: JSON, with bigints as plain digits. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner))
}

/** Text of a plain value, JSON of a nested one. */
export function plainText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'object'
      ? jsonText(value)
      : `${value as number}`
}

/** [precision, scale] of a DECIMAL type, otherwise null. */
export function decimalOf(type: ColumnType): readonly [number, number] | null {
  const parts = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type)
  return parts ? [Number(parts[1]), Number(parts[2])] : null
}
