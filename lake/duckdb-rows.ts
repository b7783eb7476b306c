/** Rows of a DuckDB query as plain JavaScript. */
import {
  type DuckDBConnection,
  type DuckDBResultReader,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { CompiledQuery, Row } from './engine.ts'

export async function rowsOf(session: DuckDBConnection, query: CompiledQuery): Promise<Row[]> {
  return plainRows(await session.runAndReadAll(query.sql, bound(query)))
}

/** The same, handed over in batches; nothing of what is not asked for is kept in memory. */
export async function* batchesOf(session: DuckDBConnection, query: CompiledQuery): AsyncIterable<Row[]> {
  const result = await session.stream(query.sql, bound(query))
  const dates = datesAmong(result.columnNames(), (index) => result.columnTypeId(index))
  for await (const rows of result.yieldRowObjectJs()) yield rows.map((row) => plainRow(row, dates))
}

/** Undefined for none: a statement is run at once then, instead of being prepared. */
export function bound({ parameters }: CompiledQuery): DuckDBValue[] | undefined {
  if (parameters.length === 0) return undefined
  return parameters.map((value) => (value instanceof Date ? value.toISOString() : (value as DuckDBValue)))
}

function plainRows(result: DuckDBResultReader): Row[] {
  const dates = datesAmong(result.columnNames(), (index) => result.columnTypeId(index))
  return result.getRowObjectsJS().map((row) => plainRow(row, dates))
}

function datesAmong(names: readonly string[], typeOf: (index: number) => DuckDBTypeId): ReadonlySet<string> {
  return new Set(names.filter((_, index) => typeOf(index) === DuckDBTypeId.DATE))
}

function plainRow(row: Readonly<Record<string, unknown>>, dates: ReadonlySet<string>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value, dates.has(name))]))
}

/** Instants as ISO 8601 in UTC, dates as YYYY-MM-DD, whole numbers beyond 2^53 as text. */
function plain(value: unknown, isDate: boolean): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return isDate ? value.toISOString().slice(0, 10) : value.toISOString()
  return value
}
