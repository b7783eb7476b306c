/** The few expressions that the lake itself asks of an engine, in DuckDB's spelling: a second engine is a second value of this type. */
import { identifier, literal } from './quote.ts'

export type EngineSpelling = {
  /** A whole number of 64 bits that separates rows: equal values give equal hashes, of equal salt; null has one too. */
  readonly hash: (columns: readonly string[], salt?: string) => string
  /** The same of one key's text, so that keys of different types meet. */
  readonly hashOfKey: (column: string) => string
  /** The day of a timestamp or date in UTC; null when there is none. */
  readonly day: (column: string) => string
  /** The exact sum of hashes as text. */
  readonly sumOfHashes: (column: string) => string
  /** The bucket of a key, the same on every engine: of its text's MD5 the first eight hexadecimal digits, modulo n; null is in bucket 0. */
  readonly bucket: (key: string, of: number) => string
  /** Whether a timestamp or date lies in [from, to); null is unbounded. */
  readonly inSpan: (column: string, from: string | null, to: string | null) => string
  readonly isUndated: (column: string) => string
}

/** Times that a calendar of four-digit years can name; others (infinity, the year 12024) count as unknown. */
const [first, last] = ["TIMESTAMP '0001-01-01'", "TIMESTAMP '9999-01-01'"]

export const duckdbSpelling: EngineSpelling = {
  hash: (columns, salt) =>
    `hash(${[...columns.map(identifier), ...(salt === undefined ? [] : [literal(salt)])].join(', ')})`,
  hashOfKey: (column) => `hash(${identifier(column)}::VARCHAR)`,
  day: (column) => `case when ${isDated(column)} then ${identifier(column)}::DATE end`,
  sumOfHashes: (column) => `coalesce(sum(${identifier(column)}::HUGEINT), 0)::VARCHAR`,
  bucket: (key, of) =>
    `coalesce(('0x' || substr(md5(${identifier(key)}::VARCHAR), 1, 8))::BIGINT % ${of}, 0)`,
  inSpan: (column, from, to) =>
    `(${identifier(column)} >= ${from === null ? first : startOf(from)} and ${identifier(column)} < ${to === null ? last : startOf(to)})`,
  isUndated: (column) => `coalesce(not ${isDated(column)}, true)`,
}

function isDated(column: string): string {
  return `(${identifier(column)} >= ${first} and ${identifier(column)} < ${last})`
}

function startOf(day: string): string {
  return `TIMESTAMP ${literal(day)}`
}
