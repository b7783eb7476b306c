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
    throw new Error(`[lake] DuckDB cannot be made to read S3 with ${extension}: ${firstLine(error)}`, {
      cause: firstLine(error),
    })
  }
}

/** DuckDB may quote the statement, and with it the key, in the next lines. */
function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown reason'
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
