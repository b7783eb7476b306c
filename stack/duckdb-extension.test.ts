/** Where DuckDB's httpfs extension is looked for, and in which order it is fetched. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { version } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findHttpfs, httpfsFetches } from './duckdb-extension.ts'
import type { Fetch } from './temporal-fetch.ts'

let home = ''
let said: string[] = []
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'saydo-httpfs-'))
  said = []
})
afterEach(() => rm(home, { recursive: true, force: true }))

const find = (env: Record<string, string>, ways: readonly Fetch[]) =>
  findHttpfs({ env, cacheDir: join(home, 'cache'), say: (line) => void said.push(line) }, ways)

const broken: Fetch = { title: 'a road', label: 'a', fetch: () => Promise.reject(new Error('it is closed')) }
const good: Fetch = {
  title: 'a ferry',
  label: 'b',
  fetch: async ({ folder }) => {
    await writeFile(join(folder, 'extension'), 'bytes')
    return join(folder, 'extension')
  },
}

test('the folder that the environment names comes first, and one that lacks the file is an error', async () => {
  const folder = join(home, 'mine')
  await mkdir(folder)
  const env = { SAYDO_DUCKDB_EXTENSIONS: folder }
  await expect(find(env, [good])).rejects.toThrow(
    /SAYDO_DUCKDB_EXTENSIONS=.*mine holds no httpfs\.duckdb_extension/,
  )
  await writeFile(join(folder, 'httpfs.duckdb_extension'), '')
  expect(await find(env, [broken])).toBe(join(folder, 'httpfs.duckdb_extension'))
})

test('it is fetched by the first way that works, once', async () => {
  const path = await find({}, [broken, good])
  expect(said).toEqual([
    "[lake] fetching DuckDB's httpfs extension: a road",
    "[lake] fetching DuckDB's httpfs extension: a ferry",
  ])
  expect(await find({}, [broken])).toBe(path)
  expect(await readdir(join(path, '..'))).toEqual(['httpfs.duckdb_extension'])
})

test('when no way works, the message names each and what can be done', async () => {
  await expect(find({}, [broken, { ...broken, title: 'a bridge' }])).rejects.toThrow(
    /a road: it is closed\n.*a bridge: it is closed\n.*SAYDO_DUCKDB_EXTENSIONS.*a lake in a folder \(SAYDO_LAKE\)/s,
  )
})

test('the pinned wheel is of the DuckDB that runs here', () => {
  expect(httpfsFetches.map(({ title }) => title)).toEqual([
    'INSTALL httpfs by DuckDB',
    `PyPI wheel duckdb-extension-httpfs ${version().replace('v', '')}`,
  ])
})
