/** A real S3 gateway over a folder, for tests: found on this machine or built once with Go, on a free port of 127.0.0.1. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { S3Access } from '#lake/s3-access.ts'
import { usableCacheDir } from '#stack/cache-folder.ts'
import { freePorts } from '#stack/free-ports.ts'
import { withProcessLock } from '#stack/process-lock.ts'
import { findOnPath, isExecutable, runCommand } from '#stack/run-command.ts'

const version = 'v1.8.0'

/** `VERSITYGW_PATH`, then `versitygw` on PATH, then our cache, then a build by Go; or why there is none. */
export async function findGateway(): Promise<{ readonly path: string } | { readonly missing: string }> {
  const given = process.env['VERSITYGW_PATH'] ?? (await findOnPath('versitygw', process.env))
  if (given !== undefined) return { path: given }
  const cache = join(await usableCacheDir(process.env, tmpdir()), 'versitygw')
  const folder = join(cache, version)
  const path = join(folder, process.platform === 'win32' ? 'versitygw.exe' : 'versitygw')
  if (await isExecutable(path)) return { path }
  const go = await findOnPath('go', process.env)
  if (go === undefined) return { missing: 'no versitygw in VERSITYGW_PATH or on PATH, and no Go to build it' }
  await mkdir(folder, { recursive: true })
  return withProcessLock(join(cache, 'build.lock'), () => build(go, folder)).then(
    () => ({ path }),
    (error: Error) => ({ missing: error.message }),
  )
}

async function build(go: string, folder: string): Promise<void> {
  process.stdout.write(`s3: building versitygw ${version}, the first time about two minutes\n`)
  await runCommand(go, ['install', `github.com/versity/versitygw/cmd/versitygw@${version}`], {
    env: { ...process.env, GOBIN: folder },
    limitMs: 20 * 60_000,
  })
}

export type S3Gateway = {
  readonly access: S3Access & { readonly endpoint: string }
  /** Whatever lies in the buckets, as files. */
  readonly folder: string
  readonly bucket: (name: string) => string
  readonly stop: () => Promise<void>
}

export async function startGateway(path: string): Promise<S3Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 's3-'))
  const [port = 0] = await freePorts([0])
  const access = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    keyId: 'key-of-the-tests',
    secret: 'secret-of-the-tests',
  }
  const gateway = spawn(path, ['--port', `127.0.0.1:${port}`, 'posix', folder], {
    env: { ...process.env, ROOT_ACCESS_KEY: access.keyId, ROOT_SECRET_KEY: access.secret },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  gateway.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(gateway, 'exit')
  for (let tries = 0; !(await answers(access.endpoint)); tries += 1) {
    if (gateway.exitCode !== null || tries === 100) throw new Error(`versitygw does not start: ${said}`)
    await sleep(100)
  }
  return {
    access,
    folder,
    bucket: (name) => {
      mkdirSync(join(folder, name))
      return `s3://${name}`
    },
    stop: async () => {
      gateway.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  )
}
