/** The project's state on this machine: control database, lake, engine. Enough for every command that only reads. */
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { Engine } from '#lake/engine.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { openVersions, type Versions } from '#lake/versions.ts'
import type { Settings } from './settings.ts'

export type State = {
  readonly root: string
  readonly control: Control
  readonly storage: Storage
  /** As an environment serves them; the usual one when it is not named. */
  readonly versions: (environment?: string) => Versions
  readonly engine: Engine
  readonly close: () => Promise<void>
}

/** Makes the folders and brings the control database up to date. */
export async function openState(settings: Settings): Promise<State> {
  const tempFolder = join(settings.lakeRoot, '_tmp')
  await mkdir(tempFolder, { recursive: true })
  const control = openControl(settings.controlUrl)
  await control.migrate()
  return {
    root: settings.lakeRoot,
    control,
    storage: await openStorage(settings.lakeRoot),
    versions: (environment) => openVersions(settings.lakeRoot, control, () => new Date(), environment),
    engine: createDuckdbEngine({
      memoryLimit: settings.memoryLimit,
      threads: availableParallelism(),
      tempFolder,
    }),
    close: () => control.close(),
  }
}
