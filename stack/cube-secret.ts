/** The key of the semantic layer's tokens: the environment's, or one made once and kept in the state folder with nobody else's right to read. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from './settings.ts'

export async function cubeSecret({ cubeSecret: given, home }: Settings): Promise<string> {
  if (given !== undefined) return given
  const path = join(home, 'cube.key')
  await mkdir(home, { recursive: true })
  await writeFile(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  return readFile(path, 'utf8')
}
