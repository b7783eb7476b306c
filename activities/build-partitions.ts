/** Build some partitions of a planned model: each under its fingerprint, once, invisible until published. */
import { join } from 'node:path'
import { daysOf } from '#lake/raw-index.ts'
import { ContractBroken } from '#lake/contract-broken.ts'
import type { Column } from '#lake/column.ts'
import { eachOf } from '#lake/each-of.ts'
import { type DayContents, dayContents, nothing, sumOfDays } from '#lake/content.ts'
import type { EngineSpelling } from '#lake/engine-spelling.ts'
import type { EngineSession, RowFilter, Slice } from '#lake/engine.ts'
import { knownWhole } from '#lake/file-damaged.ts'
import { keyOf, type LakeFile, type Partition, type PartitionKey } from '#lake/partition.ts'
import { findPartitions, placeOf, recordPartition } from '#lake/partitions.ts'
import { identifier } from '#lake/quote.ts'
import { inDraft, storeFile } from '#lake/store-file.ts'
import { ValueRefused } from '#lake/value-refused.ts'
import { lookedUpBy } from '#models/definition.ts'
import type { Model } from '#models/define-model.ts'
import { readingsOf } from '#models/partition.ts'
import { growthSlices } from './growth.ts'
import { type InputTable, inputsOf } from './input-table.ts'
import { indexColumn } from './lookups.ts'
import { type ModelPlan, type PlannedPartition, planNamed } from './model-plan.ts'
import { ModelBroken } from './model-broken.ts'
import { bucketKeyOf } from './plan-model.ts'
import { sliceRead } from './reading.ts'
import { refuseDamagedInput } from './refuse-damaged-input.ts'
import { modelNamed, type Workshop } from './workshop.ts'

export type BuildWork = { readonly plan: string; readonly keys: readonly string[] }

/** Answers the rows built. */
export async function buildPartitions(
  workshop: Workshop,
  { plan: id, keys }: BuildWork,
  signal: AbortSignal | undefined,
): Promise<number> {
  const plan = await planNamed(workshop.control, id)
  const model = modelNamed(workshop, plan.model)
  const inputs = await inputsOf(workshop, model, plan.upstream)
  await using session = await workshop.engine.open(signal)
  // While one is hashed, made durable and moved, the session makes another.
  const made = await inDraft(workshop.storage, `build-${workshop.newId()}`, (folder) =>
    eachOf(keys, 2, async (key) => {
      signal?.throwIfAborted()
      const planned = plan.partitions.find((each) => each.key === key)
      if (planned === undefined) throw new Error(`[${model.name}] its plan ${id} has no partition ${key}.`)
      return makePartition({ workshop, session, model, inputs, plan, folder }, planned)
    }),
  )
  return made.reduce((sum, { rows }) => sum + rows, 0)
}

type Work = {
  readonly workshop: Workshop
  readonly session: EngineSession
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly plan: ModelPlan
  /** For drafts. */
  readonly folder: string
}

/** The partition as the lake has it afterwards: ours, or that of an attempt that was faster. */
async function makePartition(work: Work, planned: PlannedPartition): Promise<Partition> {
  const { workshop, model } = work
  const { control, storage, now } = workshop
  const known = async () =>
    (await findPartitions(control.db, model.name, [planned.fingerprint])).get(planned.fingerprint)
  const earlier = await known()
  if (earlier) return earlier
  const made = planned.state === 'join' ? await joined(work, planned) : await built(work, planned)
  const partition: Partition = {
    model: model.name,
    fingerprint: planned.fingerprint,
    key: planned.key,
    madeOf: planned.madeOf,
    builtAt: now().toISOString(),
    ...made,
  }
  if (await recordPartition(control.db, partition)) return partition
  for (const { path } of [...made.files, ...made.index]) await storage.remove(path)
  return (await known()) ?? partition
}

type Made = Pick<Partition, 'files' | 'index' | 'rows' | 'days'>

async function built(work: Work, planned: PlannedPartition): Promise<Made> {
  const { workshop, session, model } = work
  const { engine } = workshop
  const key = keyOf(planned.key)
  const { slices, making } = await readFor(work, planned)
  const { data, index } = draftsOf(work, planned)
  const rows = await make(session, making, slices, keptOf(model, key), data).catch((error: unknown) => {
    throw explained(model.name, error)
  })
  const columns = await writeIndex(work, data, index)
  const days = await daysOf(session, engine.spelling, index, columns)
  refuseOutside(work, key, { days, rows })
  return { ...(await stored(work, planned)), rows, days }
}

/** What the partition is made from and how, once every file that is read for it was found whole. */
async function readFor(work: Work, planned: PlannedPartition): Promise<{ slices: Slice[]; making: Model }> {
  const { workshop, model, inputs } = work
  if (planned.grownFrom === undefined || model.growth === undefined) {
    const { slices, files } = slicesOf(work, planned)
    for (const { file, landed } of files) await refuseDamagedInput(workshop, file, landed)
    return { slices, making: model }
  }
  const { slices, files } = await growthSlices(workshop, model, { inputs, from: planned.grownFrom })
  for (const file of files) await refuseDamagedInput(workshop, file, false)
  return { slices, making: { ...model, make: { by: 'query', query: model.growth.rows } } }
}

/** What the query sees, and every file that is read for it. */
export function slicesOf(
  { workshop, model, inputs }: Pick<Work, 'workshop' | 'model' | 'inputs'>,
  planned: PlannedPartition,
) {
  const slices: Slice[] = []
  const files: { file: Pick<LakeFile, 'path' | 'sha256'>; landed: boolean }[] = []
  for (const [table, input] of inputs) {
    const lookups = (planned.lookups[table] ?? []).map(({ file, pieces }) => ({
      file,
      pieces: new Set(pieces.flatMap((place) => input.pieces[place] ?? [])),
      content: nothing,
    }))
    const { slice, pieces } = sliceRead(input, {
      readings: readingsOf(model, table),
      key: keyOf(planned.key),
      bucketKey: bucketKeyOf(model),
      lookups,
      absolute: workshop.storage.absolute,
    })
    slices.push(slice)
    const landed = input.landed !== null
    for (const piece of pieces) for (const file of piece.files) files.push({ file, landed })
  }
  return { slices, files }
}

/** Rows a partition may hold; what a window or a whole input adds beside them is not its own. */
export function keptOf(model: Model, key: PartitionKey): RowFilter | undefined {
  const rule = model.partition
  if (rule.by === 'bucket' && key.is === 'bucket')
    return { by: 'bucket', key: rule.key, bucket: key.bucket, of: key.of }
  if (rule.by !== 'time' || !readsBeside(model)) return undefined
  if (key.is === 'span') return { by: 'span', column: rule.column, from: key.from, to: key.to }
  return key.is === 'undated' ? { by: 'undated', column: rule.column } : undefined
}

/** Whether a partition sees rows of other times. */
function readsBeside(model: Model): boolean {
  const tables = [...model.reads, ...Object.keys(model.raw)]
  return tables.some((table) =>
    readingsOf(model, table).some(({ read }) => read === 'window' || read === 'all'),
  )
}

export async function make(
  session: EngineSession,
  { make, columns }: Model,
  inputs: readonly Slice[],
  only: RowFilter | undefined,
  file: string,
): Promise<number> {
  const request = { inputs, columns, file, ...(only && { only }) }
  if (make.by === 'program') return session.writeRows({ ...request, program: make.program })
  if (make.by === 'query') return session.write({ ...request, query: make.query })
  throw new Error('[models] a union is put together, not built.')
}

/** Values that change only their names or types are other content to whoever reads them. */
export function rowHash({ hash }: EngineSpelling, { columns }: Pick<Model, 'columns'>): string {
  const names = columns.map(({ name }) => name)
  return hash(names, JSON.stringify(columns.map(({ name, type }) => [name, type])))
}

/** Hashes of each row: of the whole (h), its grain (g), and every key it is looked up by; and its day (d). */
async function writeIndex({ workshop, session, model }: Work, data: string, file: string): Promise<Column[]> {
  const { spelling } = workshop.engine
  const keys = lookedUpBy(workshop.models, model.name)
  const day = model.time === undefined ? 'cast(null as DATE)' : spelling.day(model.time)
  const select = [
    `${rowHash(spelling, model)} as h`,
    `${spelling.hash(model.grain)} as g`,
    `${day} as d`,
    ...keys.map((key) => `${spelling.hashOfKey(key)} as ${identifier(indexColumn(key))}`),
  ]
  await session.write({
    query: { sql: `select ${select.join(', ')} from built`, parameters: [] },
    inputs: [{ table: 'built', files: [data], columns: model.columns, exact: true }],
    file,
  })
  return indexColumns(keys)
}

export function indexColumns(keys: readonly string[]): Column[] {
  return [
    { name: 'h', type: 'UBIGINT' },
    { name: 'g', type: 'UBIGINT' },
    { name: 'd', type: 'DATE' },
    ...keys.map((key): Column => ({ name: indexColumn(key), type: 'UBIGINT' })),
  ]
}

/** A row outside its partition would be built twice or never. */
function refuseOutside(
  { model, plan }: Work,
  key: PartitionKey,
  { days }: Pick<Made, 'days' | 'rows'>,
): void {
  const rule = model.partition
  if (rule.by !== 'time') return
  const isOutside = ([day]: DayContents[number]) =>
    key.is === 'span' ? day < key.from || day >= key.to : day !== ''
  const outside = days.filter(isOutside)
  if (outside.length > 0)
    throw new ModelBroken(
      `[${model.name}] its partition ${planKey(key)} has ${rowsIn(outside)} rows of other times (${rule.column} on ${outside[0]?.[0] || 'no day'}); select ${rule.column} as the inputs have it, or read them by window.`,
    )
  const known = new Set(plan.days)
  const unexpected = days.filter(
    ([day]) => day !== '' && !known.has(rule.unit === 'month' ? `${day.slice(0, -2)}01` : day),
  )
  if (plan.days !== null && unexpected.length > 0)
    throw new ModelBroken(
      `[${model.name}] has ${rowsIn(unexpected)} rows on days on which no input read as \`same\` has any (${unexpected[0]?.[0]}); read the input they come from as \`same\`.`,
    )
}

function rowsIn(days: DayContents): number {
  return days.reduce((sum, [, rows]) => sum + rows, 0)
}

function planKey(key: PartitionKey): string {
  return key.is === 'span' ? `${key.from} to ${key.to}` : key.is
}

/** The rows of the pieces in one file: nothing is computed again. */
async function joined(work: Work, planned: PlannedPartition): Promise<Made> {
  const { workshop, session, model } = work
  const { control, storage } = workshop
  const { pieces } = planned
  const known = await findPartitions(control.db, model.name, pieces)
  const parts = pieces.flatMap((piece) => known.get(piece) ?? [])
  if (parts.length < pieces.length)
    throw new Error(
      `[${model.name}] a day of a closed month is not there any more; run \`saydo build\` again.`,
    )
  const { data, index } = draftsOf(work, planned)
  const copy = async (kind: 'files' | 'index', columns: readonly Column[], file: string) => {
    const files = parts.flatMap((part) => part[kind])
    for (const file of files) await refuseDamagedInput(workshop, file, false)
    const slice = { table: 'pieces', files: files.map(({ path }) => storage.absolute(path)), columns }
    const query = { sql: 'select * from pieces', parameters: [] }
    await session.write({ query, inputs: [slice], file })
  }
  await copy('files', model.columns, data)
  await copy('index', indexColumns(lookedUpBy(workshop.models, model.name)), index)
  return {
    ...(await stored(work, planned)),
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    days: dayContents(sumOfDays(parts.map(({ days }) => days))),
  }
}

function draftsOf({ folder }: Work, { fingerprint }: PlannedPartition) {
  const draft = join(folder, fingerprint)
  return { data: `${draft}.parquet`, index: `${draft}.index.parquet` }
}

/** Moved to their place under a name of their own: of two attempts at one partition, one is remembered. */
async function stored(work: Work, planned: PlannedPartition): Promise<Pick<Made, 'files' | 'index'>> {
  const { storage, newId } = work.workshop
  const { data, index } = draftsOf(work, planned)
  const { fingerprint } = planned
  const place = placeOf({ model: work.model.name, fingerprint }, newId().slice(0, 8))
  const store = async (draft: string, path: string) => {
    const file = await storeFile(storage, draft, path)
    knownWhole(storage.root, file)
    return [file]
  }
  return {
    files: await store(data, `${place}.parquet`),
    index: await store(index, `${place}.index.parquet`),
  }
}

export function explained(model: string, error: unknown): unknown {
  if (error instanceof ContractBroken) return new ModelBroken(`[${model}] ${error.message}`, { cause: error })
  if (error instanceof ValueRefused) return new ModelBroken(`[${model}] ${error.message}`)
  const message = error instanceof Error ? error.message : String(error)
  const broken = /^(Binder|Catalog|Parser) Error/.test(message)
  return broken
    ? new ModelBroken(`[${model}] its query does not run: ${message.split('\n')[0]}`, { cause: error })
    : error
}
