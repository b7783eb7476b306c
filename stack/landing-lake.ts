/** The lake as landing sees it. */
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import type { Lake } from '#lake/landing.ts'
import type { State } from './open-state.ts'

export function landingLake({ storage, control }: State): Lake {
  return {
    control,
    storage,
    createSink: () => createDuckdbSink({ temporaryFolder: storage.temporary('.') }),
    now: () => new Date(),
  }
}
