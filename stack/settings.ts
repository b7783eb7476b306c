/** Everything the environment decides, read once and checked: where state lives, which engines are used, and the project's key. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { z } from 'zod'
import { ConfigInvalid, type Environment } from '#activities/project.ts'
import type { LineageTarget } from '#lake/open-lineage/destination.ts'
import { checkLake, type LakeSettings, lakeSettings, lakeVariables } from './lake-settings.ts'

const Variables = z
  .object({
    ...lakeVariables,
    SAYDO_HOME: z.string().min(1).optional(),
    SAYDO_CONTROL_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'Expected postgres://…; leave it out for a local SQLite file')
      .optional(),
    SAYDO_TASK_QUEUE: z.string().min(1).default('saydo'),
    SAYDO_CUBE_PORT: z.coerce.number().int().min(0).max(65535).default(4000),
    SAYDO_MEMORY_LIMIT: z
      .string()
      .regex(/^\d+(\.\d+)?(MB|GB)$/, 'Expected a size such as 2GB')
      .default('2GB')
      .transform((size) => Number.parseFloat(size) * (size.endsWith('GB') ? 1000 : 1)),
    SAYDO_OPENLINEAGE: z
      .string()
      .regex(/^(file:(?!\/\/[^/]).+|https?:\/\/.+)$/, 'Expected file:<path>, http://… or https://…')
      .refine((text) => text.startsWith('file:') || URL.canParse(text), 'Expected a URL')
      .optional(),
    CUBEJS_API_SECRET: z.string().min(32, 'Expected 32 characters or more').optional(),
  })
  .superRefine(checkLake)

export type Settings = LakeSettings & {
  readonly configFile: string
  /** State folder: the control database, the embedded Temporal's data, and the lake unless it lives elsewhere. */
  readonly home: string
  /** `postgres://…` or the path of an SQLite file. */
  readonly controlUrl: string
  readonly taskQueue: string
  readonly cubePort: number
  readonly cubeSecret: string | undefined
  /** DuckDB's limit per build, in millions of bytes. */
  readonly memoryMb: number
  /** Where OpenLineage events of builds go. */
  readonly openLineage: LineageTarget | undefined
  /** The environment, with a `.env` file beside the project under it. */
  readonly env: Environment
}

/** Throws ConfigInvalid naming every variable that is wrong. */
export function readSettings(configFile: string, processEnv: Environment): Settings {
  const folder = dirname(resolve(configFile))
  const env = { ...envFile(join(folder, '.env')), ...processEnv }
  const parsed = Variables.safeParse(withoutEmpty(env))
  if (!parsed.success)
    throw new ConfigInvalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  const variables = parsed.data
  const home = resolve(folder, variables.SAYDO_HOME ?? '.saydo')
  return {
    configFile: resolve(configFile),
    home,
    ...lakeSettings(variables, { folder, home, env }),
    controlUrl: variables.SAYDO_CONTROL_URL ?? join(home, 'control.db'),
    taskQueue: variables.SAYDO_TASK_QUEUE,
    cubePort: variables.SAYDO_CUBE_PORT,
    cubeSecret: variables.CUBEJS_API_SECRET,
    memoryMb: variables.SAYDO_MEMORY_LIMIT,
    openLineage: lineageTarget(variables.SAYDO_OPENLINEAGE, folder),
    env,
  }
}

/** Relative paths start from the project file. */
function lineageTarget(text: string | undefined, folder: string): LineageTarget | undefined {
  if (text === undefined) return undefined
  if (!text.startsWith('file:')) return { url: text }
  return {
    file: text.startsWith('file://') ? fileURLToPath(text) : resolve(folder, text.slice('file:'.length)),
  }
}

function envFile(path: string): Environment {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
}

/** A variable that is set to nothing is not set. */
export function withoutEmpty(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}
