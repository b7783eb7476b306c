/** Slices as DuckDB views: exactly the declared columns of exactly the named files, and of their rows only those the filters let through. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from './column.ts'
import type { RowFilter, Slice } from './engine.ts'
import { duckdbSpelling } from './engine-spelling.ts'
import { identifier, literal } from './quote.ts'

/** Make a slice visible under its name; answers the view's name in SQL. */
export async function expose(session: DuckDBConnection, slice: Slice): Promise<string> {
  const [schema = '', table = ''] = slice.table.includes('.')
    ? slice.table.split('.', 2)
    : ['main', slice.table]
  if (schema !== 'main') await session.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`)
  const view = `${identifier(schema)}.${identifier(table)}`
  await session.run(`CREATE VIEW ${view} AS ${await sliceSelect(session, slice)}`)
  return view
}

/** Every file that a slice reads, those of its filters too. */
export function filesOf({ files, only = [], landed }: Slice): string[] {
  const keys = only.flatMap((filter) => (filter.by === 'keys' ? filter.files : []))
  return [...files, ...keys, ...(landed?.replaced ?? [])]
}

async function sliceSelect(session: DuckDBConnection, slice: Slice): Promise<string> {
  if (slice.files.length === 0) {
    const list = slice.columns.map(({ name, type }) => `NULL::${type} AS ${identifier(name)}`)
    if (slice.fileColumn !== undefined) list.push(`NULL::VARCHAR AS ${identifier(slice.fileColumn)}`)
    return `SELECT ${list.join(', ')} WHERE false`
  }
  const filename = slice.fileColumn === undefined ? '' : `, filename = ${literal(slice.fileColumn)}`
  const read = `read_parquet(${list(slice.files)}, union_by_name = true, hive_partitioning = false${filename})`
  const present = new Set((await session.run(`SELECT * FROM ${read} LIMIT 0`)).columnNames())
  const columns = [
    ...slice.columns.map((column) => declared(column, present)),
    ...(slice.fileColumn === undefined ? [] : [identifier(slice.fileColumn)]),
  ].join(', ')
  const conditions = [...anyOf(slice.only), ...notReplaced(slice.landed?.replaced ?? [])]
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  return `SELECT ${columns} FROM ${read} AS given${where}`
}

/** A column that older files do not have is null in them. */
function declared({ name, type }: Column, present: ReadonlySet<string>): string {
  return `CAST(${present.has(name) ? identifier(name) : 'NULL'} AS ${type}) AS ${identifier(name)}`
}

function anyOf(filters: readonly RowFilter[] | undefined): string[] {
  return filters === undefined ? [] : [`(${filters.map(condition).join(' OR ') || 'false'})`]
}

export function condition(filter: RowFilter): string {
  switch (filter.by) {
    case 'span':
      return duckdbSpelling.inSpan(filter.column, filter.from, filter.to)
    case 'undated':
      return duckdbSpelling.isUndated(filter.column)
    case 'bucket':
      return `${duckdbSpelling.bucket(filter.key, filter.of)} = ${filter.bucket}`
    default:
      return filter.files.length === 0
        ? 'false'
        : `${duckdbSpelling.hashOfKey(filter.column)} IN (SELECT k FROM read_parquet(${list(filter.files)}))`
  }
}

function notReplaced(files: readonly string[]): string[] {
  if (files.length === 0) return []
  return [
    `NOT EXISTS (SELECT 1 FROM read_parquet(${list(files)}) AS replaced
      WHERE replaced.load_key = given._load_key AND replaced.part = given._part AND replaced.pos = given._pos)`,
  ]
}

function list(files: readonly string[]): string {
  return `[${files.map(literal).join(', ')}]`
}
