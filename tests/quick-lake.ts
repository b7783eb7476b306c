/** A lake for thousands of tries: the verbs as they are, on a control database in memory, without waiting for disks, and with one DuckDB for all. */
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createModelVerbs, type ModelVerbs } from '#activities/create-activities.ts'
import type { Workshop } from '#activities/workshop.ts'
import { type Build, buildOf } from '#lake/builds.ts'
import { commitPart } from '#lake/commit-part.ts'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { Engine, EngineSession, Row, Slice } from '#lake/engine.ts'
import { fingerprintSql } from '#lake/fingerprint.ts'
import { folderStorage, openFolderStorage } from '#lake/folder-storage.ts'
import { identifier, literal } from '#lake/quote.ts'
import { recordColumns, schemaHash } from '#lake/record-columns.ts'
import type { Storage } from '#lake/storage.ts'
import { readStreamState } from '#lake/stream-state.ts'
import { openVersions } from '#lake/versions.ts'
import type { Model } from '#models/define-model.ts'
import type { CompanyStream } from './company-streams.ts'

/** One delivery of a record: its fields, and whether it says that the record is gone. */
export type Delivery = {
  readonly fields: Readonly<Record<string, string | number | null>>
  readonly deleted: boolean
  /** What orders the versions of a record; null as landing gives it to deletions in streams whose cursor is no time. */
  readonly cursor: string | number | null
}

export type QuickLake = {
  readonly control: Control
  readonly storage: Storage
  readonly workshop: (models: readonly Model[], today: string) => Workshop
  readonly verbs: (models: readonly Model[], today: string) => ModelVerbs
  /** Land these as one file, in this order. */
  readonly land: (stream: CompanyStream, deliveries: readonly Delivery[]) => Promise<void>
  readonly rows: (sql: string, inputs: readonly Slice[]) => Promise<Row[]>
  readonly build: (model: string, fingerprint: string) => Promise<Build>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Opens as many lakes as are asked for; they share one DuckDB, in which each sees its own files only. */
export type LakeMaker = {
  readonly open: () => Promise<QuickLake>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export async function openLakeMaker(): Promise<LakeMaker> {
  const folder = mkdtempSync(join(tmpdir(), 'quick-lakes-'))
  const engine = createDuckdbEngine({ memoryMb: 1_000, threads: 1, tempFolder: folder })
  const session = await engine.open()
  const shared: Engine = {
    ...engine,
    open: async () => ({ ...session, [Symbol.asyncDispose]: async () => {} }),
  }
  return {
    open: () => openQuickLake(mkdtempSync(join(folder, 'lake-')), shared, session),
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openQuickLake(root: string, engine: Engine, session: EngineSession): Promise<QuickLake> {
  const storage = await openUnsynced(root)
  const control = openControl(':memory:')
  await control.migrate()
  let ids = 0
  const newId = () => String((ids += 1)).padStart(8, '0')
  const workshop = (models: readonly Model[], today: string): Workshop => {
    const now = () => new Date(`${today}T12:00:00.000Z`)
    const versions = (environment?: string) => openVersions(storage, control, now, environment)
    return { storage, control, versions, engine, models, now, newId }
  }
  return {
    control,
    storage,
    workshop,
    verbs: (models, today) => createModelVerbs(workshop(models, today), () => undefined),
    land: (stream, deliveries) => landFile({ storage, control, session, newId }, stream, deliveries),
    rows: (sql, inputs) => session.rows({ sql, parameters: [] }, inputs),
    build: (model, fingerprint) => buildOf(control.db, model, fingerprint),
    async [Symbol.asyncDispose]() {
      await control.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** The folder's storage, but a power cut may lose what it holds. */
async function openUnsynced(root: string): Promise<Storage> {
  await openFolderStorage(root)
  const storage = folderStorage(root)
  return {
    ...storage,
    sync: async () => {},
    promote: async (from, path) => {
      await mkdir(dirname(storage.absolute(path)), { recursive: true })
      await rename(from, storage.absolute(path))
    },
    writeText: async (path, text) => {
      await mkdir(dirname(storage.absolute(path)), { recursive: true })
      await writeFile(storage.absolute(path), text)
    },
  }
}

export type Landing = {
  readonly storage: Storage
  readonly control: Control
  readonly session: EngineSession
  readonly newId: () => string
}

/** As landing does it: every record's columns, then the columns that name the record, its version and its place. */
export async function landFile(
  { storage, control, session, newId }: Landing,
  stream: CompanyStream,
  deliveries: readonly Delivery[],
): Promise<void> {
  if (deliveries.length === 0) return
  const of = { source: stream.source, stream: stream.stream, slice: '' }
  const state = await readStreamState({ control, now: () => new Date(0) }, of)
  const loadKey = `load-${state.cursor_version}-${stream.stream}`
  const columns = recordColumns(stream)
  const path = `raw/${loadKey}.parquet`
  const draft = storage.temporary(`${newId()}.parquet`)
  const query = { sql: rawSelect(stream, deliveries, loadKey), parameters: [] }
  const rows = await session.write({ query, inputs: [], file: draft })
  const sha256 = await storage.sha256(draft)
  await storage.promote(draft, path)
  const statistics = { eventFrom: null, eventTo: null, statistics: '{}' }
  await commitPart(control, {
    of,
    kind: 'sync',
    loadKey,
    part: 0,
    expectedVersion: state.cursor_version,
    cursor: null,
    file: { path, rows, bytes: 1, sha256, schemaHash: schemaHash(columns), ...statistics },
    columns,
    rejected: [],
    unknownFields: [],
    replayed: [],
    last: true,
    at: '2024-01-01T00:00:00.000Z',
  })
}

function rawSelect(stream: CompanyStream, deliveries: readonly Delivery[], loadKey: string): string {
  const cursorType = stream.columns.find(({ name }) => name === stream.cursorField)?.type ?? 'VARCHAR'
  const typed = stream.columns.map(
    ({ name, type }) => `cast(${identifier(name)} as ${type}) as ${identifier(name)}`,
  )
  const values = deliveries.map(({ fields, deleted, cursor }, position) => {
    const texts = stream.columns.map(({ name }) => valueText(fields[name] ?? null))
    return `(${[...texts, deleted ? "'delete'" : "'upsert'", valueText(cursor), position].join(', ')})`
  })
  const names = [...stream.columns.map(({ name }) => identifier(name)), '_op', '_cursor', '_pos']
  const key = stream.columns.filter(({ name }) => stream.primaryKey.includes(name))
  const salt = `${stream.source}\u001F${stream.stream}`
  return `with given as (
      select ${typed.join(', ')}, _op, cast(_cursor as ${cursorType}) as _cursor, cast(_pos as BIGINT) as _pos
      from (values ${values.join(', ')}) as delivered(${names.join(', ')})
    )
    select *, ${fingerprintSql(salt, key)} as _row_key, ${fingerprintSql('', stream.columns)} as _row_hash,
      ${literal(loadKey)} as _load_key, cast(0 as BIGINT) as _part from given`
}

function valueText(value: string | number | null): string {
  if (value === null) return 'null'
  return typeof value === 'number' ? String(value) : literal(value)
}
