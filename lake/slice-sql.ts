/** Slices as DuckDB views: exactly the declared columns of exactly the named files; of landed records, the last version. */
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from './column.ts'
import type { Slice } from './engine.ts'
import { identifier, literal } from './quote.ts'

/** Make a slice visible under its name. */
export async function expose(session: DuckDBConnection, slice: Slice): Promise<void> {
  const [schema = '', table = ''] = slice.table.includes('.')
    ? slice.table.split('.', 2)
    : ['main', slice.table]
  if (schema !== 'main') await session.run(`CREATE SCHEMA IF NOT EXISTS ${identifier(schema)}`)
  await session.run(
    `CREATE VIEW ${identifier(schema)}.${identifier(table)} AS ${await sliceSelect(session, slice)}`,
  )
}

async function sliceSelect(session: DuckDBConnection, slice: Slice): Promise<string> {
  if (slice.files.length === 0) {
    const list = slice.columns.map(({ name, type }) => `NULL::${type} AS ${identifier(name)}`)
    return `SELECT ${list.join(', ')} WHERE false`
  }
  const files = `[${slice.files.map(literal).join(', ')}]`
  const filename = slice.landed ? ", filename = '_file'" : ''
  const read = `read_parquet(${files}, union_by_name = true${filename})`
  const present = new Set((await session.run(`SELECT * FROM ${read} LIMIT 0`)).columnNames())
  const list = slice.columns.map((column) => declared(column, present)).join(', ')
  return slice.landed ? latest(list, read, files) : `SELECT ${list} FROM ${read}`
}

/** A column that older files do not have is null in them. */
function declared({ name, type }: Column, present: ReadonlySet<string>): string {
  return `CAST(${present.has(name) ? identifier(name) : 'NULL'} AS ${type}) AS ${identifier(name)}`
}

/** The order of versions that landing promises; a deletion whose cursor is no time has none, and comes last of all. */
function latest(list: string, read: string, files: string): string {
  return `SELECT ${list} FROM (
    SELECT * FROM ${read}
    QUALIFY row_number() OVER (
      PARTITION BY _row_key ORDER BY _cursor DESC NULLS FIRST, list_position(${files}, _file) DESC, _pos DESC
    ) = 1
  ) WHERE _op <> 'delete'`
}
