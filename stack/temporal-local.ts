/** One development server for all processes that work on one data folder: the first starts it, the others join, the last stops it. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Environment } from '#activities/project.ts'
import { freePorts } from './free-ports.ts'
import { withProcessLock } from './process-lock.ts'
import { usableCacheDir } from './cache-folder.ts'
import { findTemporalBinary } from './temporal-binary.ts'
import { answeringVersion } from './temporal-connection.ts'
import { markComplete, setAsideIncomplete } from './temporal-database.ts'
import {
  mayBeServerOf,
  NoAnswer,
  PortBusy,
  startDevServer,
  stopDevServer,
  type DevServer,
} from './temporal-dev-server.ts'
import { readRecord, removeRecord, type ServerRecord, writeRecord } from './temporal-record.ts'

export type LocalServerOptions = {
  readonly env: Environment
  readonly dataDir: string
  readonly cacheDir?: string
  readonly namespace: string
  readonly ports?: { readonly server: number; readonly ui: number }
  readonly say: (line: string) => void
  readonly progress: (line: string) => void
}

const usualPorts = { server: 7233, ui: 8233 }

export async function joinLocalServer(options: LocalServerOptions) {
  const { dataDir, say } = options
  const user = { pid: process.pid, id: randomUUID() }
  const joinIt = async () => {
    const record = await readRecord(recordFile(dataDir))
    const running = await answering(record, dataDir)
    const { pid, address, uiUrl, version } = running ?? (await startServer(options))
    await writeRecord(recordFile(dataDir), { pid, address, uiUrl, users: [...(running?.users ?? []), user] })
    const mode: 'existing' | 'started' = running ? 'existing' : 'started'
    return { address, uiUrl, mode, version, stop: () => leave(dataDir, user.id, say) }
  }
  return withProcessLock(lockFile(dataDir), joinIt, () =>
    say('[temporal] another process is starting the server; waiting for it'),
  )
}

/**
 * The recorded server when it answers; what answers in the place of a dead one is another folder's. One that lives but does not answer is
 * stopped: two servers must not write one database.
 */
async function answering(record: ServerRecord | undefined, dataDir: string) {
  if (!record || !(await mayBeServerOf(record.pid, dataDir))) return undefined
  const version = await answeringVersion(record)
  if (version) return { ...record, version }
  await stopDevServer(record.pid, dataDir)
  return undefined
}

async function startServer(options: LocalServerOptions): Promise<DevServer> {
  const { env, dataDir, namespace, ports, say, progress } = options
  const cacheDir = options.cacheDir ?? (await usableCacheDir(env, dataDir))
  const binary = await findTemporalBinary({ env, cacheDir, say, progress })
  progress('starting the Temporal server')
  const start = async () => {
    const [port, uiPort] = await choosePorts(ports)
    if (await setAsideIncomplete(dataDir))
      say('[temporal] an earlier first start was cut short; starting with a new database')
    const server = await startDevServer({ binary: binary.path, dataDir, namespace, port, uiPort, env })
    await markComplete(dataDir)
    return server
  }
  return start().catch((error: unknown) => {
    const worthAnother = error instanceof NoAnswer || (error instanceof PortBusy && !ports)
    if (!worthAnother) throw error
    say(`${error.message}\n[temporal] trying once more`)
    return start()
  })
}

async function choosePorts(ports: LocalServerOptions['ports']): Promise<[number, number]> {
  const { server, ui } = ports ?? usualPorts
  const [port = server, uiPort = ui] = await freePorts([server, ui])
  if (ports && (port !== server || uiPort !== ui)) throw new PortBusy(server, ui)
  return [port, uiPort]
}

async function leave(dataDir: string, userId: string, say: (line: string) => void): Promise<void> {
  await withProcessLock(lockFile(dataDir), async () => {
    const record = await readRecord(recordFile(dataDir))
    if (!record?.users.some(({ id }) => id === userId)) return
    const users = record.users.filter(({ id }) => id !== userId)
    if (users.length > 0) {
      await writeRecord(recordFile(dataDir), { ...record, users })
      say(`[temporal] left running for process ${users.map(({ pid }) => pid).join(', ')}`)
      return
    }
    await stopDevServer(record.pid, dataDir)
    await removeRecord(recordFile(dataDir))
    say('[temporal] server stopped')
  })
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'temporal.lock')
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'temporal.json')
}
