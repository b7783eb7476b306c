/** Rows that a program makes, written as one Parquet file; it reads its inputs in batches. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { batchesOf } from './duckdb-rows.ts'
import { createDuckdbSink } from './duckdb-sink.ts'
import type { ProgramRequest, Row } from './engine.ts'
import { identifier, literal } from './quote.ts'
import { condition } from './slice-sql.ts'

/** Answers the rows written. Throws when a row has a column that the contract lacks, or the program reads a table it does not name. */
export async function writeProgram(
  session: DuckDBConnection,
  { program, inputs, columns, only, file }: ProgramRequest,
  { memoryLimit, tempFolder }: { readonly memoryLimit: string; readonly tempFolder: string },
): Promise<number> {
  const known = new Set(columns.map(({ name }) => name))
  const sink = createDuckdbSink({ temporaryFolder: tempFolder, memoryLimit })
  try {
    await sink.open({ columns, derived: [] })
    for await (const rows of program(reader(session, new Set(inputs.map(({ table }) => table))))) {
      for (const row of rows) refuseExtra(row, known)
      await sink.append(rows)
    }
    const draft = `${file}.draft`
    if (sink.buffered().rows > 0) await sink.flush({ path: draft, constants: {}, metadata: {} })
    else await session.run(`COPY (${none(columns)}) TO ${literal(draft)} (FORMAT parquet)`)
    const where = only === undefined ? '' : ` WHERE ${condition(only)}`
    const copied = await session.runAndReadAll(
      `COPY (SELECT * FROM read_parquet(${literal(draft)})${where}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
    )
    return Number(copied.getRowsJson()[0]?.[0] ?? 0)
  } finally {
    await sink.abort()
  }
}

function reader(session: DuckDBConnection, tables: ReadonlySet<string>) {
  return (table: string): AsyncIterable<Row[]> => {
    if (!tables.has(table))
      throw new Error(`[models] the program reads ${table}, which is not among its inputs; declare it.`)
    const name = table.split('.').map(identifier).join('.')
    return batchesOf(session, { sql: `SELECT * FROM ${name}`, parameters: [] })
  }
}

function refuseExtra(row: Row, known: ReadonlySet<string>): void {
  const extra = Object.keys(row).filter((name) => !known.has(name))
  if (extra.length > 0)
    throw new Error(`the program adds ${extra.join(', ')}; change the program or the contract.`)
}

function none(columns: ProgramRequest['columns']): string {
  const list = columns.map(({ name, type }) => `NULL::${type} AS ${identifier(name)}`)
  return `SELECT ${list.join(', ')} WHERE false`
}
