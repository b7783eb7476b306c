/** The lake as landing sees it. */
import { join } from 'node:path'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import type { Lake } from '#lake/landing.ts'
import { openStorage } from '#lake/storage.ts'
import type { State } from './open-state.ts'

export async function landingLake({ root, control }: State): Promise<Lake> {
  const storage = await openStorage(root)
  return {
    control,
    storage,
    createSink: () => createDuckdbSink({ temporaryFolder: join(root, '_tmp') }),
    now: () => new Date(),
  }
}
