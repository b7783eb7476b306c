/** How to reach a Temporal server: the address, and what Temporal Cloud or a guarded cluster asks for besides. */
import { Connection } from '@temporalio/client'
import type { Environment } from '#activities/project.ts'

export type TemporalConnection = {
  readonly address: string
  /** Present when the server wants TLS: `TEMPORAL_TLS=true`, or an API key is given. */
  readonly tls?: true
  /** `TEMPORAL_API_KEY` */
  readonly apiKey?: string
}

export function connectionFrom(env: Environment, address: string): TemporalConnection {
  const apiKey = env['TEMPORAL_API_KEY']
  if (apiKey) return { address, apiKey, tls: true }
  return env['TEMPORAL_TLS'] === 'true' ? { address, tls: true } : { address }
}

/** The options the SDK's connections take, of clients and of workers. */
export function sdkOptions({ address, tls, apiKey }: TemporalConnection) {
  return { address, ...(tls && { tls }), ...(apiKey && { apiKey }) }
}

/** Connect within three seconds, use the connection, and close it again, also when nobody answered. */
export async function withConnection<Result>(
  server: TemporalConnection,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = Connection.lazy({
    ...sdkOptions(server),
    connectTimeout: 3000,
    // gRPC shares sockets and their back-off between connections: one dead try must not hold up the next.
    channelArgs: { 'grpc.use_local_subchannel_pool': 1 },
  })
  try {
    await connection.ensureConnected()
    return await use(connection)
  } finally {
    await connection.close()
  }
}

/** The server's version when it answers within three seconds, else undefined. */
export async function answeringVersion(server: TemporalConnection): Promise<string | undefined> {
  try {
    return await withConnection(server, async ({ workflowService }) => {
      return (await workflowService.getSystemInfo({})).serverVersion
    })
  } catch {
    return undefined
  }
}
