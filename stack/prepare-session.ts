/** Readies DuckDB sessions for the lake they read: nothing for a folder; httpfs and the access key for S3. */
import type { DuckDBConnection } from '@duckdb/node-api'
import { prepareS3 } from '#lake/s3-session.ts'
import { usableCacheDir } from './cache-folder.ts'
import { findHttpfs } from './duckdb-extension.ts'
import type { LakeSettings, S3Settings } from './lake-settings.ts'

export type PrepareSession = (session: DuckDBConnection) => Promise<void>

/** Undefined where nothing needs to be done. */
export function prepareSession({ lakeRoot, s3 }: LakeSettings): PrepareSession | undefined {
  if (s3 === undefined) return undefined
  return async (session) =>
    prepareS3(session, { access: s3.access, root: lakeRoot, extension: await httpfs(s3) })
}

/** The path of DuckDB's extension for S3, fetched at the first call on this machine. */
export async function httpfs({ env, home }: S3Settings): Promise<string> {
  const say = (line: string) => void process.stderr.write(`${line}\n`)
  return findHttpfs({ env, cacheDir: await usableCacheDir(env, home), say })
}
