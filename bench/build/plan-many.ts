/** How long plans take in a large project: sixty models over three years of days, and sixty over as many buckets, on a lake that holds nothing but their names. */
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { createModelVerbs } from '#activities/create-activities.ts'
import { planNamed } from '#activities/model-plan.ts'
import { addDays } from '#lake/calendar.ts'
import { buildFrom, recordBuild } from '#lake/builds.ts'
import { keyOf, type Partition } from '#lake/partition.ts'
import { findPartitions, recordPartition } from '#lake/partitions.ts'
import { openStorage } from '#lake/storage.ts'
import { openControl } from '#lake/control/open-control.ts'
import { type Model, modelOf } from '#models/define-model.ts'
import { bucket, same, time, window } from '#models/partition.ts'
import { openLake, type OpenLake } from './open-lake.ts'

const MODELS = 60
const DAYS = 1100
const FIRST = '2022-06-16'
const today = addDays(FIRST, DAYS)

export type Kind = 'time' | 'bucket'

/** Seconds to plan all models of a kind when nothing changed, in a process that has planned nothing yet. */
export async function planMany(folder: string, kind: Kind): Promise<number> {
  const lake = await openLake(folder, modelsOf(kind), { now: today })
  const given = Object.fromEntries(Object.entries(await lake.versions().served()).slice(0, ROOTS))
  const from = performance.now()
  const upstream = await planAll(lake, given)
  const seconds = (performance.now() - from) / 1000
  if (Object.keys(upstream).length !== ROOTS + MODELS) throw new Error('[bench] not every model was planned.')
  await lake.close()
  return seconds
}

/** Makes the lake: partitions are remembered, not built. */
export async function preparePlans(folder: string, kind: Kind): Promise<void> {
  await openStorage(join(folder, 'lake'))
  await openControl(join(folder, 'control.db')).migrate()
  const lake = await openLake(folder, modelsOf(kind), { now: today })
  const upstream = await planAll(lake, await giveRoots(lake, kind))
  await lake.versions().publish(upstream)
  await lake.close()
}

const ROOTS = 4

/** Four tables that are given, and sixty models in chains over them, each reading a window of its chain's first table too. */
function modelsOf(kind: Kind): Model[] {
  return Array.from({ length: ROOTS + MODELS }, (_, place) => {
    const [first, before] = [nameOf(place % ROOTS), nameOf(place - ROOTS)]
    const reads = place < ROOTS ? [] : [...new Set([first, before])].toSorted()
    const beside = kind === 'time' ? [window(-30, 0)] : [same()]
    return modelOf({
      name: nameOf(place),
      description: '',
      owner: 'bench',
      grain: ['id'],
      columns: [
        { name: 'id', type: 'VARCHAR' },
        { name: 'happened_at', type: 'TIMESTAMP' },
      ],
      raw: {},
      make: { by: 'query', query: { sql: `select * from ${before}`, parameters: [] } },
      reads,
      partition: kind === 'bucket' ? bucket('id', DAYS) : time('happened_at'),
      time: 'happened_at',
      inputs: Object.fromEntries(reads.map((table) => [table, table === before ? [same()] : beside])),
    })
  })
}

function nameOf(place: number): string {
  return `m${String(place).padStart(2, '0')}`
}

/** Builds of every model, one after the other; what is missing is remembered as if it had been built. */
async function planAll(
  lake: OpenLake,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const verbs = createModelVerbs(lake, () => undefined)
  const upstream: Record<string, string> = { ...given }
  for (const { name } of lake.models.slice(ROOTS)) {
    const asked = { upstream: { ...upstream }, environment: 'production' }
    const planned = await verbs.plan({ model: name, ...asked })
    if (planned.batches.length > 0) await pretend(lake, await planNamed(lake.control, planned.plan))
    const built = planned.ready ?? (await verbs.assemble({ plan: planned.plan, ...asked }))
    upstream[name] = built.fingerprint
  }
  return upstream
}

/** Builds of the given tables: a partition per day, or per bucket. */
async function giveRoots(lake: OpenLake, kind: Kind): Promise<Record<string, string>> {
  const given: Record<string, string> = {}
  for (const { name, grain, columns } of lake.models.slice(0, ROOTS)) {
    const partitions = Array.from({ length: DAYS }, (_, at) => {
      const day = addDays(FIRST, at)
      const key = kind === 'bucket' ? `bucket-${at}-of-${DAYS}` : `${day}_${addDays(day, 1)}`
      return { key, fingerprint: hash('md5', `${name} ${key}`), madeOf: { code: '', inputs: {} } }
    })
    await pretend(lake, { model: name, partitions })
    const known = await findPartitions(
      lake.control.db,
      name,
      partitions.map(({ fingerprint }) => fingerprint),
    )
    const shape = { model: name, grain, columns, time: 'happened_at', inputs: {}, lookups: {} }
    const build = buildFrom(
      shape,
      partitions.flatMap(({ fingerprint }) => known.get(fingerprint) ?? []),
    )
    await recordBuild(lake.control.db, build, lake.now())
    given[name] = build.fingerprint
  }
  return given
}

type Pretended = {
  readonly model: string
  readonly partitions: readonly Pick<Partition, 'key' | 'fingerprint' | 'madeOf'>[]
}

async function pretend({ control }: OpenLake, { model, partitions }: Pretended): Promise<void> {
  const days = Array.from({ length: DAYS }, (_, day) => addDays(FIRST, day))
  await control.db.transaction().execute(async (trx) => {
    for (const { key, fingerprint, madeOf } of partitions) {
      const of = keyOf(key)
      const held = of.is === 'span' ? days.filter((day) => day >= of.from && day < of.to) : days.slice(0, 30)
      const file = {
        path: `models/${model}/${fingerprint}.parquet`,
        bytes: 1,
        sha256: hash('sha256', fingerprint),
      }
      await recordPartition(trx, {
        model,
        fingerprint,
        key,
        files: [file],
        index: [file],
        rows: held.length,
        days: held.map((day) => [day, 1, String(BigInt(`0x${hash('md5', day).slice(0, 16)}`))]),
        madeOf,
        builtAt: `${today}T00:00:00.000Z`,
      })
    }
  })
}
