/** Which version is published now, and one database per version: opened when asked for, closed when the pointer has moved on. */
import type { z } from 'zod'
import { CurrentVersion, PublishedVersion } from '#lake/published-version.ts'
import { type ReadableStorage, readableStorage } from '#lake/storage.ts'
import type { LakeSettings } from './lake-settings.ts'
import { prepareSession } from './prepare-session.ts'
import { PublishedDriver } from './published-driver.ts'
import { versionLeases } from './version-leases.ts'

/** The pointer or the version it names cannot be read; the message says which file and what to do. */
export class PublishedVersionUnreadable extends Error {
  override readonly name = 'PublishedVersionUnreadable'
}

export type PublishedLake = {
  /** The version the pointer names at this instant; throws `PublishedVersionUnreadable`. */
  readonly current: () => Promise<PublishedVersion>
  /** The one driver of a version. */
  readonly driver: (published: PublishedVersion) => PublishedDriver
  readonly close: () => Promise<void>
}

export type PublishedLakeOptions = LakeSettings & {
  /** How long a superseded version stays open after its last use, for queries that were pinned to it. */
  readonly graceMs: number
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Versions remembered, as many as Cube keeps orchestrators; a forgotten one is read again when the pointer goes back to it. */
const remembered = 100

export function openPublishedLake({ graceMs, now, ...settings }: PublishedLakeOptions): PublishedLake {
  const storage = readableStorage(settings.lakeRoot, settings.s3)
  const files = { absolute: storage.absolute, prepare: prepareSession(settings) }
  const drivers = new Map<number, PublishedDriver>()
  const leases = versionLeases(storage, now)
  let newest: number | undefined

  const sweep = setInterval(() => void closeIdle(now() - graceMs), Math.max(graceMs / 2, 10))
  sweep.unref()

  async function closeIdle(before: number) {
    for (const [version, driver] of drivers) {
      if (version === newest || !driver.isIdleSince(before)) continue
      if (drivers.size > remembered) drivers.delete(version)
      await driver.release()
    }
    for (const version of leases.idleSince(before))
      if (version !== newest && (drivers.get(version)?.isIdleSince(before) ?? true))
        await leases.release(version)
  }

  /** The version that the pointer names, leased before anything of it is read. */
  async function pointed(): Promise<CurrentVersion> {
    const pointer = await readPointer(storage)
    const isNew = await leases.hold(pointer.version)
    if (!isNew || (await readPointer(storage)).version === pointer.version) return pointer
    await leases.release(pointer.version)
    return pointed()
  }

  return {
    async current() {
      const pointer = await pointed()
      newest = pointer.version
      const known = drivers.get(pointer.version)?.published
      return known ?? readChecked(storage, pointer.file, PublishedVersion, 'publish again or roll back')
    },
    driver(published) {
      const known = drivers.get(published.version) ?? new PublishedDriver(files, published, now)
      drivers.set(published.version, known)
      void leases.hold(published.version)
      return known
    },
    async close() {
      clearInterval(sweep)
      for (const driver of drivers.values()) await driver.release()
      await leases.close()
    },
  }
}

function readPointer(storage: ReadableStorage): Promise<CurrentVersion> {
  return readChecked(storage, 'current.json', CurrentVersion, 'nothing is published yet: run `saydo refresh`')
}

async function readChecked<T>(
  storage: ReadableStorage,
  file: string,
  schema: z.ZodType<T>,
  whenMissing: string,
): Promise<T> {
  const path = `${storage.root}/${file}`
  const text = await storage.readText(file).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === undefined ? `: ${error.message}` : ` (${error.code}); check its rights.`
    throw new PublishedVersionUnreadable(`[cube] ${path} cannot be read${what}`, { cause: error })
  })
  if (text === undefined) throw new PublishedVersionUnreadable(`[cube] ${path} is not there; ${whenMissing}.`)
  const parsed = schema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new PublishedVersionUnreadable(
    `[cube] ${path} is not a published version (${issue?.path.join('.') || 'root'}: ${issue?.message}); publish again or roll back.`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
