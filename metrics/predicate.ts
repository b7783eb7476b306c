/** A tiny language for "which rows": enough for metric cards, and rendered alike as SQL and as TypeScript. */
import { z } from 'zod'

const Literal = z.union([z.string(), z.number(), z.boolean()])
type Literal = z.infer<typeof Literal>

export type Predicate =
  | { column: string; in: readonly Literal[]; absentOr?: true | undefined }
  | { column: string; between: readonly [number | null, number | null]; absentOr?: true | undefined }
  | { column: string; present: true }
  | { all: readonly Predicate[] }
  | { not: Predicate }

/**
 * Two-valued: a condition on a null (or NaN) is false, never unknown.
 * `between` includes both ends; `absentOr` also takes rows in which the column is null.
 */
export const Predicate: z.ZodType<Predicate> = z.union([
  z.strictObject({ column: z.string(), in: z.array(Literal).min(1), absentOr: z.literal(true).optional() }),
  z.strictObject({
    column: z.string(),
    between: z.tuple([z.number().nullable(), z.number().nullable()]),
    absentOr: z.literal(true).optional(),
  }),
  z.strictObject({ column: z.string(), present: z.literal(true) }),
  z.strictObject({
    get all() {
      return z.array(Predicate)
    },
  }),
  z.strictObject({
    get not() {
      return Predicate
    },
  }),
])

/** Whether a row satisfies the predicate. */
export function matches(predicate: Predicate, row: Readonly<Record<string, unknown>>): boolean {
  if ('all' in predicate) return predicate.all.every((part) => matches(part, row))
  if ('not' in predicate) return !matches(predicate.not, row)
  const value = row[predicate.column]
  const absent = value === null || value === undefined
  if ('present' in predicate) return !absent
  if (absent) return predicate.absentOr === true
  if ('in' in predicate) return predicate.in.some((wanted) => wanted === value)
  const [low, high] = predicate.between
  const number = Number(value)
  return !Number.isNaN(number) && (low === null || number >= low) && (high === null || number <= high)
}

/** The same condition as a DuckDB expression: true for the rows taken, false or null for the others, as WHERE and FILTER want it. */
export function predicateSql(predicate: Predicate): string {
  if ('all' in predicate)
    return predicate.all.length === 0 ? 'true' : `(${predicate.all.map(predicateSql).join(' AND ')})`
  if ('not' in predicate) return `NOT coalesce(${predicateSql(predicate.not)}, false)`
  const column = identifierSql(predicate.column)
  if ('present' in predicate) return `${column} IS NOT NULL`
  const test =
    'in' in predicate
      ? `${column} IN (${predicate.in.map(literalSql).join(', ')})`
      : betweenSql(column, predicate.between)
  return predicate.absentOr === true ? `(${column} IS NULL OR ${test})` : test
}

/** Names of the columns a predicate reads. */
export function predicateColumns(predicate: Predicate): string[] {
  if ('all' in predicate) return predicate.all.flatMap(predicateColumns)
  return 'not' in predicate ? predicateColumns(predicate.not) : [predicate.column]
}

/** DuckDB orders NaN above every number: an upper end excludes it, without one it is excluded by name. */
function betweenSql(column: string, [low, high]: readonly [number | null, number | null]): string {
  const upper = high === null ? `NOT isnan(CAST(${column} AS DOUBLE))` : `${column} <= ${numberSql(high)}`
  return low === null ? upper : `(${column} >= ${numberSql(low)} AND ${upper})`
}

export function identifierSql(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A number as a DuckDB DOUBLE; plain decimals would be DECIMAL, with its own rounding. */
export function numberSql(value: number): string {
  return value.toExponential()
}

export function literalSql(value: string | number | boolean): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return typeof value === 'number' ? numberSql(value) : String(value)
}
