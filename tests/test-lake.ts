/** A lake in a temporary folder, with records landed by the landing itself and models built by the verbs themselves. */
import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createModelVerbs, type ModelVerbs } from '#activities/create-activities.ts'
import type { Workshop } from '#activities/workshop.ts'
import { buildOf } from '#lake/builds.ts'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import type { Engine, Row } from '#lake/engine.ts'
import { openLoad } from '#lake/load.ts'
import type { SinkRow } from '#lake/parquet-sink.ts'
import type { LandingStream } from '#lake/record-columns.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { openVersions } from '#lake/versions.ts'
import type { Model } from '#models/define-model.ts'

export type TestLake = {
  readonly root: string
  readonly storage: Storage
  readonly control: Control
  readonly engine: Engine
  /** What everything here takes for the present; a test may move it. */
  readonly clock: { now: Date }
  readonly workshop: (models: readonly Model[]) => Workshop
  readonly verbs: (models: readonly Model[]) => ModelVerbs
  /** Land records as one load, in files of so many; `_deleted: true` deletes one. */
  readonly land: (
    stream: LandingStream,
    rows: readonly SinkRow[],
    options?: { readonly rowsPerFile?: number },
  ) => Promise<void>
  /** The rows of a build, in order of all columns. */
  readonly rowsOf: (model: string, fingerprint: string | undefined) => Promise<Row[]>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export type TestLakeOptions = {
  readonly threads?: number
  readonly memoryMb?: number
  /** The root of another lake: this one begins as its copy, with files that this process has not seen yet. */
  readonly copyOf?: string
}

export async function openTestLake({
  threads = 1,
  memoryMb = 500,
  copyOf,
}: TestLakeOptions = {}): Promise<TestLake> {
  const root = mkdtempSync(join(tmpdir(), 'saydo-lake-'))
  if (copyOf !== undefined) cpSync(copyOf, root, { recursive: true })
  const storage = await openStorage(root)
  const control = openControl(join(root, 'control.db'))
  await control.migrate()
  const clock = { now: new Date('2024-06-15T12:00:00.000Z') }
  const now = () => clock.now
  const tempFolder = storage.temporary('.')
  const engine = createDuckdbEngine({ memoryMb, threads, tempFolder })
  const workshop = (models: readonly Model[]): Workshop => ({
    storage,
    control,
    versions: (environment) => openVersions(storage, control, now, environment),
    engine,
    models,
    now,
    newId: randomUUID,
  })
  const createSink = () => createDuckdbSink({ temporaryFolder: tempFolder })
  return {
    root,
    storage,
    control,
    engine,
    clock,
    workshop,
    verbs: (models) => createModelVerbs(workshop(models), () => undefined),
    async land(stream, rows, { rowsPerFile = Infinity } = {}) {
      const request = { stream, kind: 'sync', slice: '', ingestDate: '2024-06-15' } as const
      const load = await openLoad({ control, storage, createSink, now }, request)
      for (let start = 0; start < rows.length; start += rowsPerFile) {
        await load.add({ rows: rows.slice(start, start + rowsPerFile), checkpoint: String(start) })
        await load.flush()
      }
      await load.finish()
    },
    async rowsOf(model, fingerprint = '(none)') {
      const { columns, files } = await buildOf(control.db, model, fingerprint)
      const built = { table: 'built', columns, files: files.map(storage.absolute) }
      return engine.rows({ sql: 'select * from built order by all', parameters: [] }, [built])
    },
    async [Symbol.asyncDispose]() {
      await control.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
