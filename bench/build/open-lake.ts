/** A lake of a benchmark: what the model verbs need, over a folder. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Workshop } from '#activities/workshop.ts'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import { openStorage } from '#lake/storage.ts'
import { openVersions } from '#lake/versions.ts'
import type { Model } from '#models/define-model.ts'
import type { Watch } from './watch.ts'

/** DuckDB's own limit of each session, and its threads. */
export const [memoryMb, threads] = [2000, 2]

export type OpenLake = Workshop & { readonly close: () => Promise<void> }

export async function openLake(
  folder: string,
  models: readonly Model[],
  {
    now,
    watch,
    limitMb = memoryMb,
  }: {
    readonly now: string
    readonly watch?: Watch
    readonly limitMb?: number
  },
): Promise<OpenLake> {
  const opened = await openStorage(join(folder, 'lake'))
  const control: Control = openControl(join(folder, 'control.db'))
  await control.migrate()
  const engine = createDuckdbEngine({
    memoryMb: limitMb,
    threads,
    tempFolder: opened.temporary('.'),
  })
  const storage = watch ? watch.storage(opened) : opened
  const watched = watch ? watch.control(control) : control
  const clock = () => new Date(`${now}T06:00:00.000Z`)
  return {
    storage,
    control: watched,
    versions: (environment) => openVersions(storage, watched, clock, environment),
    engine: watch ? watch.engine(engine) : engine,
    models,
    now: clock,
    newId: randomUUID,
    close: () => control.close(),
  }
}
