/** The project's state as this machine sees it: control database, lake, engine. Enough for every command that only reads. */
import { availableParallelism } from 'node:os'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { Engine } from '#lake/engine.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { openVersions, type Versions } from '#lake/versions.ts'
import { httpfs, prepareSession } from './prepare-session.ts'
import type { Settings } from './settings.ts'

export type State = {
  /** The lake's root: a folder, or `s3://bucket/prefix`. */
  readonly root: string
  readonly storage: Storage
  readonly control: Control
  /** As an environment serves them; the usual one when it is not named. */
  readonly versions: (environment?: string) => Versions
  readonly engine: Engine
  readonly close: () => Promise<void>
}

/** Makes the folders and brings the control database up to date. What a lake on S3 needs is looked for now, so that it is missed now. */
export async function openState(settings: Settings): Promise<State> {
  const storage = await openStorage(settings.lakeRoot, settings.s3)
  if (settings.s3) await httpfs(settings.s3)
  const control = openControl(settings.controlUrl)
  await control.migrate()
  return {
    root: storage.root,
    storage,
    control,
    versions: (environment) => openVersions(storage, control, () => new Date(), environment),
    engine: workshopEngine(settings, storage, availableParallelism()),
    close: () => control.close(),
  }
}

/** The engine of this machine over a lake. */
export function workshopEngine(settings: Settings, storage: Storage, threads: number): Engine {
  const prepare = prepareSession(settings)
  return createDuckdbEngine({
    memoryMb: settings.memoryMb,
    threads,
    tempFolder: storage.temporary('.'),
    ...(prepare && { prepare }),
  })
}
