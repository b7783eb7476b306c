/** Leases: a reader says which version it is reading, so that nothing of it is deleted meanwhile. */
import { z } from 'zod'
import { readPointer } from './current-version.ts'
import type { Storage } from './storage.ts'

const LeaseFile = z.object({ version: z.int().positive(), until: z.iso.datetime() })

/** A reader that is killed holds what it read for so long and no longer. */
const LASTS_MS = 10 * 60_000
const RENEW_MS = 2 * 60_000

export type LeaseWork = {
  readonly storage: Pick<Storage, 'readText' | 'writeText' | 'remove'>
  readonly now: () => Date
  readonly newId: () => string
}

export type Lease = {
  readonly version: number
  /** The version is not needed any more. */
  readonly release: () => Promise<void>
}

/** Lease a version; renewed until it is released. Where nothing can be written there is no lease, and nobody who could delete. */
export async function leaseVersion({ storage, now, newId }: LeaseWork, version: number): Promise<Lease> {
  const path = `readers/${newId()}.json`
  const write = async () => {
    const until = new Date(now().getTime() + LASTS_MS).toISOString()
    await storage.writeText(path, JSON.stringify({ version, until })).catch(() => {})
  }
  await write()
  let renewing = Promise.resolve()
  const timer = setInterval(() => {
    renewing = renewing.then(write)
  }, RENEW_MS)
  timer.unref()
  return {
    version,
    release: async () => {
      clearInterval(timer)
      await renewing
      await storage.remove(path).catch(() => {})
    },
  }
}

/**
 * Lease the version an environment serves; undefined before its first publish. Only a pointer that still names the version once the lease is
 * written makes it safe: whoever retires a version looks for leases afterwards.
 */
export async function leaseCurrent(work: LeaseWork, environment?: string): Promise<Lease | undefined> {
  for (;;) {
    const pointer = await readPointer(work.storage, environment)
    if (pointer === undefined) return undefined
    const lease = await leaseVersion(work, pointer.version)
    const again = await readPointer(work.storage, environment)
    if (again?.version === pointer.version) return lease
    await lease.release()
  }
}

export type LeasesFound = { readonly versions: ReadonlySet<number>; readonly expired: readonly string[] }

/** The versions that are being read now, and the files of leases that have run out. */
export async function findLeases(
  storage: Pick<Storage, 'list' | 'readText'>,
  now: Date,
): Promise<LeasesFound> {
  const versions = new Set<number>()
  const expired: string[] = []
  for (const { path } of await storage.list('readers')) {
    const text = await storage.readText(path)
    if (text === undefined) continue
    const lease = LeaseFile.safeParse(parsed(text)).data
    if (lease !== undefined && Date.parse(lease.until) > now.getTime()) versions.add(lease.version)
    else expired.push(path)
  }
  return { versions, expired }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
