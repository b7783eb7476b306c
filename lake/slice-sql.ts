/** Slices as DuckDB sees them: exactly the declared columns of exactly the named files, and of their rows only those the filters let through. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from './column.ts'
import type { RowFilter, Slice } from './engine.ts'
import { duckdbSpelling } from './engine-spelling.ts'
import { identifier, literal } from './quote.ts'

/** How slices are made visible to a select: as names of its own, and by statements that come before it and after. */
export type Exposure = { readonly names: readonly string[]; readonly create: string; readonly drop: string }

/** After white space and comments, the names that a select has of its own. */
const beginning = /^(?:\s|--[^\n]*\n|\/\*.*?\*\/)*with\s+(recursive\s+)?(.*)$/is

/** The select with more names of its own. */
export function naming(names: readonly string[], sql: string): string {
  if (names.length === 0) return sql
  const [, recursive = '', rest] = beginning.exec(sql) ?? []
  const list = names.join(', ')
  return rest === undefined ? `WITH ${list} ${sql}` : `WITH ${recursive}${list}, ${rest}`
}

/**
 * As names of the select's own, since DuckDB looks at a view's files when it is made and again when it is read; as views where
 * such a name would not be found or would be another: in a schema, or beside a name of the select's own.
 */
export async function exposure(
  session: DuckDBConnection,
  sql: string,
  slices: readonly Slice[],
): Promise<Exposure> {
  const asViews = /\bmain\b/i.test(sql) ? slices : slices.filter(({ table }) => !isFree(table, sql))
  const names: string[] = []
  for (const slice of slices)
    if (!asViews.includes(slice))
      names.push(`${identifier(slice.table)} AS NOT MATERIALIZED (${await sliceSelect(session, slice)})`)
  return { names, ...(await views(session, asViews)) }
}

/** Whether a select may begin with this name: it is no schema's, and the select gives it no meaning of its own. */
function isFree(table: string, sql: string): boolean {
  const own = new RegExp(
    `${table.replace(/\W/g, '\\$&')}"?\\s*(\\([^)]*\\)\\s*)?as\\s*(not\\s+)?(materialized\\s*)?\\(`,
    'i',
  )
  return !table.includes('.') && !own.test(sql)
}

export async function views(
  session: DuckDBConnection,
  slices: readonly Slice[],
): Promise<Omit<Exposure, 'names'>> {
  const create: string[] = []
  const drop: string[] = []
  for (const slice of slices) {
    const [schema = '', table = ''] = slice.table.includes('.')
      ? slice.table.split('.', 2)
      : ['main', slice.table]
    if (schema !== 'main') create.push(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`)
    const view = `${identifier(schema)}.${identifier(table)}`
    create.push(`CREATE VIEW ${view} AS ${await sliceSelect(session, slice)}`)
    drop.push(`DROP VIEW IF EXISTS ${view}`)
  }
  return { create: create.join('; '), drop: drop.join('; ') }
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
  const present = await columnsIn(session, read, slice)
  const conditions = [...anyOf(slice.only), ...notReplaced(slice.landed?.replaced ?? [])]
  const names = [...slice.columns.map(({ name }) => name), ...(slice.fileColumn ? [slice.fileColumn] : [])]
  const shown = new Set(names.map((name) => name.toLowerCase()))
  const hidden = [...present].filter((name) => !shown.has(name.toLowerCase())).map(identifier)
  const declaredColumns = slice.columns.map((column) => declared(column, present))
  if (conditions.length === 0)
    return `SELECT ${[...declaredColumns, ...names.slice(slice.columns.length).map(identifier)].join(', ')} FROM ${read}`
  const given = [...declaredColumns, ...names.slice(slice.columns.length).map(identifier), ...hidden]
  return `SELECT ${names.map(identifier).join(', ')} FROM (SELECT ${given.join(', ')} FROM ${read}) AS given WHERE ${conditions.join(' AND ')}`
}

/** Files may be older than what is read of them, unless they are known to have just these columns, or more. */
async function columnsIn(
  session: DuckDBConnection,
  read: string,
  slice: Slice,
): Promise<ReadonlySet<string>> {
  if (slice.exact)
    return new Set([
      ...slice.columns.map(({ name }) => name),
      ...(slice.fileColumn ? [slice.fileColumn] : []),
    ])
  return new Set((await session.run(`SELECT * FROM ${read} LIMIT 0`)).columnNames())
}

/** A column that older files have under another name is read from there, and one they do not have is null in them. */
function declared({ name, type, formerly = [] }: Column, present: ReadonlySet<string>): string {
  const found = [name, ...formerly].filter((each) => present.has(each)).map(identifier)
  const value = found.length > 1 ? `COALESCE(${found.join(', ')})` : (found[0] ?? 'NULL')
  return `CAST(${value} AS ${type}) AS ${identifier(name)}`
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
