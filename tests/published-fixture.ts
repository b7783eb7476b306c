/** A lake folder with published versions written by DuckDB, as a publish leaves it behind. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { columnsOf } from '#lake/columns-of.ts'
import type { PublishedVersion } from '#lake/published-version.ts'
import { contracts } from '#metrics/contracts.ts'
import { type Row, type Table, tableStatements } from './metric-rows.ts'

export type Tables = Readonly<Partial<Record<Table, readonly Row[]>>>

export type PublishedFixture = {
  readonly lakeRoot: string
  /** The same tables in memory, for the SQL compilation. */
  readonly connection: DuckDBConnection
  /** Write a version's files and its description, without moving the pointer. */
  readonly write: (version: number, tables: Tables) => Promise<void>
  readonly point: (version: number) => void
}

export async function publishedFixture(lakeRoot: string): Promise<PublishedFixture> {
  mkdirSync(join(lakeRoot, 'versions'), { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  return {
    lakeRoot,
    connection,
    async write(version, tables) {
      const models: PublishedVersion['models'] = {}
      for (const [name, rows] of Object.entries(tables) as [Table, readonly Row[]][]) {
        for (const statement of tableStatements(name, rows)) await connection.run(statement)
        const folder = join(name, `fingerprint${version}`)
        mkdirSync(join(lakeRoot, folder), { recursive: true })
        const file = join(folder, 'part-0.parquet')
        const table = name.split('.').map((part) => `"${part}"`)
        await connection.run(`COPY ${table.join('.')} TO '${join(lakeRoot, file)}' (FORMAT parquet)`)
        models[name] = {
          fingerprint: `fingerprint${version}`,
          grain: [],
          columns: columnsOf(contracts[name]),
          files: [file],
          rows: rows.length,
        }
      }
      const published: PublishedVersion = { version, publishedAt: '2026-01-01T00:00:00Z', models }
      writeFileSync(join(lakeRoot, versionFile(version)), JSON.stringify(published))
    },
    point(version) {
      const next = join(lakeRoot, 'current.json.next')
      writeFileSync(next, JSON.stringify({ version, file: versionFile(version) }))
      renameSync(next, join(lakeRoot, 'current.json'))
    },
  }
}

function versionFile(version: number): string {
  return `versions/${version}.json`
}
