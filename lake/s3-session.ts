/** Makes a DuckDB session able to open one lake's `s3://` addresses; the key is known to this session only. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from './quote.ts'
import type { S3Access } from './s3-access.ts'

export type S3Session = {
  readonly access: S3Access
  /** The lake's `s3://` address; nothing else is opened with its key. */
  readonly root: string
  /** Path of DuckDB's `httpfs` extension. */
  readonly extension: string
}

/** Every connection of the session's instance is ready after it. */
export async function prepareS3(
  session: DuckDBConnection,
  { access, root, extension }: S3Session,
): Promise<void> {
  const settings = Object.entries(secretOf(access, root)).map(([name, value]) => `${name} ${value}`)
  try {
    await session.run('SET allow_persistent_secrets = false')
    await session.run(`LOAD ${literal(extension)}`)
    await session.run(`CREATE TEMPORARY SECRET lake (TYPE s3, ${settings.join(', ')})`)
  } catch (error) {
    throw unprepared(error, extension)
  }
}

/** Only the first line of what DuckDB says: in the next it may quote the statement, and with it the key. */
function unprepared(error: unknown, extension: string): Error {
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
  return new Error(
    `[lake] DuckDB does not read S3 with ${extension}: ${reason}; check that the file is of this DuckDB, or delete it to have it fetched again.`,
  )
}

function secretOf({ endpoint, region, keyId, secret, sessionToken }: S3Access, root: string) {
  return {
    SCOPE: literal(`${root}/`),
    KEY_ID: literal(keyId),
    SECRET: literal(secret),
    REGION: literal(region),
    ...(sessionToken !== undefined && { SESSION_TOKEN: literal(sessionToken) }),
    ...(endpoint !== undefined && gateway(new URL(endpoint))),
  }
}

function gateway({ protocol, host, pathname }: URL) {
  return {
    ENDPOINT: literal(host + pathname.replace(/\/+$/, '')),
    URL_STYLE: `'path'`,
    USE_SSL: String(protocol === 'https:'),
  }
}
