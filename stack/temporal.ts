/** Makes sure that a Temporal server answers: the one the environment names, the one already running on our data, or one started here. */
import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Environment } from '#activities/project.ts'
import { answeringVersion, connectionFrom, type TemporalConnection } from './temporal-connection.ts'
import { joinLocalServer } from './temporal-local.ts'
import { prepareNamespace } from './temporal-namespace.ts'

export type EnsureTemporal = {
  readonly env: Environment
  /** Where the server's database, log and record live. */
  readonly dataDir: string
  /** Where a fetched server is kept for the next time; absent for the user's cache folder. */
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
  /** Null when the server is not ours and `TEMPORAL_UI_URL` does not tell. */
  readonly uiUrl: string | null
  readonly mode: 'existing' | 'started'
  readonly version: string
  /** Leaves the server. The last process to leave a server that saydo started stops it; any other server goes on. */
  readonly stop: () => Promise<void>
}

export async function ensureTemporal(options: EnsureTemporal): Promise<TemporalServer> {
  const { env, say } = options
  const namespace = env['TEMPORAL_NAMESPACE'] || 'default'
  const named = env['TEMPORAL_ADDRESS']
  const server = named
    ? await namedServer(connectionFrom(env, named), env)
    : await localServer(options, namespace)
  try {
    await prepareNamespace(server, { namespace, ours: !named, say })
  } catch (error) {
    await server.stop()
    throw error
  }
  const verb = server.mode === 'started' ? 'started' : 'using'
  const ui = server.uiUrl ? `, UI ${server.uiUrl}` : ''
  say(`[temporal] ${verb} server ${server.version} at ${server.address}, namespace ${namespace}${ui}`)
  return { ...server, namespace }
}

type Server = Omit<TemporalServer, 'namespace'>

async function namedServer(connection: TemporalConnection, env: Environment): Promise<Server> {
  const version = await answeringVersion(connection)
  if (!version) {
    throw new Error(
      `[temporal] TEMPORAL_ADDRESS=${connection.address} does not answer; start that server, or unset TEMPORAL_ADDRESS and saydo starts one.`,
    )
  }
  const uiUrl = env['TEMPORAL_UI_URL'] ?? null
  return { ...connection, uiUrl, mode: 'existing', version, stop: async () => {} }
}

async function localServer(options: EnsureTemporal, namespace: string): Promise<Server> {
  const dataDir = resolve(options.dataDir)
  await mkdir(dataDir, { recursive: true })
  return joinLocalServer({ progress: () => {}, ...options, dataDir, namespace })
}
