/** Rows of landed streams for tests of source models: given records as they land, the rows of the canonical tables. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { columnsOf } from '#lake/columns-of.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { Row } from '#lake/engine.ts'
import { identifier, literal } from '#lake/quote.ts'
import type { Model, RawInput } from '#models/define-model.ts'

export type SourceRows = {
  /** Build one model over records by stream; streams left out are empty. Rows come in order of all columns. */
  readonly of: (model: Model | undefined, records: Readonly<Record<string, readonly Row[]>>) => Promise<Row[]>
  readonly close: () => void
}

export async function sourceRows(): Promise<SourceRows> {
  const folder = mkdtempSync(join(tmpdir(), 'source-'))
  const engine = createDuckdbEngine({ memoryMb: 500, threads: 1, tempFolder: folder })
  const writer = await (await DuckDBInstance.create(':memory:')).connect()
  let builds = 0
  return {
    async of(model, records) {
      if (model === undefined) throw new Error('There is no such model.')
      const out = join(folder, `build-${(builds += 1)}`)
      mkdirSync(out)
      if (model.make.by !== 'query') throw new Error(`${model.name} has no query.`)
      const inputs = await Promise.all(
        Object.entries(model.raw).map(async ([table, input]) => ({
          table,
          columns: columnsOf(input.record),
          files: await landed(writer, input, records[input.stream] ?? [], join(out, `${table}.parquet`)),
        })),
      )
      const { columns, make } = model
      const file = join(out, 'built.parquet')
      await using session = await engine.open()
      await session.write({ query: make.query, inputs, columns, file })
      const built = { table: 'built', columns, files: [file] }
      return engine.rows({ sql: 'select * from built order by all', parameters: [] }, [built])
    },
    close() {
      writer.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function landed(
  writer: DuckDBConnection,
  { record }: RawInput,
  rows: readonly Row[],
  file: string,
): Promise<string[]> {
  if (rows.length === 0) return []
  const columns = columnsOf(record).map(({ name, type }) => {
    const path = literal(`$."${name}"`)
    const value = type === 'JSON' ? `r->${path}` : `r->>${path}`
    return `cast(${value} as ${type}) as ${identifier(name)}`
  })
  const json = `from_json(${literal(JSON.stringify(rows))}, '["JSON"]')`
  await writer.run(
    `copy (select ${columns.join(', ')} from (select unnest(${json}) as r)) to ${literal(file)} (format parquet)`,
  )
  return [file]
}
