/** The published version as files: what readers open, replaced whole, so that they see the old one or the new one. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { CurrentVersion, PublishedVersion } from './published-version.ts'

/** Write a version's description, then point at it. */
export async function writeCurrent(
  root: string,
  version: PublishedVersion,
  environment = 'production',
): Promise<void> {
  await mkdir(join(root, 'versions'), { recursive: true })
  const file = `versions/${version.version}.json`
  await writeWhole(root, file, JSON.stringify(version, null, 1))
  const pointer: CurrentVersion = { version: version.version, file }
  await writeWhole(root, pointerOf(environment), JSON.stringify(pointer))
}

/** The version that readers see, or undefined before the first publish. Throws when the files are damaged. */
export async function readCurrent(
  root: string,
  environment = 'production',
): Promise<PublishedVersion | undefined> {
  const pointer = await readFile(join(root, pointerOf(environment)), 'utf8').catch(absent)
  if (pointer === undefined) return undefined
  const { file } = CurrentVersion.parse(JSON.parse(pointer))
  return PublishedVersion.parse(JSON.parse(await readFile(join(root, file), 'utf8')))
}

/** `current.json`, and `current-<environment>.json` beside it. */
function pointerOf(environment: string): string {
  return environment === 'production' ? 'current.json' : `current-${environment}.json`
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** A file that appears whole or not at all. */
async function writeWhole(root: string, file: string, text: string): Promise<void> {
  const draft = join(root, `${file}.${randomUUID()}.tmp`)
  const handle = await open(draft, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, join(root, file))
}
