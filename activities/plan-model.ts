/** Decide what of one model must be built: every partition's fingerprint over what it reads, and whether the lake has it. */
import { hash } from 'node:crypto'
import { type Build, type LookupsFound, partitionsOf } from '#lake/builds.ts'
import { addDays, monthStart } from '#lake/calendar.ts'
import { keyOf, keyText, type Partition, type PartitionKey } from '#lake/partition.ts'
import { findPartitions } from '#lake/partitions.ts'
import { checkModel } from '#models/check-models.ts'
import { definitionOf, fingerprintOf, lookedUpBy } from '#models/definition.ts'
import type { Model } from '#models/define-model.ts'
import { readingsOf } from '#models/partition.ts'
import { piecesOf, type Span, spansOf } from '#models/spans.ts'
import { planGrowth } from './growth.ts'
import { type InputTable, inputsOf, type Upstream } from './input-table.ts'
import { findLookups, type LookupsOf, type Place } from './lookups.ts'
import { type ModelPlan, type PlannedPartition } from './model-plan.ts'
import { contentRead } from './reading.ts'
import { modelNamed, type Workshop } from './workshop.ts'

export type PlanInput = {
  readonly model: string
  readonly upstream: Upstream
  readonly environment: string
}

/** The plan, and the name under which it is kept. */
export async function planModel(
  workshop: Workshop,
  { model: name, upstream, environment }: PlanInput,
  signal: AbortSignal | undefined,
): Promise<{ id: string; plan: ModelPlan }> {
  const model = modelNamed(workshop, name)
  const inputs = await inputsOf(workshop, model, upstream)
  const before = await builtBefore(workshop, name, environment)
  const { partitions, days, memo } = await decide(workshop, { model, inputs, before, signal })
  const read = Object.fromEntries(Object.entries(upstream).filter(([table]) => isRead(model, table)))
  const plan: ModelPlan = { model: name, upstream: read, partitions, days: days && [...days], lookups: memo }
  const id = hash('sha256', JSON.stringify([environment, name, read, partitions.map((p) => p.fingerprint)]))
  return { id: id.slice(0, 24), plan }
}

export type Deciding = {
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly before: Before | undefined
  readonly signal: AbortSignal | undefined
}

export type Decided = {
  readonly partitions: PlannedPartition[]
  readonly days: readonly string[] | null
  readonly memo: LookupsFound
}

/** Which partitions the model's table is made of, and which of them the lake has. */
export async function decide(
  workshop: Workshop,
  { model, inputs, before, signal }: Deciding,
): Promise<Decided> {
  checkModel(model, workshop.models)
  const grown = await planGrowth(workshop, { model, inputs, before, signal })
  if (grown) return { partitions: grown, days: null, memo: {} }
  const days = daysOf(model, inputs)
  const wanted = keysOf(model, { inputs, days, before, today: today(workshop) })
  const keys = [...wanted, ...wanted.flatMap((key) => piecesBuilt(key, days, before))]
  const { planned, memo } = await planKeys(workshop, { model, inputs, before, signal }, keys)
  const partitions = await withStates(workshop, model.name, planned.slice(0, wanted.length), {
    pieces: planned.slice(wanted.length),
    days,
    before,
  })
  return { partitions, days, memo }
}

/** What these partitions would be, each with what it reads. */
export async function planKeys(
  workshop: Workshop,
  { model, inputs, before, signal }: Deciding,
  keys: readonly PartitionKey[],
): Promise<{ planned: PlannedPartition[]; memo: LookupsFound }> {
  const { found, memo } = await lookups(workshop, {
    model,
    inputs,
    keys,
    before: before?.build.lookups,
    signal,
  })
  return { planned: partitionsFor(workshop, { model, inputs, keys, found, before }), memo }
}

export function today({ now }: Pick<Workshop, 'now'>): string {
  return now().toISOString().slice(0, 10)
}

function isRead({ reads, raw }: Model, table: string): boolean {
  return (
    reads.includes(table) ||
    Object.values(raw).some(({ source, stream }) => table.startsWith(`${source}.${stream}@`))
  )
}

export type Before = { readonly build: Build; readonly partitions: readonly Partition[] }

/** What the environment serves of this model; of a new environment, what the usual one serves. */
export async function builtBefore(
  { versions, control }: Workshop,
  model: string,
  environment: string,
): Promise<Before | undefined> {
  for (const served of [await versions(environment).served(), await versions().served()]) {
    const fingerprint = served[model]
    const build = fingerprint && (await versions().findBuild(model, fingerprint))
    if (build && build.partitions !== null)
      return { build, partitions: await partitionsOf(control.db, build).catch(() => []) }
  }
  return undefined
}

/** Days on which the model may have rows: those of its inputs read as `same`, or else all that its windows reach; null when it is not cut by time. */
export function daysOf(model: Model, inputs: ReadonlyMap<string, InputTable>): string[] | null {
  if (model.partition.by !== 'time') return null
  const all = [...inputs.values()].flatMap((input) =>
    readingsOf(model, input.table).map((reading) => ({ input, reading })),
  )
  const exact = all.filter(({ reading }) => reading.read === 'same')
  const days = new Set<string>()
  if (exact.length > 0) for (const { input } of exact) for (const day of input.timeline.days) days.add(day)
  else
    for (const { input, reading } of all)
      if (reading.read === 'window' && reading.from !== null && reading.to !== null)
        for (const day of input.timeline.days)
          for (let shift = -reading.to; shift <= -reading.from; shift += 1) days.add(addDays(day, shift))
  const unit = model.partition.unit
  return [...new Set(unit === 'month' ? [...days].map(monthStart) : days)].toSorted()
}

type KeysWanted = {
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly days: readonly string[] | null
  readonly before: Before | undefined
  readonly today: string
}

export function keysOf(model: Model, { inputs, days, before, today }: KeysWanted): PartitionKey[] {
  const rule = model.partition
  if (rule.by === 'none') return [{ is: 'whole' }]
  if (rule.by === 'bucket')
    return Array.from({ length: rule.of }, (_, bucket) => ({ is: 'bucket', bucket, of: rule.of }))
  const spans = spansOf({ days: days ?? [], unit: rule.unit, built: spansBuilt(before), today })
  const undated = [...inputs.values()].some(
    (input) =>
      input.timeline.undated.rows > 0 && readingsOf(model, input.table).some(({ read }) => read === 'same'),
  )
  return [
    ...spans.map((span): PartitionKey => ({ is: 'span', ...span })),
    ...(undated ? [{ is: 'undated' } as const] : []),
  ]
}

function spansBuilt(before: Before | undefined): Span[] {
  return (before?.partitions ?? [])
    .map(({ key }) => keyOf(key))
    .flatMap((key) => (key.is === 'span' ? [{ from: key.from, to: key.to }] : []))
    .toSorted((a, b) => (a.from < b.from ? -1 : 1))
}

type LookupsWanted = {
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly keys: readonly PartitionKey[]
  readonly before: LookupsFound | undefined
  readonly signal: AbortSignal | undefined
}

async function lookups(
  workshop: Workshop,
  { model, inputs, keys, before = {}, signal }: LookupsWanted,
): Promise<{ found: LookupsOf; memo: LookupsFound }> {
  const has = Object.values(model.inputs).some((readings) => readings.some(({ read }) => read === 'lookup'))
  if (!has) return { found: keys.map(() => new Map()), memo: {} }
  await using session = await workshop.engine.open(signal)
  const places = keys.map((key): Place => ({ key, bucketKey: bucketKeyOf(model) }))
  return await findLookups({ workshop, session, model, inputs, places, before })
}

export function bucketKeyOf({ partition }: Model): string | undefined {
  return partition.by === 'bucket' ? partition.key : undefined
}

type Wanted = Omit<LookupsWanted, 'before' | 'signal'> & {
  readonly found: LookupsOf
  readonly before: Before | undefined
}

function partitionsFor(
  { engine, models }: Workshop,
  { model, inputs, keys, found, before }: Wanted,
): PlannedPartition[] {
  const code = definitionOf(model, engine.majorVersion, lookedUpBy(models, model.name))
  const old = new Map(before?.partitions.map((partition) => [partition.key, partition]))
  return keys.map((key, index) => {
    const lookupsHere = found[index] ?? new Map()
    const contents = Object.fromEntries(
      [...inputs].map(([table, input]) => [
        table,
        contentRead(input, readingsOf(model, table), {
          key,
          bucketKey: bucketKeyOf(model),
          lookups: lookupsHere.get(table) ?? [],
        }),
      ]),
    )
    const text = keyText(key)
    const madeOf = { code, inputs: contents }
    return {
      key: text,
      fingerprint: fingerprintOf(code, text, contents),
      state: 'build',
      why: whyOf(old.get(text), madeOf, before !== undefined),
      madeOf,
      pieces: [],
      lookups: Object.fromEntries(
        [...lookupsHere].map(([table, some]) => [
          table,
          some.map(({ file, pieces }: { file: string; pieces: ReadonlySet<unknown> }) => ({
            file,
            pieces: (inputs.get(table)?.pieces ?? []).flatMap((piece, place) =>
              pieces.has(piece) ? [place] : [],
            ),
          })),
        ]),
      ),
    }
  })
}

function whyOf(
  old: Partition | undefined,
  { code, inputs }: Partition['madeOf'],
  hasBefore: boolean,
): string {
  if (old === undefined) return hasBefore ? 'new' : 'first build'
  if (old.madeOf.code !== code) return 'code changed'
  const changed = Object.keys(inputs).filter((table) => old.madeOf.inputs[table] !== inputs[table])
  return changed.length > 0 ? `${changed.join(', ')} changed` : ''
}

/** Built days that a whole month could be put together from. */
export function piecesBuilt(
  key: PartitionKey,
  days: readonly string[] | null,
  before: Before | undefined,
): PartitionKey[] {
  if (key.is !== 'span' || days === null) return []
  return (piecesOf(key, days, spansBuilt(before)) ?? []).map((span) => ({ is: 'span', ...span }))
}

type Beside = {
  /** What the pieces of closed months would be if they were planned now. */
  readonly pieces: readonly PlannedPartition[]
  readonly days: readonly string[] | null
  readonly before: Before | undefined
}

/** What the lake has is ready; a closed month whose days are as they would be built now is put together from them. */
async function withStates(
  { control }: Workshop,
  model: string,
  planned: readonly PlannedPartition[],
  { pieces, days, before }: Beside,
): Promise<PlannedPartition[]> {
  const fingerprints = [...planned, ...pieces].map(({ fingerprint }) => fingerprint)
  const known = await findPartitions(control.db, model, fingerprints)
  const current = new Map(pieces.map(({ key, fingerprint }) => [key, fingerprint]))
  return planned.map((partition) => {
    if (known.has(partition.fingerprint)) return { ...partition, state: 'ready', why: '' }
    const parts = piecesBuilt(keyOf(partition.key), days, before).map(
      (key) => current.get(keyText(key)) ?? '',
    )
    if (parts.length === 0 || !parts.every((fingerprint) => known.has(fingerprint))) return partition
    return { ...partition, state: 'join', pieces: parts, why: 'month closed' }
  })
}
