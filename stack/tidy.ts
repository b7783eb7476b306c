/** What a long-running process does once at its start: clear away what killed attempts left in the lake. */
import { collectOrphans } from '#lake/collect-orphans.ts'
import { landingLake } from './landing-lake.ts'
import type { State } from './open-state.ts'

export async function tidy(state: State, say: (line: string) => void): Promise<void> {
  const { files, bytes } = await collectOrphans(landingLake(state))
  if (files > 0) say(`[lake] ${files} files (${bytes} bytes) that no commit names were removed`)
}
