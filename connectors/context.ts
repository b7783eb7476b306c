/** What a connector is given to work with: its settings, its secrets, the HTTP client and the clock, put together in one place. */
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import type { Connector, ConnectorContext } from './connector.ts'
import { createHttpClient } from './http.ts'
import type { HttpClient, HttpLimits } from './http.ts'
import { SourceRejected } from './source-error.ts'

export type ContextOptions = {
  readonly source: string
  readonly connector: Connector
  /** Already parsed by the connector's schema. */
  readonly config: unknown
  /** Values of the connector's secrets by short name. */
  readonly secrets: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly random: () => number
  readonly fetch?: typeof globalThis.fetch
  readonly limits?: Partial<HttpLimits>
}

/** The context of one source. Make it once per process: the source's rate limit lives in it. */
export function createContext(options: ContextOptions): ConnectorContext {
  const { source, connector, config, secrets } = options
  const clock = options.clock ?? systemClock
  return {
    source,
    config,
    http: httpOf(options, clock),
    secret: (name) => {
      const value = connector.secrets.includes(name) ? secrets[name] : undefined
      if (value === undefined)
        throw new SourceRejected(`has no secret ${JSON.stringify(name)}; declare it and set it.`, { source })
      return value
    },
    now: clock.now,
  }
}

function httpOf(options: ContextOptions, clock: Clock): HttpClient {
  const { source, connector, config, secrets, random } = options
  const settings = connector.http?.(config)
  if (settings === undefined)
    return {
      json: () =>
        Promise.reject(
          new SourceRejected(`speaks no HTTP: connector ${connector.name} declares no \`http\`.`, { source }),
        ),
    }
  return createHttpClient({
    ...settings,
    source,
    secrets,
    random,
    clock,
    fetch: options.fetch ?? globalThis.fetch,
    ...(options.limits !== undefined && { limits: options.limits }),
  })
}
