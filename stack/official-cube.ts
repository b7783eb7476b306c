/** Cube's configuration for the official server, which has the native addon and so the SQL API; what `cube.js` exports. */
import { resolve } from 'node:path'
import type { CreateOptions } from '@cubejs-backend/server-core'
import { z } from 'zod'
import { cards } from '#metrics/index.ts'
import { createCubeConfig } from './cube-config.ts'
import { checkLake, lakeSettings, lakeVariables } from './lake-settings.ts'
import { withoutEmpty } from './settings.ts'

const Variables = z
  .object({
    ...lakeVariables,
    SAYDO_HOME: z.string().min(1).default('.saydo'),
    CUBEJS_API_SECRET: z.string().min(32, 'Expected 32 characters or more'),
    /** The project's zone; Cube itself reads it, and an unset one would silently be UTC. */
    CUBEJS_DEFAULT_TIMEZONE: z.string().min(1, 'Expected the timezone of the project file'),
  })
  .superRefine(checkLake)

/** Reads the environment once; throws naming every variable that is missing. */
export function officialCubeConfig(env: Readonly<Record<string, string | undefined>>): CreateOptions {
  const parsed = Variables.safeParse(withoutEmpty(env))
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`[cube] the environment is not complete:\n${mistakes.join('\n')}`)
  }
  const home = resolve(parsed.data.SAYDO_HOME)
  const lake = lakeSettings(parsed.data, { folder: process.cwd(), home, env })
  const say = (line: string) => process.stderr.write(`${line}\n`)
  say(`Cube (full: REST, GraphQL, meta and SQL API) over ${lake.lakeRoot}`)
  return createCubeConfig({ ...lake, cards, secret: parsed.data.CUBEJS_API_SECRET, say }).config
}
