/**
 * Which landed rows of a stream still count: of each record the last version, and none that was deleted. Worked out once for a set of
 * files, from what was known of fewer files and the records that the new ones touch.
 */
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Column } from './column.ts'
import { type Content, dayContents, DayContents, minus, nothing, sumOfDays } from './content.ts'
import type { Control, ControlDatabase } from './control/open-control.ts'
import type { EngineSession, Slice } from './engine.ts'
import { LakeFile } from './partition.ts'
import { literal } from './quote.ts'
import { type RawFile, rawFiles } from './raw-files.ts'
import {
  dayOf,
  type IndexWork,
  type RawIndex,
  rawIndexColumns,
  recordContent,
  rawIndexes,
} from './raw-index.ts'
import { inDraft, storeFile } from './store-file.ts'

export const StreamLedger = z.object({
  files: z.array(
    z.object({
      path: z.string(),
      sha256: z.string(),
      rows: z.int(),
      /** First and last day with rows; null when all are undated. */
      from: z.string().nullable(),
      to: z.string().nullable(),
      undated: z.boolean(),
      /** Rows of it that no longer count. */
      replaced: z.int(),
    }),
  ),
  /** Contents of the rows that count. */
  days: DayContents,
  /** load_key, part, pos of the rows that do not count, with k, h and d; null when all do. */
  replaced: LakeFile.nullable(),
})
export type StreamLedger = z.infer<typeof StreamLedger>

const replacedColumns: readonly Column[] = [
  { name: 'load_key', type: 'VARCHAR' },
  { name: 'part', type: 'BIGINT' },
  { name: 'pos', type: 'BIGINT' },
  { name: 'k', type: 'UBIGINT' },
  { name: 'h', type: 'UBIGINT' },
  { name: 'd', type: 'DATE' },
]

export type StreamOfLedger = {
  readonly source: string
  readonly stream: string
  /** The column that says when a record happened; empty for none. */
  readonly time: string
  /** Names that column had in files landed before it was renamed. */
  readonly formerly?: readonly string[]
}

type Work = Omit<IndexWork, 'db'> & { readonly control: Control; readonly now: () => Date }

/** Bring a stream's ledger up to date with what is committed; answers its id, by which `ledgerNamed` finds it. */
export async function settleStream(work: Work, of: StreamOfLedger): Promise<string> {
  const { db } = work.control
  const files = await rawFiles(work.control, of.source, of.stream)
  const id = hash('sha256', JSON.stringify(files.map(({ path }) => path).toSorted()))
  const known = await ledgersOf(db, of)
  if (known.some((each) => each.id === id)) return id
  const ledger = await worked(work, of, files, longestBefore(known, files))
  await db
    .insertInto('stream_ledger')
    .values({
      source: of.source,
      stream: of.stream,
      time: of.time,
      id,
      ledger: JSON.stringify(ledger),
      made_at: work.now().toISOString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return id
}

/** Throws when no step of this run made it. */
export async function ledgerNamed(
  db: ControlDatabase,
  { source, stream, time }: StreamOfLedger,
  id: string,
): Promise<StreamLedger> {
  const row = await db
    .selectFrom('stream_ledger')
    .select('ledger')
    .where('source', '=', source)
    .where('stream', '=', stream)
    .where('time', '=', time)
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined)
    throw new Error(`[${source}.${stream}] its ledger ${id} is not there; run \`saydo build\` again.`)
  return StreamLedger.parse(JSON.parse(row.ledger))
}

function ledgersOf(db: ControlDatabase, { source, stream, time }: StreamOfLedger) {
  return db
    .selectFrom('stream_ledger')
    .select(['id', 'ledger'])
    .where('source', '=', source)
    .where('stream', '=', stream)
    .where('time', '=', time)
    .execute()
}

/** Of the ledgers over some of these files only, the one over the most. */
function longestBefore(
  known: readonly { readonly ledger: string }[],
  files: readonly RawFile[],
): StreamLedger | undefined {
  const paths = new Set(files.map(({ path }) => path))
  return known
    .map(({ ledger }) => StreamLedger.parse(JSON.parse(ledger)))
    .filter((ledger) => ledger.files.every(({ path }) => paths.has(path)))
    .toSorted((a, b) => b.files.length - a.files.length)[0]
}

async function worked(
  work: Work,
  { time, formerly = [] }: StreamOfLedger,
  files: readonly RawFile[],
  before: StreamLedger | undefined,
): Promise<StreamLedger> {
  const indexes = await rawIndexes({ ...work, db: work.control.db }, files, { time, formerly })
  const old = new Set(before?.files.map(({ path }) => path))
  const fresh = files.filter(({ path }) => !old.has(path))
  const replaced =
    fresh.length === 0
      ? (before?.replaced ?? null)
      : await inDraft(work.storage, `ledger-${work.newId()}`, (folder) =>
          replacedBy(work, { files, fresh, indexes, before, time, formerly, folder }),
        )
  const gone = await replacedOf(work, replaced)
  const live = sumOfDays(files.map(({ path }) => indexes.get(path)?.days ?? []))
  for (const [day, content] of gone.days) live.set(day, minus(live.get(day) ?? nothing, content))
  return {
    files: files.map((file) => described(file, indexes.get(file.path), gone.rows)),
    days: dayContents(live),
    replaced,
  }
}

function described(file: RawFile, index: RawIndex | undefined, gone: ReadonlyMap<string, number>) {
  const dated = (index?.days ?? []).map(([day]) => day).filter((day) => day !== '')
  return {
    path: file.path,
    sha256: file.sha256,
    rows: file.rows,
    from: dated[0] ?? null,
    to: dated.at(-1) ?? null,
    undated: (index?.days ?? []).some(([day]) => day === ''),
    replaced: gone.get(`${file.loadKey} ${file.part}`) ?? 0,
  }
}

type Fresh = {
  readonly files: readonly RawFile[]
  readonly fresh: readonly RawFile[]
  readonly indexes: ReadonlyMap<string, RawIndex>
  readonly before: StreamLedger | undefined
  readonly time: string
  readonly formerly: readonly string[]
  readonly folder: string
}

/** The rows that no longer count once the fresh files are there; only records that occur in them can have changed. */
async function replacedBy(work: Work, given: Fresh): Promise<LakeFile | null> {
  const { session, storage, newId } = work
  const touched = join(given.folder, 'touched.parquet')
  const count = await session.write({ ...touchedRecords(work, given), file: touched })
  const before = given.before?.replaced ?? null
  if (count === 0) return before
  const local = join(given.folder, 'replaced.parquet')
  const rows = await session.write({ ...replacedRows(work, given, touched), file: local })
  if (rows === 0) return null
  return storeFile(storage, local, `index/replaced/${newId()}.parquet`)
}

/** Records of the fresh files that occur more than once, occurred before, or are deletions. */
function touchedRecords({ storage }: Work, { fresh, files, indexes }: Fresh) {
  const paths = (some: readonly RawFile[]) =>
    some.flatMap(({ path }) => indexes.get(path)?.file.path ?? []).map(storage.absolute)
  const isFresh = new Set(fresh)
  const columns = rawIndexColumns
  return {
    query: {
      sql: `select k from (select k, count(*) as n, max(case when x then 1 else 0 end) as x from fresh group by k) as counted
        where n > 1 or x = 1 union select k from fresh where k in (select k from old)`,
      parameters: [],
    },
    inputs: [
      { table: 'fresh', files: paths(fresh), columns },
      { table: 'old', files: paths(files.filter((file) => !isFresh.has(file))), columns },
    ],
  }
}

/** Of touched records every version but the last, and the last too if it is a deletion; of others what was known. The order is the one that landing promises. */
function replacedRows(
  { storage, spelling }: Work,
  { files, before, time, formerly }: Fresh,
  touched: string,
) {
  const paths = files.map(({ path }) => storage.absolute(path))
  const newest = files.at(-1)
  const type = (name: string) => newest?.columns.find((column) => column.name === name)?.type
  const places = paths.map((path, place) => `(${literal(path)}, ${place})`).join(', ')
  const day = type(time) === undefined ? 'cast(null as DATE)' : spelling.day(time)
  const inputs: Slice[] = [
    {
      table: 'landed',
      files: paths,
      fileColumn: '_file',
      only: [{ by: 'keys', column: '_row_key', files: [touched] }],
      columns: [
        ...['_row_key', ...recordContent, '_op', '_load_key'].map((name) => ({
          name,
          type: 'VARCHAR' as const,
        })),
        ...['_part', '_pos'].map((name) => ({ name, type: 'BIGINT' as const })),
        { name: '_cursor', type: type('_cursor') ?? 'VARCHAR' },
        ...(type(time) === undefined ? [] : [{ name: time, type: type(time) ?? 'TIMESTAMP', formerly }]),
      ],
    },
    { table: 'touched', files: [touched], columns: [{ name: 'k', type: 'UBIGINT' }] },
    {
      table: 'known',
      files: before?.replaced ? [storage.absolute(before.replaced.path)] : [],
      columns: replacedColumns,
    },
  ]
  const sql = `select load_key, part, pos, k, h, d from known where k not in (select k from touched)
    union all
    select _load_key, _part, _pos, ${spelling.hash(['_row_key'])}, ${spelling.hash(recordContent)}, ${day} from (
      select landed.*, row_number() over (
        partition by _row_key order by _cursor desc nulls first, place desc, _pos desc
      ) as version from landed join (values ${places}) as file(name, place) on file.name = _file
    ) as versions where version > 1 or _op = 'delete'`
  return { query: { sql, parameters: [] }, inputs }
}

/** Contents by day, and rows by file, of what does not count. */
async function replacedOf(
  { session, storage, spelling }: { session: EngineSession } & Pick<Work, 'storage' | 'spelling'>,
  replaced: LakeFile | null,
): Promise<{ days: ReadonlyMap<string, Content>; rows: ReadonlyMap<string, number> }> {
  if (replaced === null) return { days: new Map(), rows: new Map() }
  const slice = { table: 'gone', files: [storage.absolute(replaced.path)], columns: replacedColumns }
  const counted = await session.rows(
    {
      sql: `select load_key, part, d, count(*) as n, ${spelling.sumOfHashes('h')} as hash from gone group by load_key, part, d`,
      parameters: [],
    },
    [slice],
  )
  const days = sumOfDays(counted.map((row) => [[dayOf(row['d']), Number(row['n']), String(row['hash'])]]))
  const rows = new Map<string, number>()
  for (const row of counted) {
    const file = `${String(row['load_key'])} ${Number(row['part'])}`
    rows.set(file, (rows.get(file) ?? 0) + Number(row['n']))
  }
  return { days, rows }
}
