/** Makes sure that a Temporal server answers: the one the environment names, the one already running on our data, or one started here. */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from '#activities/project.ts'
import { freePorts } from './free-ports.ts'
import { withProcessLock } from './process-lock.ts'
import { defaultCacheDir, findTemporalBinary } from './temporal-binary.ts'
import { answeringVersion, connectionFrom, type TemporalConnection } from './temporal-connection.ts'
import { PortBusy, startDevServer, stopProcess, type DevServer } from './temporal-dev-server.ts'
import { keepFinishedRuns, registerSearchAttributes } from './temporal-namespace.ts'
import { readRecord, removeRecord, writeRecord } from './temporal-record.ts'

export type EnsureTemporal = {
  readonly env: Environment
  /** Where the server's database, log and record live. */
  readonly dataDir: string
  /** Where a fetched server is kept for the next time; see `defaultCacheDir`. */
  readonly cacheDir?: string
  /** Ports to insist on; without them the usual 7233 and 8233, or free ones when those are taken. */
  readonly ports?: { readonly server: number; readonly ui: number }
  /** One line for each step that stays true. */
  readonly say: (line: string) => void
  /** What is happening right now, replaced by the next line. */
  readonly progress?: (line: string) => void
}

export type TemporalServer = TemporalConnection & {
  readonly namespace: string
  /** Null when the server is not ours and we cannot know. */
  readonly uiUrl: string | null
  readonly mode: 'existing' | 'started'
  readonly version: string
  /** Leaves the server; stops it when it was started by us or by a process that is gone, and nobody else uses it. */
  readonly stop: () => Promise<void>
}

const usualPorts = { server: 7233, ui: 8233 }

export async function ensureTemporal(options: EnsureTemporal): Promise<TemporalServer> {
  const { env, say } = options
  const namespace = env['TEMPORAL_NAMESPACE'] || 'default'
  const named = env['TEMPORAL_ADDRESS']
  const server = named
    ? await useNamed(connectionFrom(env, named), namespace, env)
    : await useOrStartLocal(options, namespace)
  await registerSearchAttributes(server, namespace)
  say(
    `[temporal] ${server.mode === 'started' ? 'started' : 'using'} server ${server.version} at ${server.address}, namespace ${namespace}${server.uiUrl ? `, UI ${server.uiUrl}` : ''}`,
  )
  return server
}

async function useNamed(
  connection: TemporalConnection,
  namespace: string,
  env: Environment,
): Promise<TemporalServer> {
  const version = await answeringVersion(connection, namespace)
  if (!version) {
    throw new Error(
      `[temporal] TEMPORAL_ADDRESS=${connection.address} does not answer for namespace ${namespace}; start that server, or unset TEMPORAL_ADDRESS to let saydo start one.`,
    )
  }
  const uiUrl = env['TEMPORAL_UI_URL'] ?? null
  return { ...connection, namespace, uiUrl, mode: 'existing', version, stop: async () => {} }
}

async function useOrStartLocal(options: EnsureTemporal, namespace: string): Promise<TemporalServer> {
  const { dataDir, say } = options
  await mkdir(dataDir, { recursive: true })
  const user = { pid: process.pid, id: randomUUID() }
  const files = { lock: join(dataDir, 'temporal.lock'), record: join(dataDir, 'temporal.json') }
  return withProcessLock(
    files.lock,
    async () => {
      const running = await findRunning(files.record, namespace)
      const server = running ?? (await startLocal(options, namespace))
      const { pid, address, uiUrl, version } = server
      const users = [...(running?.users ?? []), user]
      await writeRecord(files.record, { pid, address, uiUrl, users })
      const mode = running ? 'existing' : 'started'
      return { address, namespace, uiUrl, mode, version, stop: () => leave(files, user.id, say) }
    },
    () => say('[temporal] another process is starting the server; waiting for it'),
  )
}

async function findRunning(recordFile: string, namespace: string) {
  const record = await readRecord(recordFile)
  const version = record && (await answeringVersion({ address: record.address }, namespace))
  return record && version ? { ...record, version } : undefined
}

async function startLocal(options: EnsureTemporal, namespace: string): Promise<DevServer> {
  const { env, dataDir, ports, say, progress = () => {}, cacheDir = defaultCacheDir(env) } = options
  const binary = await findTemporalBinary({ env, cacheDir, say, progress })
  const start = async () => {
    const [port, uiPort] = ports
      ? [ports.server, ports.ui]
      : await freePorts([usualPorts.server, usualPorts.ui])
    if (port === undefined || uiPort === undefined) throw new Error('[temporal] two ports are needed.')
    return startDevServer({ binary: binary.path, dataDir, namespace, port, uiPort, env })
  }
  const server = await start().catch((error: unknown) => {
    if (error instanceof PortBusy && !ports) return start()
    throw error
  })
  await keepFinishedRuns(server, namespace)
  return server
}

async function leave(
  files: { readonly lock: string; readonly record: string },
  userId: string,
  say: (line: string) => void,
): Promise<void> {
  await withProcessLock(files.lock, async () => {
    const record = await readRecord(files.record)
    if (!record?.users.some(({ id }) => id === userId)) return
    const users = record.users.filter(({ id }) => id !== userId)
    if (users.length > 0) {
      say(`[temporal] left running for process ${users.map(({ pid }) => pid).join(', ')}`)
      return writeRecord(files.record, { ...record, users })
    }
    await stopProcess(record.pid)
    await removeRecord(files.record)
    say('[temporal] server stopped')
  })
}
