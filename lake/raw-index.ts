/** An index of each landed file, made once: a row per record with its key's hash, its content's hash, its day, and whether it deletes. */
import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { Column } from './column.ts'
import { type Day, DayContents, undated } from './content.ts'
import type { ControlDatabase } from './control/open-control.ts'
import { eachOf } from './each-of.ts'
import type { EngineSession } from './engine.ts'
import type { EngineSpelling } from './engine-spelling.ts'
import { knownWhole, refuseDamaged } from './file-damaged.ts'
import { LakeFile } from './partition.ts'
import type { RawFile } from './raw-files.ts'
import type { Storage } from './storage.ts'
import { inDraft, storeFile } from './store-file.ts'

/** k, h: hashes of the record's key and content; d its day; x whether it is a deletion. */
export const rawIndexColumns: readonly Column[] = [
  { name: 'k', type: 'UBIGINT' },
  { name: 'h', type: 'UBIGINT' },
  { name: 'd', type: 'DATE' },
  { name: 'x', type: 'BOOLEAN' },
]

/** What a record says: its values, and what they are called. */
export const recordContent = ['_row_hash', '_schema_hash'] as const

export type RawIndex = { readonly file: LakeFile; readonly days: DayContents }

export type IndexWork = {
  readonly db: ControlDatabase
  readonly storage: Storage
  readonly session: EngineSession
  readonly spelling: EngineSpelling
  readonly newId: () => string
}

/** The column that says when a record happened, empty for none, and the names it had before. */
export type TimeColumn = { readonly time: string; readonly formerly: readonly string[] }

/** Indexes of landed files by their path; those not made yet are made. */
export async function rawIndexes(
  work: IndexWork,
  files: readonly RawFile[],
  of: TimeColumn,
): Promise<Map<string, RawIndex>> {
  const known = await work.db.selectFrom('raw_index').selectAll().where('time', '=', of.time).execute()
  const wanted = new Set(files.map(({ path }) => path))
  const found = new Map(
    known
      .filter(({ path }) => wanted.has(path))
      .map((row) => [
        row.path,
        {
          file: LakeFile.parse(JSON.parse(row.file)),
          days: DayContents.parse(JSON.parse(row.days)),
        },
      ]),
  )
  const missing = files.filter(({ path }) => !found.has(path))
  if (missing.length === 0) return found
  const made = await inDraft(work.storage, `index-${work.newId()}`, (folder) =>
    eachOf(missing, 2, async (file) => [file.path, await makeIndex(work, file, of, folder)] as const),
  )
  for (const [path, index] of made) found.set(path, index)
  return found
}

async function makeIndex(work: IndexWork, raw: RawFile, of: TimeColumn, folder: string): Promise<RawIndex> {
  const { db, storage } = work
  await refuseDamaged(storage, raw, 'restore it from a backup, or read its records again with `saydo sync`')
  const made = await writeIndex(work, raw, of, folder)
  await db
    .insertInto('raw_index')
    .values({
      path: raw.path,
      time: of.time,
      file: JSON.stringify(made.file),
      days: JSON.stringify(made.days),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return made
}

async function writeIndex(
  { storage, session, spelling, newId }: IndexWork,
  raw: RawFile,
  of: TimeColumn,
  folder: string,
): Promise<RawIndex> {
  const name = `${hash('sha256', `${raw.path} ${of.time}`).slice(0, 12)}-${newId().slice(0, 8)}.parquet`
  const local = join(folder, name)
  const column = [of.time, ...of.formerly].flatMap(
    (each) => raw.columns.find(({ name }) => name === each) ?? [],
  )[0]
  const day = column === undefined ? 'cast(null as DATE)' : spelling.day(column.name)
  await session.write({
    query: {
      sql: `select ${spelling.hash(['_row_key'])} as k, ${spelling.hash(recordContent)} as h, ${day} as d, _op = 'delete' as x from landed`,
      parameters: [],
    },
    inputs: [
      {
        table: 'landed',
        files: [storage.absolute(raw.path)],
        columns: [
          ...['_row_key', ...recordContent, '_op'].map((name) => ({ name, type: 'VARCHAR' as const })),
          ...(column === undefined ? [] : [column]),
        ],
      },
    ],
    file: local,
  })
  const days = await daysOf(session, spelling, local, rawIndexColumns)
  const file = await storeFile(storage, local, `index/raw/${name}`)
  knownWhole(storage.root, file)
  return { file, days }
}

/** A day as the engine answers it; null is undated. */
export function dayOf(value: unknown): Day {
  return typeof value === 'string' ? value : undated
}

/** Rows and hashes by day of an index file. */
export async function daysOf(
  session: EngineSession,
  spelling: EngineSpelling,
  file: string,
  columns: readonly Column[],
): Promise<DayContents> {
  const rows = await session.rows(
    {
      sql: `select d, count(*) as n, ${spelling.sumOfHashes('h')} as hash from held group by d order by d`,
      parameters: [],
    },
    [{ table: 'held', files: [file], columns, exact: true }],
  )
  return rows.map((row) => [dayOf(row['d']), Number(row['n']), String(row['hash'])])
}
