/** Where the lake lives and how it is reached, as the environment says: a folder, or a bucket on S3 with its access key. */
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { Environment } from '#activities/project.ts'
import type { S3Access } from '#lake/s3-access.ts'
import { s3Location } from '#lake/s3-location.ts'
import type { S3Options } from '#lake/s3-storage.ts'
import { isS3 } from '#lake/storage.ts'

const Text = z.string().min(1).optional()

const variables = z.object({
  SAYDO_LAKE: Text,
  SAYDO_S3_ENDPOINT: Text,
  SAYDO_S3_REGION: Text,
  SAYDO_S3_KEY_ID: Text,
  SAYDO_S3_SECRET: Text,
  AWS_ENDPOINT_URL_S3: Text,
  AWS_ENDPOINT_URL: Text,
  AWS_REGION: Text,
  AWS_DEFAULT_REGION: Text,
  AWS_ACCESS_KEY_ID: Text,
  AWS_SECRET_ACCESS_KEY: Text,
  AWS_SESSION_TOKEN: Text,
})
export type LakeVariables = z.infer<typeof variables>
export const lakeVariables = variables.shape

export type LakeSettings = {
  /** An absolute folder, or `s3://bucket/prefix`. */
  readonly lakeRoot: string
  /** Of a lake on S3. */
  readonly s3?: S3Settings | undefined
}

export type S3Settings = S3Options & {
  /** Decides where DuckDB's extension is looked for. */
  readonly env: Environment
  readonly home: string
}

export type LakePlace = {
  /** What a relative folder is relative to. */
  readonly folder: string
  readonly home: string
  readonly env: Environment
}

/** Of variables that `checkLake` has found to be complete. */
export function lakeSettings(variables: LakeVariables, { folder, home, env }: LakePlace): LakeSettings {
  const { SAYDO_LAKE: lake } = variables
  if (lake === undefined) return { lakeRoot: join(home, 'lake') }
  if (!isS3(lake)) return { lakeRoot: resolve(folder, lake) }
  const access = Access.parse(accessOf(variables))
  return { lakeRoot: lake.replace(/\/+$/, ''), s3: { access, scratch: join(home, 'scratch'), env, home } }
}

/** What must never be seen in a message. */
export function lakeSecrets({ s3 }: LakeSettings): string[] {
  return [s3?.access.secret, s3?.access.sessionToken].filter((secret) => secret !== undefined)
}

const Access: z.ZodType<S3Access> = z.object({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'Expected https://… or http://…, without a bucket' })
    .optional(),
  region: z.string({ error: 'Expected the region of the bucket, such as eu-central-1' }),
  keyId: z.string({ error: 'Expected the id of the access key to the lake' }),
  secret: z.string({ error: 'Expected the secret of the access key to the lake' }),
  sessionToken: z.string().optional(),
})

const nameOf: Readonly<Record<string, string>> = {
  endpoint: 'SAYDO_S3_ENDPOINT',
  region: 'SAYDO_S3_REGION',
  keyId: 'SAYDO_S3_KEY_ID',
  secret: 'SAYDO_S3_SECRET',
}

/** For zod's `superRefine`: a lake on S3 needs an address and a key; a folder needs nothing. */
export function checkLake(variables: LakeVariables, context: z.RefinementCtx): void {
  const { SAYDO_LAKE: lake } = variables
  if (lake === undefined || !isS3(lake)) return
  const wrong = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message, input: undefined })
  try {
    s3Location(lake)
  } catch {
    wrong('SAYDO_LAKE', 'Expected a folder, or s3://bucket/prefix')
  }
  for (const { path, message } of Access.safeParse(accessOf(variables)).error?.issues ?? [])
    wrong(nameOf[String(path[0])] ?? String(path[0]), message)
}

/** Our own variables, else the usual ones; id and secret are never taken from two places. */
function accessOf(variables: LakeVariables): Partial<S3Access> {
  const endpoint = variables.SAYDO_S3_ENDPOINT ?? variables.AWS_ENDPOINT_URL_S3 ?? variables.AWS_ENDPOINT_URL
  const region = variables.SAYDO_S3_REGION ?? variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION
  const ours = variables.SAYDO_S3_KEY_ID !== undefined || variables.SAYDO_S3_SECRET !== undefined
  const key = ours
    ? { keyId: variables.SAYDO_S3_KEY_ID, secret: variables.SAYDO_S3_SECRET }
    : {
        keyId: variables.AWS_ACCESS_KEY_ID,
        secret: variables.AWS_SECRET_ACCESS_KEY,
        sessionToken: variables.AWS_SESSION_TOKEN,
      }
  // Gateways mostly have no regions, but their signatures name one.
  return { endpoint, region: region ?? (endpoint && 'us-east-1'), ...key }
}
