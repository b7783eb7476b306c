/** An input of a model as its partitions choose from it: pieces (partitions of a model, files of a stream) and what each holds. */
import { hash } from 'node:crypto'
import { buildOf, partitionsOf } from '#lake/builds.ts'
import type { Column } from '#lake/column.ts'
import type { Control } from '#lake/control/open-control.ts'
import { narrowed } from '#lake/narrowed.ts'
import { columnsOf } from '#lake/columns-of.ts'
import { type Content, nothing, sumOfDays, Timeline, totalOf } from '#lake/content.ts'
import { keyOf, type LakeFile, type Partition, type PartitionKey } from '#lake/partition.ts'
import { ledgerNamed, type StreamLedger } from '#lake/stream-ledger.ts'
import type { Model, RawInput } from '#models/define-model.ts'
import type { PartitionRule } from '#models/partition.ts'
import { ModelBroken } from './model-broken.ts'
import type { Workshop } from './workshop.ts'

/** Input → the build of a model, or the ledger of a stream, that this run reads. */
export type Upstream = Readonly<Record<string, string>>

export type Piece = {
  /** Names the piece and its content. */
  readonly id: string
  readonly files: readonly (Pick<LakeFile, 'path' | 'sha256'> & Partial<LakeFile>)[]
  /** Empty for landed files, which are searched themselves. */
  readonly index: readonly LakeFile[]
  readonly from: string | null
  readonly to: string | null
  readonly undated: boolean
  readonly rows: number
  /** Which rows of its model it holds; undefined for landed files. */
  readonly key: PartitionKey | undefined
}

export type InputTable = {
  /** As the query names it. */
  readonly table: string
  readonly columns: readonly Column[]
  /** The column that says when a row happened. */
  readonly time: string | null
  readonly timeline: Timeline
  readonly pieces: readonly Piece[]
  /** By bucket, for tables cut by a key. */
  readonly bucketed: { readonly key: string; readonly of: number } | null
  readonly contentOfBucket: (bucket: number) => Content
  readonly landed: { readonly replaced: LakeFile | null; readonly files: ReadonlySet<string> } | null
}

/** The name under which a run's ledger of a stream goes. */
export function ledgerKey({
  source,
  stream,
  time = '',
}: Pick<RawInput, 'source' | 'stream' | 'time'>): string {
  return `${source}.${stream}@${time}`
}

/** Every input of a model, by the name its query gives it. */
export async function inputsOf(
  workshop: Workshop,
  model: Model,
  upstream: Upstream,
): Promise<Map<string, InputTable>> {
  const inputs = new Map<string, InputTable>()
  for (const table of model.reads) inputs.set(table, await builtTable(workshop, table, upstream))
  for (const [table, raw] of Object.entries(model.raw))
    inputs.set(table, await landedTable(workshop, table, raw, upstream))
  return inputs
}

const remembered = new Map<string, InputTable>()
const REMEMBERED = 200

async function builtTable(
  { control, models, storage }: Workshop,
  table: string,
  upstream: Upstream,
): Promise<InputTable> {
  const fingerprint = upstream[table] ?? '(none)'
  const build = await buildOf(control.db, table, fingerprint)
  // A partition that was damaged or collected is made anew in other files.
  const name = hash('sha256', JSON.stringify([storage.root, table, fingerprint, build.files]))
  const known = remembered.get(name)
  if (known) return known
  const rule = models.find((model) => model.name === table)?.partition
  const input = tableOf(table, build, { partitions: await partitionsOf(control.db, build), rule })
  // Builds never change, so what was read of one stays true.
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(name, input)
  return input
}

type Held = { readonly partitions: readonly Partition[]; readonly rule: PartitionRule | undefined }

/** The table that these partitions are together. */
export function tableOf(
  table: string,
  { columns, time }: Pick<InputTable, 'columns' | 'time'>,
  { partitions, rule }: Held,
): InputTable {
  const byBucket = new Map(
    partitions.flatMap(({ key: text, days }) => {
      const key = keyOf(text)
      return key.is === 'bucket' ? [[key.bucket, totalOf(days)] as const] : []
    }),
  )
  return {
    table,
    columns,
    time,
    timeline: new Timeline(sumOfDays(partitions.map(({ days }) => days))),
    pieces: partitions.map(pieceOf),
    bucketed: rule?.by === 'bucket' ? { key: rule.key, of: rule.of } : null,
    contentOfBucket: (bucket) => byBucket.get(bucket) ?? nothing,
    landed: null,
  }
}

function pieceOf(partition: Partition): Piece {
  const days = partition.days.map(([day]) => day).filter((day) => day !== '')
  return {
    id: partition.fingerprint,
    files: partition.files,
    index: partition.index,
    from: days[0] ?? null,
    to: days.at(-1) ?? null,
    undated: partition.days.some(([day]) => day === ''),
    rows: partition.rows,
    key: keyOf(partition.key),
  }
}

export async function landedTable(
  { control }: Pick<Workshop, 'control'>,
  table: string,
  raw: RawInput,
  upstream: Upstream,
): Promise<InputTable> {
  const { source, stream, record, time = '' } = raw
  const id = upstream[ledgerKey(raw)] ?? '(none)'
  const ledger = await ledgerNamed(control.db, { source, stream, time }, id)
  const total = new Timeline(sumOfDays([ledger.days]))
  const columns = columnsOf(record)
  await refuseNarrowed(control, { source, stream }, columns)
  return {
    table,
    columns,
    time: time === '' ? null : time,
    timeline: total,
    pieces: ledger.files.map(landedPiece),
    bucketed: null,
    contentOfBucket: () => total.total,
    landed: { replaced: ledger.replaced, files: filesWithReplaced(ledger) },
  }
}

/** Throws ModelBroken when files of older schemas hold what the contract can no longer say. */
async function refuseNarrowed(
  { db }: Control,
  { source, stream }: Pick<RawInput, 'source' | 'stream'>,
  columns: readonly Column[],
): Promise<void> {
  const schemas = await db
    .selectFrom('schema_version')
    .select('columns')
    .where('source', '=', source)
    .where('stream', '=', stream)
    .execute()
  const [first] = schemas.flatMap((schema) => narrowed(JSON.parse(schema.columns) as Column[], columns))
  if (first === undefined) return
  throw new ModelBroken(
    `[${source}.${stream}] ${first.column} was landed as ${first.landed} and is now to be read as ${first.wanted}, which cannot hold every such value; keep the wider type, or give the new column another name.`,
  )
}

function landedPiece({
  path,
  sha256,
  rows,
  from,
  to,
  undated,
  replaced,
}: StreamLedger['files'][number]): Piece {
  return {
    id: hash('sha256', `${sha256} ${replaced}`).slice(0, 16),
    files: [{ path, sha256 }],
    index: [],
    from,
    to,
    undated,
    rows,
    key: undefined,
  }
}

function filesWithReplaced({ files }: StreamLedger): ReadonlySet<string> {
  return new Set(files.filter(({ replaced }) => replaced > 0).map(({ path }) => path))
}
