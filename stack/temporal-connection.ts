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

/** Connect, use the connection, and close it again. */
export async function withConnection<Result>(
  server: TemporalConnection,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const { address, tls, apiKey } = server
  const connection = await Connection.connect({
    address,
    connectTimeout: 3000,
    ...(tls && { tls }),
    ...(apiKey && { apiKey }),
  })
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

/** The server's version when it answers within three seconds and knows the namespace; undefined when it does not answer. */
export async function answeringVersion(
  server: TemporalConnection,
  namespace: string,
): Promise<string | undefined> {
  try {
    return await withConnection(server, async ({ workflowService }) => {
      await workflowService.describeNamespace({ namespace })
      return (await workflowService.getSystemInfo({})).serverVersion
    })
  } catch {
    return undefined
  }
}
