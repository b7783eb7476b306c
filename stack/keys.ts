/** The keys a project works with; those of a simulated company are made once and kept in its state folder, since nothing there is secret. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigInvalid } from '#activities/project.ts'
import type { Settings } from './settings.ts'

export type Keys = { readonly key: string; readonly cubeSecret: string }

/** The project's key and the semantic layer's secret. A real project must name its own; throws ConfigInvalid without. */
export async function keysOf(settings: Settings, simulated: boolean): Promise<Keys> {
  if (!simulated && settings.key === undefined)
    throw new ConfigInvalid([
      'SAYDO_KEY: a project needs a key of 32 characters or more, which personal fields are hashed with; make one with `openssl rand -hex 32` and put it into .env',
    ])
  return {
    key: settings.key ?? (await kept(settings.home, 'demo.key')),
    cubeSecret: settings.cubeSecret ?? (await kept(settings.home, 'cube.key')),
  }
}

async function kept(home: string, name: string): Promise<string> {
  const path = join(home, name)
  const known = await readFile(path, 'utf8').catch(() => '')
  if (known.length >= 32) return known
  await mkdir(home, { recursive: true })
  const made = randomBytes(32).toString('hex')
  await writeFile(path, made, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return (await readFile(path, 'utf8')).trim()
}
