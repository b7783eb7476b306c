/** SQL read by DuckDB's own parser: what a statement says, without running it and without any table. */
import { DuckDBInstance } from '@duckdb/node-api'

/** A statement's parse tree as DuckDB serializes it, or why there is none. */
export type ParsedSql = { readonly tree: unknown } | { readonly error: string }

export type Parsed = {
  /** One per statement, in their order. */
  readonly statements: readonly ParsedSql[]
  /** Names of the functions that make one value of many rows, in lower case. */
  readonly aggregates: ReadonlySet<string>
}

/** Parse selects, parameters left open (`$1`). A statement that is no single select has an error. */
export async function parseSql(statements: readonly string[]): Promise<Parsed> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    threads: '1',
  })
  const session = await instance.connect()
  try {
    const texts = async (sql: string, parameters: string[] = []) =>
      (await session.runAndReadAll(sql, parameters)).getRowsJS().map(([text]) => text as string)
    const serialized = await texts(
      `select json_serialize_sql(statement) from (select unnest(from_json($1, '["VARCHAR"]')) as statement)`,
      [JSON.stringify(statements)],
    )
    const aggregates = await texts(
      `select distinct lower(function_name) from duckdb_functions() where function_type = 'aggregate'`,
    )
    return { statements: serialized.map(parsed), aggregates: new Set(aggregates) }
  } finally {
    session.closeSync()
    instance.closeSync()
  }
}

type Serialized = {
  readonly error: boolean
  readonly error_message?: string
  readonly statements?: readonly { readonly node: unknown }[]
}

function parsed(json: string): ParsedSql {
  const { error, error_message: message, statements = [] } = JSON.parse(json) as Serialized
  if (error) return { error: message ?? 'it cannot be parsed' }
  const [only, ...others] = statements
  return only === undefined || others.length > 0
    ? { error: `it is ${statements.length} statements` }
    : { tree: only.node }
}
