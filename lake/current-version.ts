/** The published version as files: what readers open, replaced whole, so that they see the old one or the new one. */
import { CurrentVersion, PublishedVersion } from './published-version.ts'
import type { Storage } from './storage.ts'

/** Of a lake: texts that appear whole or not at all. */
export type TextFiles = Pick<Storage, 'readText' | 'writeText'>

/** Write a version's description, then point at it. */
export async function writeCurrent(
  storage: TextFiles,
  version: PublishedVersion,
  environment = 'production',
): Promise<void> {
  const file = fileOf(version.version)
  await storage.writeText(file, JSON.stringify(version, null, 1))
  const pointer: CurrentVersion = { version: version.version, file }
  await storage.writeText(pointerOf(environment), JSON.stringify(pointer))
}

/** The version that readers see, or undefined before the first publish. Throws when the files are damaged. */
export async function readCurrent(
  storage: Pick<TextFiles, 'readText'>,
  environment = 'production',
): Promise<PublishedVersion | undefined> {
  const pointer = await readPointer(storage, environment)
  return pointer && readVersion(storage, pointer.version)
}

/** A version by its number. Throws when its file is missing or damaged. */
export async function readVersion(
  storage: Pick<TextFiles, 'readText'>,
  version: number,
): Promise<PublishedVersion> {
  const file = fileOf(version)
  const text = await storage.readText(file)
  if (text === undefined)
    throw new Error(`[lake] ${file}, which readers are pointed to, is not there; publish again or roll back.`)
  return PublishedVersion.parse(JSON.parse(text))
}

function fileOf(version: number): string {
  return `versions/${version}.json`
}

/** Which version readers see, without what it holds. */
export async function readPointer(
  storage: Pick<TextFiles, 'readText'>,
  environment = 'production',
): Promise<CurrentVersion | undefined> {
  const pointer = await storage.readText(pointerOf(environment))
  return pointer === undefined ? undefined : CurrentVersion.parse(JSON.parse(pointer))
}

/** `current.json`, and `current-<environment>.json` beside it. */
function pointerOf(environment: string): string {
  return environment === 'production' ? 'current.json' : `current-${environment}.json`
}
