/** Run by `duckdb-extension.ts`, so that a network that swallows packets cannot hang us: installs httpfs below a folder, prints its path. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const [folder = ''] = process.argv.slice(2)
try {
  const instance = await DuckDBInstance.create(':memory:', { extension_directory: folder })
  const session = await instance.connect()
  await session.run('INSTALL httpfs')
  const files = await readdir(folder, { recursive: true })
  console.log(join(folder, files.find((file) => file.endsWith('.duckdb_extension')) ?? ''))
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message.split('\n')[0] : error)
  process.exit(1)
}
