/** Which rows of the control database nothing needs any more: builds, partitions, plans, sets of keys and ledgers. */
import type { Transaction } from 'kysely'
import { z } from 'zod'
import { LookupsFound } from './builds.ts'
import type { ControlTables } from './control/control-tables.ts'
import type { ControlDatabase } from './control/open-control.ts'
import type { KnownVersion } from './garbage-versions.ts'
import type { PartitionRef } from './partitions.ts'

type Reads = Pick<ControlDatabase, 'selectFrom'>

export type LedgerRef = {
  readonly source: string
  readonly stream: string
  readonly time: string
  readonly id: string
}

export type NeedlessRows = {
  readonly builds: readonly PartitionRef[]
  readonly partitions: readonly PartitionRef[]
  readonly plans: readonly string[]
  readonly keySets: readonly string[]
  readonly ledgers: readonly LedgerRef[]
  /** Indexes of landed files that no load names. */
  readonly rawIndexes: readonly string[]
}

/** Whatever was made at or after `since` (ISO 8601) may belong to a run that is going on. */
export async function needlessRows(
  db: Reads,
  kept: readonly KnownVersion[],
  since: string,
): Promise<NeedlessRows> {
  const named = new Set(kept.flatMap(({ models }) => Object.entries(models).map(nameOf)))
  for (const models of await preparedModels(db))
    for (const entry of Object.entries(models)) named.add(nameOf(entry))
  const builds = await db
    .selectFrom('model_build')
    .select(['model', 'fingerprint', 'partitions', 'inputs', 'built_at'])
    .execute()
  const isKept = (row: (typeof builds)[number]) =>
    row.built_at >= since || named.has(nameOf([row.model, row.fingerprint]))
  const stay = builds.filter(isKept)
  const plans = await planned(db, since)
  return {
    builds: builds.filter((row) => !isKept(row)).map(refOf),
    partitions: await needlessPartitions(
      db,
      new Set([
        ...stay.flatMap(({ partitions }) => refsIn(partitions)),
        ...plans.flatMap(({ partitions }) => partitions),
      ]),
      since,
    ),
    plans: await needlessPlans(db, since),
    keySets: await needlessKeySets(
      db,
      [...(await lookupsOf(db, stay)), ...plans.flatMap((p) => p.keys)],
      since,
    ),
    ledgers: await needlessLedgers(db, new Set(stay.flatMap(({ inputs }) => ledgersIn(inputs))), since),
    rawIndexes: await needlessIndexes(db),
  }
}

/** In one transaction: a version never names what is gone. */
export async function deleteRows(trx: Transaction<ControlTables>, needless: NeedlessRows): Promise<void> {
  for (const table of ['model_partition', 'model_build', 'audit_result'] as const)
    for (const [model, fingerprints] of byModel(
      table === 'model_partition' ? needless.partitions : needless.builds,
    ))
      for (const some of chunks(fingerprints))
        await trx.deleteFrom(table).where('model', '=', model).where('fingerprint', 'in', some).execute()
  for (const some of chunks(needless.plans))
    await trx.deleteFrom('model_plan').where('id', 'in', some).execute()
  for (const some of chunks(needless.keySets))
    await trx.deleteFrom('key_set').where('id', 'in', some).execute()
  for (const some of chunks(needless.rawIndexes))
    await trx.deleteFrom('raw_index').where('path', 'in', some).execute()
  for (const { source, stream, time, id } of needless.ledgers)
    await trx
      .deleteFrom('stream_ledger')
      .where('source', '=', source)
      .where('stream', '=', stream)
      .where('time', '=', time)
      .where('id', '=', id)
      .execute()
}

function nameOf([model, fingerprint]: readonly [string, string]): string {
  return `${model} ${fingerprint}`
}

function refOf({ model, fingerprint }: PartitionRef): PartitionRef {
  return { model, fingerprint }
}

function refsIn(partitions: string | null): string[] {
  if (partitions === null) return []
  return (JSON.parse(partitions) as PartitionRef[]).map(({ model, fingerprint }) =>
    nameOf([model, fingerprint]),
  )
}

function ledgersIn(inputs: string | null): string[] {
  if (inputs === null) return []
  return Object.entries(JSON.parse(inputs) as Record<string, string>).map(nameOf)
}

async function preparedModels(db: Reads): Promise<Record<string, string>[]> {
  const rows = await db.selectFrom('prepared').select('models').execute()
  return rows.map(({ models }) => JSON.parse(models) as Record<string, string>)
}

const Plan = z.object({
  model: z.string(),
  partitions: z.array(z.object({ fingerprint: z.string(), pieces: z.array(z.string()) })),
  lookups: LookupsFound,
})

/** What the plans of runs that may be going on are made of. */
async function planned(db: Reads, since: string): Promise<{ partitions: string[]; keys: string[] }[]> {
  const rows = await db.selectFrom('model_plan').select('plan').where('planned_at', '>=', since).execute()
  return rows.map((row) => {
    const { model, partitions, lookups } = Plan.parse(JSON.parse(row.plan))
    const fingerprints = partitions.flatMap(({ fingerprint, pieces }) => [fingerprint, ...pieces])
    return {
      partitions: fingerprints.map((fingerprint) => nameOf([model, fingerprint])),
      keys: keysIn(lookups),
    }
  })
}

function keysIn(lookups: LookupsFound): string[] {
  return Object.values(lookups).flatMap(({ matches }) => Object.keys(matches))
}

async function lookupsOf(db: Reads, builds: readonly PartitionRef[]): Promise<string[]> {
  const keys = new Set<string>()
  for (const [model, fingerprints] of byModel(builds))
    for (const some of chunks(fingerprints)) {
      const rows = await db
        .selectFrom('model_build')
        .select('lookups')
        .where('model', '=', model)
        .where('fingerprint', 'in', some)
        .where('lookups', 'is not', null)
        .execute()
      for (const { lookups } of rows)
        for (const key of keysIn(LookupsFound.parse(JSON.parse(lookups ?? '{}')))) keys.add(key)
    }
  return [...keys]
}

async function needlessPartitions(
  db: Reads,
  kept: ReadonlySet<string>,
  since: string,
): Promise<PartitionRef[]> {
  const rows = await db
    .selectFrom('model_partition')
    .select(['model', 'fingerprint'])
    .where('built_at', '<', since)
    .execute()
  return rows.filter(({ model, fingerprint }) => !kept.has(nameOf([model, fingerprint]))).map(refOf)
}

async function needlessPlans(db: Reads, since: string): Promise<string[]> {
  const rows = await db.selectFrom('model_plan').select('id').where('planned_at', '<', since).execute()
  return rows.map(({ id }) => id)
}

async function needlessKeySets(db: Reads, kept: readonly string[], since: string): Promise<string[]> {
  const wanted = new Set(kept)
  const rows = await db.selectFrom('key_set').select('id').where('made_at', '<', since).execute()
  return rows.map(({ id }) => id).filter((id) => !wanted.has(id))
}

/** The newest ledger of each stream stays: the next one is worked out from it. */
async function needlessLedgers(db: Reads, kept: ReadonlySet<string>, since: string): Promise<LedgerRef[]> {
  const rows = await db
    .selectFrom('stream_ledger')
    .select(['source', 'stream', 'time', 'id', 'made_at'])
    .orderBy('made_at', 'desc')
    .execute()
  const seen = new Set<string>()
  return rows.flatMap(({ source, stream, time, id, made_at }) => {
    const name = `${source}.${stream}@${time}`
    const isNewest = !seen.has(name)
    seen.add(name)
    if (isNewest || made_at >= since || kept.has(nameOf([name, id]))) return []
    return [{ source, stream, time, id }]
  })
}

async function needlessIndexes(db: Reads): Promise<string[]> {
  const rows = await db
    .selectFrom('raw_index')
    .leftJoin('load_file', 'load_file.path', 'raw_index.path')
    .select('raw_index.path')
    .where('load_file.path', 'is', null)
    .execute()
  return [...new Set(rows.map(({ path }) => path))]
}

function byModel(refs: readonly PartitionRef[]): Map<string, string[]> {
  const grouped = Map.groupBy(refs, ({ model }) => model)
  return new Map([...grouped].map(([model, own]) => [model, own.map(({ fingerprint }) => fingerprint)]))
}

/** Names per statement, below the parameter limits of both engines. */
const CHUNK = 500

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, at) =>
    all.slice(at * CHUNK, (at + 1) * CHUNK),
  )
}
