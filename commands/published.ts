/** A published version as commands read it: leased, so that nothing of it is deleted meanwhile. */
import { randomUUID } from 'node:crypto'
import { type Lease, leaseCurrent, leaseVersion } from '#lake/lease.ts'
import { readVersion } from '#lake/current-version.ts'
import type { PublishedVersion } from '#lake/published-version.ts'
import { production } from '#lake/versions.ts'
import { openState, type State } from '#stack/open-state.ts'
import type { Settings } from '#stack/settings.ts'
import { environmentFlag } from './environment.ts'

/** Nothing was published yet. */
export class NothingPublished extends Error {
  override readonly name = 'NothingPublished'
  constructor(environment = production) {
    const flag = environmentFlag(environment)
    super(
      `[versions] nothing is published yet${flag && ` in ${environment}`}; run \`saydo refresh${flag}\` first.`,
    )
  }
}

/** Open the state, use it, and close it again. */
export async function withState<T>(settings: Settings, use: (state: State) => Promise<T>): Promise<T> {
  const state = await openState(settings)
  try {
    return await use(state)
  } finally {
    await state.close()
  }
}

/** With the version that an environment serves. */
export function withPublished<T>(
  settings: Settings,
  use: (state: State, version: PublishedVersion) => Promise<T>,
  environment = production,
): Promise<T> {
  return withState(settings, async (state) => {
    const lease = await leaseCurrent(leasing(state), environment)
    if (lease === undefined) throw new NothingPublished(environment)
    return released(lease, async () => {
      const version = await readVersion(state.storage, lease.version)
      return use(state, version)
    })
  })
}

/** With any version that an environment has served. Throws VersionUnknown. */
export async function withVersion<T>(
  state: State,
  { environment, version }: { readonly environment: string; readonly version: number },
  use: (version: PublishedVersion) => Promise<T>,
): Promise<T> {
  const lease = await leaseVersion(leasing(state), version)
  return released(lease, async () => use(await state.versions(environment).version(version)))
}

function leasing({ storage }: State) {
  return { storage, now: () => new Date(), newId: randomUUID }
}

async function released<T>(lease: Lease, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } finally {
    await lease.release()
  }
}
