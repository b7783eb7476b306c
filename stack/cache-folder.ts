/** Where what was fetched once is kept, for all projects of a user. */
import { access, constants, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '#activities/project.ts'

/** `SAYDO_CACHE`, else `$XDG_CACHE_HOME/saydo`, else `~/.cache/saydo`; where that cannot be written, a folder beside the data. */
export async function usableCacheDir(env: Environment, dataDir: string): Promise<string> {
  const wished =
    env['SAYDO_CACHE'] || join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'saydo')
  try {
    await mkdir(wished, { recursive: true })
    await access(wished, constants.W_OK)
    return wished
  } catch {
    return join(dataDir, 'cache')
  }
}
