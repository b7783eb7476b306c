/** Finds DuckDB's `httpfs` extension, which a lake on S3 needs, or fetches it once into the cache. A lake in a folder never asks. */
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { version } from '@duckdb/node-api'
import type { Environment } from '#activities/project.ts'
import { withProcessLock } from './process-lock.ts'
import { fetchFromWheel, type Wheel } from './pypi-wheel.ts'
import { runCommand } from './run-command.ts'
import type { Fetch } from './temporal-fetch.ts'

export type ExtensionSearch = {
  readonly env: Environment
  readonly cacheDir: string
  readonly say: (line: string) => void
}

const file = 'httpfs.duckdb_extension'
const installLimitMs = 60_000

const wheel: Wheel = {
  name: 'duckdb-extension-httpfs',
  version: '1.5.5',
  megabytes: 8,
  hashes: {
    'linux-x64': '84913dbe172ccb54368de2c4a020c38ca8b0e76f99df548f7fac37934cc7826f',
    'linux-arm64': '567d17e398fc29f7ea4bc42ea277ea19643bd1ad1815f676cb6dd994b50399bb',
    'darwin-arm64': 'a6d9b245ac83834543354e826020b35b8dba16291bb876b2b00bd49f2c6aeb9d',
    'darwin-x64': '5dc6e48e7a6d4c775d88fcd9b6529b385559600c0cd17a2600addfdd34ae3060',
    'win32-x64': '138fd4368906c04636642023c123bd564d1bd1b9b75cd762f9f9bfad6fccb1ba',
  },
  member: `extensions/v1.5.5/${file}`,
}

export const httpfsFetches: readonly Fetch[] = [
  {
    title: 'INSTALL httpfs by DuckDB',
    label: 'install',
    fetch: async ({ env, folder }) => {
      const child = fileURLToPath(import.meta.resolve('./duckdb-install-child.ts'))
      return runCommand(process.execPath, [child, folder], { env, limitMs: installLimitMs })
    },
  },
  {
    title: `PyPI wheel ${wheel.name} ${wheel.version}`,
    label: 'wheel',
    fetch: (context) => fetchFromWheel(wheel, context),
  },
]

/** `SAYDO_DUCKDB_EXTENSIONS`, then the cache, then each way to fetch it. Throws when all fail, with what can be done. */
export async function findHttpfs(search: ExtensionSearch, fetches = httpfsFetches): Promise<string> {
  const named = search.env['SAYDO_DUCKDB_EXTENSIONS']
  if (named) {
    const path = join(named, file)
    if (await isFile(path)) return path
    throw new Error(
      `[lake] SAYDO_DUCKDB_EXTENSIONS=${named} holds no ${file}; put the one of DuckDB ${version()} there, or unset it.`,
    )
  }
  const cached = join(search.cacheDir, 'duckdb', version(), `${process.platform}-${process.arch}`, file)
  if (await isFile(cached)) return cached
  return withProcessLock(join(search.cacheDir, 'duckdb.lock'), async () => {
    if (!(await isFile(cached))) await fetchTo(cached, search, fetches)
    return cached
  })
}

async function fetchTo(
  target: string,
  { env, say }: ExtensionSearch,
  fetches: readonly Fetch[],
): Promise<void> {
  await mkdir(dirname(target), { recursive: true })
  const failures: string[] = []
  for (const way of fetches) {
    const folder = await mkdtemp(join(dirname(target), `.${way.label}-`))
    try {
      say(`[lake] fetching DuckDB's httpfs extension: ${way.title}`)
      await rename(await way.fetch({ env, folder, progress: () => {} }), target)
      return
    } catch (error) {
      failures.push(`  ${way.title}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  throw new Error(
    `[lake] DuckDB's httpfs extension, which a lake on S3 needs, could not be fetched:\n${failures.join('\n')}\n` +
      `Name a folder that holds the ${file} of DuckDB ${version()} in SAYDO_DUCKDB_EXTENSIONS, install Python 3 with pip, or use a lake in a folder (SAYDO_LAKE), which works without it.`,
  )
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  )
}
