/** Rows that a program makes, written as one Parquet file; it reads its inputs in batches. */
import { rm } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from './column.ts'
import { parquetOptions } from './duckdb-parquet.ts'
import { batchesOf } from './duckdb-rows.ts'
import { createDuckdbSink } from './duckdb-sink.ts'
import type { ProgramRequest, Row, Slice } from './engine.ts'
import { identifier, literal } from './quote.ts'
import { condition } from './slice-sql.ts'

export type ProgramOptions = {
  readonly memoryMb: number
  readonly tempFolder: string
  readonly signal: AbortSignal | undefined
  /** A further connection to the same tables: what is read in batches keeps one busy. */
  readonly connect: () => Promise<DuckDBConnection>
}

/** Answers the rows written. Throws when a row has a column that the contract lacks, or the program reads a table it does not name. */
export async function writeProgram(
  session: DuckDBConnection,
  { program, inputs, columns, only, file }: ProgramRequest,
  { memoryMb, tempFolder, signal, connect }: ProgramOptions,
): Promise<number> {
  const known = new Set(columns.map(({ name }) => name))
  const sink = createDuckdbSink({ temporaryFolder: tempFolder, memoryMb })
  const draft = `${file}.draft`
  try {
    await sink.open({ columns: columns.map(asWritten), derived: [] })
    for await (const rows of program(reader(connect, inputs, signal))) {
      signal?.throwIfAborted()
      for (const row of rows) refuseExtra(row, known)
      await sink.append(rows)
    }
    if (sink.buffered().rows > 0) await sink.flush({ path: draft, constants: {}, metadata: {} })
    else await session.run(`COPY (${none(columns)}) TO ${literal(draft)} (FORMAT parquet)`)
    const list = columns.map(
      ({ name, type }) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`,
    )
    const where = only === undefined ? '' : ` WHERE ${condition(only)}`
    const copied = await session.runAndReadAll(
      `COPY (SELECT ${list.join(', ')} FROM read_parquet(${literal(draft)})${where}) TO ${literal(file)} (${parquetOptions})`,
    )
    return Number(copied.getRowsJson()[0]?.[0] ?? 0)
  } finally {
    await sink.abort()
    await rm(draft, { force: true })
  }
}

/** What a program reads of a JSON column is its text, so that is what it hands on. */
function asWritten({ name, type }: Column): Column {
  return { name, type: type === 'JSON' ? 'VARCHAR' : type }
}

function reader(
  connect: ProgramOptions['connect'],
  inputs: readonly Slice[],
  signal: AbortSignal | undefined,
) {
  return async function* (table: string): AsyncIterable<Row[]> {
    const columns = inputs.find((input) => input.table === table)?.columns
    if (columns === undefined)
      throw new Error(`[models] the program reads ${table}, which is not among its inputs; declare it.`)
    const name = table.split('.').map(identifier).join('.')
    const session = await connect()
    try {
      for await (const rows of batchesOf(session, {
        sql: `SELECT ${columns.map(exactly).join(', ')} FROM ${name}`,
        parameters: [],
      })) {
        signal?.throwIfAborted()
        yield rows
      }
    } finally {
      session.closeSync()
    }
  }
}

/** JavaScript's dates end at the millisecond and its numbers at 2^53: what is finer is handed over as text, which is written as exactly. */
function exactly({ name, type }: Column): string {
  const column = identifier(name)
  if (type === 'TIMESTAMP') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ') AS ${column}`
  return type.startsWith('DECIMAL') ? `${column}::VARCHAR AS ${column}` : column
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
