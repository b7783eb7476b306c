/** The published version as files: what readers open, replaced whole, so that they see the old one or the new one. */
import { CurrentVersion, PublishedVersion } from './published-version.ts'
import type { Storage } from './storage.ts'

/** Of a lake: texts that appear whole or not at all. */
export type TextFiles = Pick<Storage, 'readText' | 'writeText'>

/** Write a version's description, then point at it. */
export async function writeCurrent(storage: TextFiles, version: PublishedVersion): Promise<void> {
  const file = `versions/${version.version}.json`
  await storage.writeText(file, JSON.stringify(version, null, 1))
  const pointer: CurrentVersion = { version: version.version, file }
  await storage.writeText('current.json', JSON.stringify(pointer))
}

/** The version that readers see, or undefined before the first publish. Throws when the files are damaged. */
export async function readCurrent(storage: TextFiles): Promise<PublishedVersion | undefined> {
  const pointer = await storage.readText('current.json')
  if (pointer === undefined) return undefined
  const { file } = CurrentVersion.parse(JSON.parse(pointer))
  const text = await storage.readText(file)
  if (text === undefined)
    throw new Error(`[lake] ${file}, which current.json names, is not there; publish again or roll back.`)
  return PublishedVersion.parse(JSON.parse(text))
}
