/** What a build would do, and why, before it does anything: models in order, partitions counted, contracts compared. */
import { bytesOf, keyOf, type Partition } from '#lake/partition.ts'
import { findPartitions } from '#lake/partitions.ts'
import { settleStream, type StreamOfLedger } from '#lake/stream-ledger.ts'
import { buildFrom } from '#lake/builds.ts'
import { buildOrder } from '#models/build-order.ts'
import type { Model } from '#models/define-model.ts'
import { readingsOf } from '#models/partition.ts'
import { type ContractChange, contractChanges } from './contract-change.ts'
import { streamsRead } from './create-activities.ts'
import { type Estimate, estimateOf, sumOf } from './estimate.ts'
import { decideUpTo } from './foresee-up-to.ts'
import { daysCovered, joinedFrom, standIn } from './foreseen-table.ts'
import { type InputTable, landedTable, ledgerKey, tableOf } from './input-table.ts'
import { type Before, builtBefore, decide } from './plan-model.ts'
import { type StreamNews, streamNews } from './stream-news.ts'
import type { Workshop } from './workshop.ts'

export type ForeseenModel = {
  readonly model: string
  /** `served`: as it is. `ready`: the lake has all of it. `build`: partitions are missing. */
  readonly state: 'served' | 'ready' | 'build'
  /** An input is itself to be built: it may turn out equal, and then fewer partitions are built. */
  readonly upTo: boolean
  readonly partitions: number
  readonly build: number
  /** Partitions to be built, by why; one is counted for each input that changed. */
  readonly reasons: Readonly<Record<string, number>>
  readonly estimate: Estimate
  readonly contract: readonly ContractChange[]
}

export type Foresight = {
  readonly environment: string
  readonly streams: readonly StreamNews[]
  readonly models: readonly ForeseenModel[]
}

export type Foreseeing = {
  readonly environment: string
  readonly signal?: AbortSignal | undefined
  readonly say?: (line: string) => void
}

export async function foresee(
  workshop: Workshop,
  { environment, signal, say = () => {} }: Foreseeing,
): Promise<Foresight> {
  const order = buildOrder(workshop.models).flat()
  const ledgers = await settled(workshop, { signal, say })
  const tables = new Map<string, Foreseen>()
  const models: ForeseenModel[] = []
  const befores = new Map<string, Before>()
  for (const [index, model] of order.entries()) {
    signal?.throwIfAborted()
    say(`planning ${model.name}: ${index + 1} of ${order.length} models`)
    const before = await builtBefore(workshop, model.name, environment)
    if (before) befores.set(model.name, before)
    const inputs = await inputTables(workshop, model, { tables, ledgers })
    const foreseen = await foreseeModel({ workshop, model, inputs, before, tables, signal })
    tables.set(model.name, foreseen)
    models.push(await described(workshop, model, { foreseen, environment }))
  }
  const columns = new Map([...befores].map(([name, { build }]) => [name, build.columns]))
  const changes = await contractChanges(workshop.models, columns)
  return {
    environment,
    streams: await news(workshop, { ledgers, befores }),
    models: models.map((each) => ({ ...each, contract: changes.get(each.model) ?? [] })),
  }
}

type Planned = {
  readonly key: string
  readonly state: 'ready' | 'build' | 'join'
  readonly why: string
  readonly estimate: Estimate
}

/** The table as it will be; `isExact` when nothing of it is to be built. */
type Foreseen = {
  readonly model: Model
  readonly partitions: readonly Partition[]
  readonly planned: readonly Planned[]
  readonly isExact: boolean
  readonly upTo: boolean
}

type Foreseeable = {
  readonly workshop: Workshop
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly before: Before | undefined
  readonly tables: ReadonlyMap<string, Foreseen>
  readonly signal: AbortSignal | undefined
}

async function foreseeModel(given: Foreseeable): Promise<Foreseen> {
  const { model, tables } = given
  const below = model.reads.flatMap((name) => tables.get(name) ?? [])
  if (model.make.by === 'union')
    return {
      model,
      partitions: below.flatMap(({ partitions }) => partitions),
      planned: [],
      isExact: below.every(({ isExact }) => isExact),
      upTo: below.some(({ isExact }) => !isExact),
    }
  return below.every(({ isExact }) => isExact) ? foreseeExactly(given) : foreseeUpTo(given)
}

async function foreseeExactly({ workshop, model, inputs, before, signal }: Foreseeable): Promise<Foreseen> {
  const { partitions, days } = await decide(workshop, { model, inputs, before, signal })
  const names = partitions.flatMap(({ fingerprint, pieces }) => [fingerprint, ...pieces])
  const known = await findPartitions(workshop.control.db, model.name, names)
  const expected = days ?? daysRead(model, inputs)
  const made = partitions.map(({ key, fingerprint, state, why, pieces }) => {
    const parts = pieces.flatMap((piece) => known.get(piece) ?? [])
    const joined = state === 'join' ? joinedFrom(key, parts) : known.get(fingerprint)
    const estimate = joined
      ? { rows: joined.rows, bytes: bytesOf(joined) }
      : estimateOf({ model, inputs, before }, key)
    const partition = joined ?? standInFor({ model, before, expected, estimate }, key, fingerprint)
    return { partition, planned: { key, state, why: named(model, why), estimate } }
  })
  return {
    model,
    partitions: made.map(({ partition }) => partition),
    planned: made.map(({ planned }) => planned),
    isExact: partitions.every(({ state }) => state === 'ready'),
    upTo: false,
  }
}

async function foreseeUpTo({ workshop, model, inputs, before }: Foreseeable): Promise<Foreseen> {
  const { partitions, days } = decideUpTo(workshop, { model, inputs, before })
  const old = new Map(before?.partitions.map((partition) => [partition.key, partition]))
  const expected = days ?? daysRead(model, inputs)
  const made = partitions.map(({ key, state, why }) => {
    const kept = state === 'ready' ? old.get(key) : undefined
    const estimate = kept
      ? { rows: kept.rows, bytes: bytesOf(kept) }
      : estimateOf({ model, inputs, before }, key)
    const partition = kept ?? standInFor({ model, before, expected, estimate }, key, key)
    return { partition, planned: { key, state, why: named(model, why), estimate } }
  })
  return {
    model,
    partitions: made.map(({ partition }) => partition),
    planned: made.map(({ planned }) => planned),
    isExact: partitions.every(({ state }) => state === 'ready'),
    upTo: partitions.some(({ state }) => state !== 'ready'),
  }
}

type StandingIn = {
  readonly model: Model
  readonly before: Before | undefined
  readonly expected: readonly string[]
  readonly estimate: Estimate
}

function standInFor({ model, before, expected, estimate }: StandingIn, key: string, name: string): Partition {
  const had = before?.partitions.find((each) => each.key === key)
  const days = model.time === undefined ? [''] : daysCovered(keyOf(key), expected, had)
  return standIn({ model: model.name, key, name }, { days, ...estimate })
}

/** Of a model that is not cut by time, the days on which it may have rows. */
function daysRead(model: Model, inputs: ReadonlyMap<string, InputTable>): string[] {
  if (model.time === undefined) return []
  const days = new Set<string>()
  for (const { timeline, table } of inputs.values())
    if (readingsOf(model, table).some(({ read }) => read !== 'lookup'))
      for (const day of timeline.days) days.add(day)
  return [...days].toSorted()
}

/** Reasons name streams as the project does, not as the query. */
function named({ raw }: Model, why: string): string {
  const tables = tablesChanged(why)
  if (tables === undefined) return why
  const names = tables.map((table) => {
    const stream = raw[table]
    return stream ? `${stream.source}.${stream.stream}` : table
  })
  return `${names.join(', ')} changed`
}

/** A partition is counted for each of its inputs that changed. */
function reasonsIn({ why }: Planned): string[] {
  return tablesChanged(why)?.map((table) => `${table} changed`) ?? [why]
}

/** Of `order, person changed`; undefined for other reasons. */
function tablesChanged(why: string): string[] | undefined {
  if (why === 'code changed' || !why.endsWith(' changed')) return undefined
  return why.slice(0, -' changed'.length).split(', ')
}

type Known = {
  readonly tables: ReadonlyMap<string, Foreseen>
  readonly ledgers: Readonly<Record<string, string>>
}

async function inputTables(
  workshop: Workshop,
  model: Model,
  { tables, ledgers }: Known,
): Promise<Map<string, InputTable>> {
  const inputs = new Map<string, InputTable>()
  for (const name of model.reads) {
    const below = tables.get(name)
    if (below === undefined) continue
    const { columns, time = null, partition: rule } = below.model
    inputs.set(name, tableOf(name, { columns, time }, { partitions: below.partitions, rule }))
  }
  for (const [table, raw] of Object.entries(model.raw))
    inputs.set(table, await landedTable(workshop, table, raw, ledgers))
  return inputs
}

async function described(
  workshop: Workshop,
  model: Model,
  { foreseen, environment }: { readonly foreseen: Foreseen; readonly environment: string },
): Promise<ForeseenModel> {
  const { partitions, planned, upTo, isExact } = foreseen
  const missing = planned.filter(({ state }) => state !== 'ready')
  const served = (await workshop.versions(environment).served())[model.name]
  const { name, grain, columns, time = null } = model
  const shape = { model: name, grain, columns, time, inputs: {}, lookups: {} }
  const isServed = isExact && buildFrom(shape, partitions).fingerprint === served
  const reasons: Record<string, number> = {}
  for (const why of missing.flatMap(reasonsIn)) reasons[why] = (reasons[why] ?? 0) + 1
  return {
    model: name,
    state: missing.length > 0 ? 'build' : isServed ? 'served' : 'ready',
    upTo,
    partitions: partitions.length,
    build: missing.length,
    reasons,
    estimate: sumOf(missing.map(({ estimate }) => estimate)),
    contract: [],
  }
}

/** Every stream's ledger as of now; what was worked out is kept. */
async function settled(
  workshop: Workshop,
  { signal, say }: Pick<Foreseeing, 'signal'> & { readonly say: (line: string) => void },
): Promise<Record<string, string>> {
  const { control, storage, engine, newId, now, models } = workshop
  await using session = await engine.open(signal)
  const work = { control, storage, session, spelling: engine.spelling, newId, now }
  const ledgers: Record<string, string> = {}
  for (const stream of streamsRead(models)) {
    say(`looking at what was landed of ${stream.source}.${stream.stream}`)
    ledgers[ledgerKey(stream)] = await settleStream(work, stream)
  }
  return ledgers
}

type Read = {
  readonly ledgers: Readonly<Record<string, string>>
  readonly befores: ReadonlyMap<string, Before>
}

async function news({ control, models }: Workshop, { ledgers, befores }: Read): Promise<StreamNews[]> {
  const found: StreamNews[] = []
  for (const stream of streamsRead(models)) {
    const name = ledgerKey(stream)
    const read = [...befores.values()].find(({ build }) => build.inputs[name] !== undefined)
    const each = await streamNews(control.db, stream satisfies StreamOfLedger, {
      before: read?.build.inputs[name],
      now: ledgers[name] ?? '',
    })
    if (each !== undefined) found.push(each)
  }
  return found
}
