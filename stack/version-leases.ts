/** The leases of a server that reads published versions for long: one per version, held while it is served or was used lately. */
import { randomUUID } from 'node:crypto'
import { type Lease, leaseVersion } from '#lake/lease.ts'
import type { ReadableStorage } from '#lake/storage.ts'

export type VersionLeases = {
  /** True when the version was not held before: then the pointer must be read again before anything of it is. */
  readonly hold: (version: number) => Promise<boolean>
  readonly release: (version: number) => Promise<void>
  /** Held versions that nobody has asked for since, in milliseconds of the clock given. */
  readonly idleSince: (before: number) => number[]
  readonly close: () => Promise<void>
}

type Held = { readonly lease: Promise<Lease>; asked: number }

export function versionLeases(storage: ReadableStorage, now: () => number): VersionLeases {
  const held = new Map<number, Held>()
  const work = { storage, now: () => new Date(), newId: randomUUID }
  const release = async (version: number) => {
    const known = held.get(version)
    held.delete(version)
    await (await known?.lease)?.release()
  }
  return {
    async hold(version) {
      const known = held.get(version)
      if (known) known.asked = now()
      const each = known ?? { lease: leaseVersion(work, version), asked: now() }
      held.set(version, each)
      await each.lease
      return known === undefined
    },
    release,
    idleSince: (before) => [...held].flatMap(([version, { asked }]) => (asked < before ? [version] : [])),
    close: async () => {
      for (const version of held.keys()) await release(version)
    },
  }
}
