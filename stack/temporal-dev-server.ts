/** One Temporal development server as a process: start it, wait until it answers, stop it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Environment } from '#activities/project.ts'
import { databaseFile } from './temporal-database.ts'
import { answeringVersion } from './temporal-connection.ts'
import { commandLineOf, isRunning } from './process-of.ts'

export type DevServerOptions = {
  readonly binary: string
  readonly dataDir: string
  readonly namespace: string
  readonly port: number
  readonly uiPort: number
  readonly env: Environment
}

export type DevServer = {
  readonly pid: number
  readonly address: string
  readonly uiUrl: string
  readonly version: string
}

const startLimitMs = 60_000
const stopLimitMs = 10_000

/** Another program holds a port that the server was told to use. */
export class PortBusy extends Error {
  override readonly name = 'PortBusy'
  constructor(port: number, uiPort: number) {
    super(`[temporal] port ${port} or ${uiPort} is in use by another program; choose others.`)
  }
}

/** The server lives but does not answer: a machine under heavy load, or one of its inner ports taken from under it. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** Starts the server on 127.0.0.1; it outlives this process unless it is stopped. Throws with the server's own words when it dies at start. */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { binary, dataDir, port, uiPort, env } = options
  const address = `127.0.0.1:${port}`
  const logFile = join(dataDir, 'temporal.log')
  const log = await open(logFile, 'w')
  const child = spawn(binary, commandLine(options), {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { PATH: env['PATH'], HOME: env['HOME'], TMPDIR: env['TMPDIR'] },
  })
  await log.close()
  const death = once(child, 'exit').then(
    () => 'died' as const,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  )
  child.unref()
  const deadline = performance.now() + startLimitMs
  while (performance.now() < deadline) {
    const dead = await Promise.race([death, pause(150, undefined)])
    if (dead instanceof Error) throw new Error(`[temporal] ${binary} does not start (${dead.message}).`)
    if (dead === 'died') throw explainDeath(await readFile(logFile, 'utf8'), options)
    const version = await answeringVersion({ address })
    if (version && child.pid) return { pid: child.pid, address, uiUrl: `http://127.0.0.1:${uiPort}`, version }
  }
  await stopDevServer(child.pid, dataDir)
  throw new NoAnswer(
    `[temporal] the server did not answer on ${address} within ${startLimitMs / 1000} s and was stopped; it said:\n${lastWords(await readFile(logFile, 'utf8'))}`,
  )
}

/** SIGTERM, and SIGKILL when that is not enough; answers when the process is gone. A process that is not the server of this folder is left alone. */
export async function stopDevServer(pid: number | undefined, dataDir: string): Promise<void> {
  if (!pid || !isNamed(await commandLineOf(pid), dataDir)) return
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(pid)) return
    process.kill(pid, signal)
    for (let waited = 0; waited < stopLimitMs && isRunning(pid); waited += 50) await pause(50)
  }
}

/** Whether a process may be the server of this folder: where its words cannot be asked for, any that runs. */
export async function mayBeServerOf(pid: number, dataDir: string): Promise<boolean> {
  const words = await commandLineOf(pid)
  return words === '' ? isRunning(pid) : isNamed(words, dataDir)
}

function isNamed(words: string, dataDir: string): boolean {
  return words.includes(databaseFile(dataDir))
}

function commandLine({ dataDir, namespace, port, uiPort }: DevServerOptions): string[] {
  const flags = [
    ['ip', '127.0.0.1'],
    ['port', String(port)],
    ['ui-ip', '127.0.0.1'],
    ['ui-port', String(uiPort)],
    ['db-filename', databaseFile(dataDir)],
    ['sqlite-pragma', 'journal_mode=WAL'],
    ['sqlite-pragma', 'synchronous=NORMAL'],
    ['namespace', namespace],
    ['log-level', 'error'],
  ]
  return ['server', 'start-dev', ...flags.flatMap(([name, value = '']) => [`--${name}`, value])]
}

function explainDeath(log: string, { dataDir, port, uiPort }: DevServerOptions): Error {
  if (/address already in use/.test(log)) {
    return new PortBusy(port, uiPort)
  }
  if (/not a database|malformed|disk image|SQLite/i.test(log)) {
    const file = databaseFile(dataDir)
    return new Error(
      `[temporal] the server cannot use its database ${file}; move that file away to start with an empty one (only the history of past runs is in it, no data).\n${lastWords(log)}`,
    )
  }
  return new Error(`[temporal] the server died at start; it said:\n${lastWords(log)}`)
}

function lastWords(log: string): string {
  return log.trim().split('\n').slice(-3).join('\n')
}
