/** The project's secret key: what personal values are hashed, tokenised and sealed with. */
import { readFile } from 'node:fs/promises'
import type { Environment } from './project.ts'

const SHORTEST = 32
/** Everybody's, so that the demo needs no set-up and its files are the same everywhere. */
const DEMO_KEY = 'saydo-demo-key-for-made-up-people-only'

/** The settings a program cannot start without; names every missing one. */
export class ConfigMissing extends Error {
  override readonly name = 'ConfigMissing'
}

/** SAYDO_KEY, or the content of the file SAYDO_KEY_FILE. Throws ConfigMissing when there is none, except in the demo. */
export async function readProjectKey(
  environment: Environment,
  options: { readonly demo?: boolean } = {},
): Promise<string> {
  const key = environment['SAYDO_KEY'] ?? (await keyFromFile(environment['SAYDO_KEY_FILE']))
  if (key === undefined && options.demo) return DEMO_KEY
  if (key === undefined)
    throw new ConfigMissing(
      '[privacy] SAYDO_KEY is not set, and without it no personal data may be read; set it, or SAYDO_KEY_FILE, to a secret of 32 or more characters (`openssl rand -base64 32`) and keep it: hashes and tokens made with another key do not match.',
    )
  return key
}

async function keyFromFile(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    throw new ConfigMissing(
      `[privacy] the file of SAYDO_KEY_FILE (${path}) cannot be read; check its path and rights.`,
      {
        cause: error,
      },
    )
  }
}

/** Throws ConfigMissing when a key is too short to protect anything. */
export function checkKey(key: string): void {
  if (key.length < SHORTEST)
    throw new ConfigMissing(
      `[privacy] SAYDO_KEY has ${key.length} characters; expected ${SHORTEST} or more (\`openssl rand -base64 32\`).`,
    )
}
