/** A short name for a row's content: md5 over the texts of its values. It separates rows; it protects nothing. */
import { hash } from 'node:crypto'
import { daysSince1970, decimalOf, jsonText, microseconds, plainText, unscaled, wholeNumber } from './cell.ts'
import type { Column, ColumnType } from './column.ts'
import { identifier, literal } from './quote.ts'

const BETWEEN = '\u001F'
const ABSENT = '\u001E'

/** md5, as 32 hexadecimal digits, of the salt and the values' texts joined by U+001F, with U+001E for null. */
export function fingerprint(
  salt: string,
  columns: readonly Column[],
  row: Readonly<Record<string, unknown>>,
) {
  const texts = columns.map(({ name, type }) => valueText(type, row[name]))
  return hash('md5', [salt, ...texts].join(BETWEEN), 'hex')
}

/** The same in DuckDB, over columns of a table. */
export function fingerprintSql(salt: string, columns: readonly Column[]): string {
  const texts = columns.map(({ name, type }) => {
    const column = identifier(name)
    const text =
      type === 'TIMESTAMP'
        ? `epoch_us(${column})`
        : type === 'DATE'
          ? `(${column} - date '1970-01-01')`
          : column
    return `coalesce(${text}::varchar, chr(30))`
  })
  return `md5(concat_ws(chr(31), ${[literal(salt), ...texts].join(', ')}))`
}

function valueText(type: ColumnType, value: unknown): string {
  if (value === null || value === undefined) return ABSENT
  switch (type) {
    case 'VARCHAR':
      return plainText(value)
    case 'JSON':
      return jsonText(value)
    case 'BIGINT':
      return String(wholeNumber(value))
    case 'BOOLEAN':
      return String(Boolean(value))
    case 'TIMESTAMP':
      return String(microseconds(value))
    case 'DATE':
      return String(daysSince1970(value))
    case 'DOUBLE':
      return doubleText(Number(value))
    default:
      return decimalText(unscaled(value, decimalOf(type)?.[1] ?? 0), decimalOf(type)?.[1] ?? 0)
  }
}

/** A double as DuckDB prints it: shortest digits that read back the same, `1.0`, `1e-05`, `1e+16`, `nan`, `inf`. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (Object.is(value, -0)) return '-0.0'
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (value !== 0 && (exponent < -4 || exponent >= 16))
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

function decimalText(value: bigint, scale: number): string {
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return value < 0n ? `-${text}` : text
}
