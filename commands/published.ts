/** The published version as commands read it. */
import type { PublishedVersion } from '#lake/published-version.ts'
import { openState, type State } from '#stack/open-state.ts'
import type { Settings } from '#stack/settings.ts'

/** Nothing was published yet. */
export class NothingPublished extends Error {
  override readonly name = 'NothingPublished'
  constructor() {
    super('[versions] nothing is published yet; run `saydo refresh` first.')
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

export function withPublished<T>(
  settings: Settings,
  use: (state: State, version: PublishedVersion) => Promise<T>,
): Promise<T> {
  return withState(settings, async (state) => {
    const version = await state.versions().current()
    if (version === undefined) throw new NothingPublished()
    return use(state, version)
  })
}
