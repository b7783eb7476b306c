/** The one configuration of Cube, shared by the embedded server and by the official one that reads `cube.js`. */
import { CubejsHandlerError } from '@cubejs-backend/api-gateway'
import { DuckDBDriver } from '@cubejs-backend/duckdb-driver'
import type { CreateOptions } from '@cubejs-backend/server-core'
import type { PublishedVersion } from '#lake/published-version.ts'
import type { MetricCard } from '#metrics/index.ts'
import { compileCube } from '#metrics/compile-cube.ts'
import { governQuery } from './cube-governance.ts'
import type { LakeSettings } from './lake-settings.ts'
import { openPublishedLake } from './published-lake.ts'

export type CubeConfigOptions = LakeSettings & {
  readonly cards: readonly MetricCard[]
  readonly secret: string
  /** How long a superseded version stays open for queries pinned to it; default one minute. */
  readonly graceMs?: number
  /** Warnings and errors of Cube, one line each, without query values or tokens. */
  readonly say: (line: string) => void
}

/** What a request carries once it is pinned: the version it will read from first to last, or why there is none. */
type Pinned = { readonly published: PublishedVersion } | { readonly unreadable: Error }

/**
 * Each request reads the pointer once, when it arrives; everything after (orchestrator, cache, driver) follows that version.
 * `close` closes the databases.
 */
export function createCubeConfig(options: CubeConfigOptions): {
  readonly config: CreateOptions
  readonly close: () => Promise<void>
} {
  const lake = openPublishedLake({
    lakeRoot: options.lakeRoot,
    s3: options.s3,
    graceMs: options.graceMs ?? 60_000,
    now: () => performance.now(),
  })
  const pin = (): Promise<Pinned> =>
    lake.current().then(
      (published) => ({ published }),
      (unreadable: Error) => ({ unreadable }),
    )
  const pinnedOf = async (context: object | null): Promise<Pinned> =>
    context !== null && 'pinned' in context ? (context.pinned as Pinned) : pin()
  const publishedOf = async (context: object | null): Promise<PublishedVersion> => {
    const pinned = await pinnedOf(context)
    if ('unreadable' in pinned) throw new CubejsHandlerError(503, 'Unavailable', pinned.unreadable.message)
    return pinned.published
  }
  const model = compileCube(options.cards).map(({ fileName, content }) => ({ fileName, content }))
  const config: CreateOptions = {
    apiSecret: options.secret,
    jwt: { algorithms: ['HS256'] },
    telemetry: false,
    devServer: false,
    cacheAndQueueDriver: 'memory',
    scheduledRefreshTimer: false,
    repositoryFactory: () => ({
      localPath: () => 'metrics',
      dataSchemaFiles: () => Promise.resolve(model),
    }),
    extendContext: async () => ({ pinned: await pin() }),
    contextToOrchestratorId: async (context) => `version-${(await publishedOf(context)).version}`,
    driverFactory: async (context) => {
      const pinned = await pinnedOf(context)
      // Cube asks for a driver to learn the dialect, also while nothing is published; no query reaches this one.
      return 'unreadable' in pinned ? new DuckDBDriver() : lake.driver(pinned.published)
    },
    queryRewrite: async (query, context) => governQuery(query, options.cards, await publishedOf(context)),
    logger: (message, params) => {
      const trouble = params.error ?? params.warning
      if (trouble !== undefined) options.say(`[cube] ${message}: ${String(trouble).split('\n')[0]}`)
    },
  }
  return { config, close: () => lake.close() }
}
