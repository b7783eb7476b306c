/** Builds the newest partition of a model several times, in a draft that is thrown away: rows must depend neither on threads nor on cuts. */
import { join } from 'node:path'
import { buildOf } from '#lake/builds.ts'
import { addDays } from '#lake/calendar.ts'
import { type Content, contentText, plus } from '#lake/content.ts'
import type { Engine } from '#lake/engine.ts'
import { keyOf, keyText, type PartitionKey } from '#lake/partition.ts'
import { findPartitions } from '#lake/partitions.ts'
import { inDraft } from '#lake/store-file.ts'
import type { Model } from '#models/define-model.ts'
import { explained, keptOf, make, rowHash, slicesOf } from './build-partitions.ts'
import { contentOfAll } from './growth.ts'
import { type InputTable, inputsOf } from './input-table.ts'
import { ModelBroken } from './model-broken.ts'
import type { PlannedPartition } from './model-plan.ts'
import { builtBefore, decide, type Deciding, planKeys } from './plan-model.ts'
import { modelNamed, type Workshop } from './workshop.ts'

export type Trial = {
  readonly model: string
  readonly partition: string
  /** `unsteady`: two builds of the same differ. `cut`: two halves differ from the whole. `skipped`: it cannot be tried on what is served. */
  readonly outcome: 'same' | 'unsteady' | 'cut' | 'skipped'
  readonly detail: string
}

export type TrialOptions = {
  /** The same engine with one thread. */
  readonly oneThread: Engine
  readonly environment: string
  readonly signal?: AbortSignal | undefined
}

/** Undefined for a union, which builds nothing, and for a model that is not served or has no rows to build. */
export async function tryModel(
  workshop: Workshop,
  name: string,
  options: TrialOptions,
): Promise<Trial | undefined> {
  const model = modelNamed(workshop, name)
  const upstream = await readByServed(workshop, model, options.environment)
  if (model.make.by === 'union' || upstream === undefined) return undefined
  try {
    return await trial(workshop, model, { upstream, ...options })
  } catch (error) {
    // Changed models may need inputs that are not built yet.
    if (!(error instanceof ModelBroken)) throw error
    return { model: name, partition: '', outcome: 'skipped', detail: error.message }
  }
}

/** What the served builds are, and the landed streams as they read them. */
async function readByServed(
  { versions, control }: Workshop,
  model: Model,
  environment: string,
): Promise<Record<string, string> | undefined> {
  const served = await versions(environment).served()
  const own = served[model.name]
  if (own === undefined || model.reads.some((table) => served[table] === undefined)) return undefined
  return { ...(await buildOf(control.db, model.name, own)).inputs, ...served }
}

type Trying = TrialOptions & { readonly upstream: Readonly<Record<string, string>> }

async function trial(
  workshop: Workshop,
  model: Model,
  { upstream, oneThread, environment, signal }: Trying,
): Promise<Trial | undefined> {
  const inputs = await inputsOf(workshop, model, upstream)
  const before = await builtBefore(workshop, model.name, environment)
  const deciding = { model, inputs, before, signal }
  const tried = await triedOf(workshop, deciding)
  if (tried === undefined) return undefined
  const work = { workshop, model, inputs, signal }
  const about = { model: model.name, partition: tried.key }
  const alone = await contentOf({ ...work, engine: oneThread }, tried)
  const together = await contentOf({ ...work, engine: workshop.engine }, tried)
  if (contentText(alone) !== contentText(together))
    return { ...about, outcome: 'unsteady', detail: `${alone.rows} and ${together.rows} rows that differ` }
  if (model.growth) return { ...about, ...(await comparedAsGrown(workshop, deciding, alone)) }
  const halves = halvesOf(model, keyOf(tried.key), inputs)
  if (halves === undefined) return { ...about, outcome: 'same', detail: `${alone.rows} rows` }
  return { ...about, ...(await triedInHalves(work, { deciding, halves, whole: alone })) }
}

/** The newest partition that holds rows; of a table that grows, all of it. */
async function triedOf(workshop: Workshop, deciding: Deciding): Promise<PlannedPartition | undefined> {
  const { model, before } = deciding
  if (model.growth) {
    if (before === undefined || before.build.rows === 0) return undefined
    return (await planKeys(workshop, deciding, [{ is: 'whole' }])).planned[0]
  }
  const { partitions } = await decide(workshop, deciding)
  const filled = new Set(before?.partitions.flatMap(({ key, rows }) => (rows > 0 ? [key] : [])))
  return partitions.findLast(({ key }) => key !== 'undated' && filled.has(key)) ?? partitions.at(-1)
}

/** A table built whole must be what it has grown to. */
async function comparedAsGrown(
  workshop: Workshop,
  deciding: Deciding,
  whole: Content,
): Promise<Pick<Trial, 'outcome' | 'detail'>> {
  const { partitions } = await decide(workshop, deciding)
  const names = partitions.map(({ fingerprint }) => fingerprint)
  const known = await findPartitions(workshop.control.db, deciding.model.name, names)
  const isBuilt = known.size === partitions.length
  if (isBuilt && contentText(contentOfAll([...known.values()])) !== contentText(whole))
    return { outcome: 'cut', detail: `${whole.rows} rows at once, others as grown; see its growth` }
  return { outcome: 'same', detail: `${whole.rows} rows` }
}

type Halves = {
  readonly deciding: Deciding
  readonly halves: readonly [PartitionKey, PartitionKey]
  readonly whole: Content
}

async function triedInHalves(
  work: Omit<Making, 'engine'>,
  { deciding, halves, whole }: Halves,
): Promise<Pick<Trial, 'outcome' | 'detail'>> {
  const { planned } = await planKeys(work.workshop, deciding, halves)
  let sum: Content = { rows: 0, hash: 0n }
  for (const half of planned)
    sum = plus(sum, await contentOf({ ...work, engine: work.workshop.engine }, half))
  if (contentText(sum) === contentText(whole))
    return { outcome: 'same', detail: `${whole.rows} rows, also in two halves` }
  return {
    outcome: 'cut',
    detail: `${whole.rows} rows at once, ${sum.rows} or others as ${halves.map(keyText).join(' and ')}; read more of an input, by window, lookup or all`,
  }
}

/** A span of several days, cut at the middle one of those that hold rows. */
function halvesOf(
  { partition }: Model,
  key: PartitionKey,
  inputs: ReadonlyMap<string, InputTable>,
): readonly [PartitionKey, PartitionKey] | undefined {
  if (partition.by !== 'time' || partition.unit === 'month' || key.is !== 'span') return undefined
  const { from, to } = key
  const days = new Set([...inputs.values()].flatMap(({ timeline }) => timeline.daysBetween(from, to)))
  const held = [...days].toSorted()
  const middle = held[Math.floor(held.length / 2)]
  if (middle === undefined || middle <= from || addDays(from, 1) >= to) return undefined
  return [
    { is: 'span', from, to: middle },
    { is: 'span', from: middle, to },
  ]
}

type Making = {
  readonly workshop: Workshop
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly signal: AbortSignal | undefined
  readonly engine: Engine
}

async function contentOf(
  { workshop, model, inputs, signal, engine }: Making,
  planned: PlannedPartition,
): Promise<Content> {
  await using session = await engine.open(signal)
  const { slices } = slicesOf({ workshop, model, inputs }, planned)
  return await inDraft(workshop.storage, `trial-${workshop.newId()}`, async (folder) => {
    const file = join(folder, 'data.parquet')
    await make(session, model, slices, keptOf(model, keyOf(planned.key)), file).catch((error: unknown) => {
      throw explained(model.name, error)
    })
    const sum = engine.spelling.sumOfHashes('h')
    const sql = `select count(*) as n, ${sum} as hash from (select ${rowHash(engine.spelling, model)} as h from tried) as hashed`
    const [row] = await session.rows({ sql, parameters: [] }, [
      { table: 'tried', files: [file], columns: model.columns },
    ])
    return { rows: Number(row?.['n']), hash: BigInt(String(row?.['hash'])) }
  })
}
