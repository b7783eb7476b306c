/** Reads a Parquet file through DuckDB, in chunks, as text of the same notations other files use. */
import { DuckDBInstance } from '@duckdb/node-api'
import { z } from 'zod'
import type { StreamSettings } from './files-config.ts'
import { FileDamaged } from './files-decode.ts'
import { headingOf } from './files-heading.ts'
import type { Member } from './files-open.ts'
import type { Row } from './files-rows.ts'

const settings = {
  threads: '1',
  memory_limit: '256MB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}

const Described = z.array(z.object({ column_name: z.string(), column_type: z.string() }))
const Texts = z.array(z.string().nullable())

/** Rows with their number as line; the file's schema is held to the stream's columns like a heading line. */
export async function* parquetRows(member: Member, stream: StreamSettings): AsyncGenerator<Row> {
  if (member.absolute === undefined)
    throw new FileDamaged('Parquet inside an archive is not read; lay the file down unpacked')
  const instance = await DuckDBInstance.create(':memory:', settings)
  const connection = await instance.connect()
  try {
    const source = `read_parquet('${member.absolute.replaceAll("'", "''")}')`
    const described = await connection
      .runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)
      .catch((error: unknown) =>
        Promise.reject(new FileDamaged('it is not a Parquet file', { cause: error })),
      )
    const columns = Described.parse(described.getRowObjectsJson())
    const heading = headingOf(
      columns.map(({ column_name }) => column_name),
      stream,
      1,
    )
    const result = await connection.stream(`SELECT ${columns.map(asText).join(', ')} FROM ${source}`)
    let line = 0
    for await (const rows of result.yieldRowsJson())
      for (const row of rows) {
        line += 1
        yield { line, record: heading.record(Texts.parse(row)) }
      }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

function asText({ column_name: name, column_type: type }: z.output<typeof Described>[number]): string {
  const column = `"${name.replaceAll('"', '""')}"`
  const nested = /\[|^(STRUCT|MAP|UNION)/.test(type)
  return nested ? `to_json(${column})::VARCHAR` : `${column}::VARCHAR`
}
