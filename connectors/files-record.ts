/** The record of a file stream: a zod object made from its column settings, which turns written values into typed ones. */
import { z } from 'zod'
import type { ColumnSettings, StreamSettings } from './files-config.ts'
import { isRoundedId, plainMoney, plainNumber } from './files-number.ts'
import { dayOf, instantOf, type TimeNotation } from './files-time.ts'

type Cell = string | number | boolean | null
/** A typed value, or what is wrong with the written one (never the value itself). */
type Read = { readonly value: unknown } | { readonly problem: string }

/** One schema per column; key columns must hold a value, all others may be empty. */
export function recordOf(stream: StreamSettings): z.ZodObject {
  const shape = Object.entries(stream.columns).map(([name, column]) => {
    const isKey = stream.key.includes(name)
    const read = readerOf(column, stream, isKey)
    const target = plainTypes[column.type]
    const written = z.unknown().transform((cell, context) => {
      const result = read(cell)
      if ('value' in result) return result.value
      context.issues.push({ code: 'custom', message: result.problem, input: undefined })
      return z.NEVER
    })
    const schema = written.pipe(isKey ? target : target.nullable())
    return [name, schema.meta({ formerly: column.formerly })] as const
  })
  return z.object(Object.fromEntries(shape))
}

/** Reads one written value of a column. */
export function readerOf(
  column: ColumnSettings,
  stream: Pick<StreamSettings, 'nulls' | 'timezone'>,
  isKey = false,
): (cell: unknown) => Read {
  const nulls = new Set(column.nulls ?? stream.nulls)
  const notation = { timezone: column.timezone ?? stream.timezone, format: column.format }
  return (cell) => {
    if (cell === undefined || cell === null) return { value: null }
    if (typeof cell === 'object') return column.type === 'json' ? { value: cell } : problem('a nested value')
    const coded = codeOf(column, cell as Cell)
    if (coded === null || (typeof coded === 'string' && nulls.has(coded.trim()))) return { value: null }
    if (isKey && typeof coded === 'string' && isRoundedId(coded))
      return { problem: 'an id rounded by a spreadsheet (such as 5.7E+17); export it as text' }
    if (column.type === 'json' && typeof coded !== 'string') return { value: coded }
    return readers[column.type](String(coded), column, notation)
  }
}

function codeOf({ codes }: ColumnSettings, cell: Cell): Cell {
  if (codes === undefined || cell === null) return cell
  const written = String(cell).trim()
  return Object.hasOwn(codes, written) ? (codes[written] ?? null) : cell
}

const readers: Readonly<
  Record<ColumnSettings['type'], (text: string, column: ColumnSettings, notation: TimeNotation) => Read>
> = {
  text: (text) => ({ value: text }),
  integer: (text, column) => numberOf(column, text),
  number: (text, column) => numberOf(column, text),
  money: (text, { decimal }) => found(plainMoney(text, decimal), 'not an amount with at most two decimals'),
  boolean: (text) => found(booleans.get(text.normalize('NFKC').trim().toLowerCase()), 'not a yes or no'),
  timestamp: (text, _, notation) => found(instantOf(text, notation), 'not a time this column’s format knows'),
  date: (text, _, notation) => found(dayOf(text, notation), 'not a date this column’s format knows'),
  json: (text) => jsonOf(text),
}

function numberOf({ type, decimal }: ColumnSettings, text: string): Read {
  const plain = plainNumber(text, decimal)
  const value = Number(plain)
  if (plain === null || !Number.isFinite(value)) return problem('not a number')
  if (type === 'number') return { value }
  return Number.isSafeInteger(value) && !/e/i.test(plain) ? { value } : problem('not a whole number')
}

const booleans = new Map<string, boolean>([
  ...['true', 't', 'yes', 'y', '1', 'on', '是', '有', '对'].map((yes) => [yes, true] as const),
  ...['false', 'f', 'no', 'n', '0', 'off', '否', '无', '错'].map((no) => [no, false] as const),
])

function jsonOf(text: string): Read {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return problem('not JSON')
  }
}

function found(value: string | boolean | null | undefined, what: string): Read {
  return value === null || value === undefined ? problem(what) : { value }
}

function problem(what: string): Read {
  return { problem: `the written value is ${what}` }
}

const plainTypes: Readonly<Record<ColumnSettings['type'], z.ZodType>> = {
  text: z.string(),
  integer: z.int(),
  number: z.number(),
  boolean: z.boolean(),
  timestamp: z.iso.datetime(),
  date: z.iso.date(),
  money: z.string().meta({ column: 'DECIMAL(18,2)' }),
  json: z.unknown(),
}
