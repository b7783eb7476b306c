/** Every verb of a build, one after the other as the workflow `build` says them, without Temporal. */
import type { ModelVerbs } from '#activities/create-activities.ts'
import type { Published } from '#activities/index.ts'
import { PartitionDamaged } from '#lake/file-damaged.ts'

export type BuiltAll = {
  /** Model → the fingerprint of its build; `<source>.<stream>@<time>` → the ledger of the stream. */
  readonly upstream: Readonly<Record<string, string>>
  readonly published: Published
  /** Partitions that had to be built. */
  readonly partitions: number
  /** The same by model, as keys; models of which nothing had to be built are left out. */
  readonly built: Readonly<Record<string, readonly string[]>>
  readonly warnings: number
}

/** Throws what a verb throws; a damaged partition begins everything again, three times at most. */
export async function buildAll(verbs: ModelVerbs, environment = 'production', mended = 0): Promise<BuiltAll> {
  try {
    return await buildOnce(verbs, environment)
  } catch (error) {
    if (!(error instanceof PartitionDamaged) || mended >= 3) throw error
    return buildAll(verbs, environment, mended + 1)
  }
}

async function buildOnce(verbs: ModelVerbs, environment: string): Promise<BuiltAll> {
  const { streams, levels } = await verbs.order()
  const upstream: Record<string, string> = {}
  for (const stream of streams)
    upstream[`${stream.source}.${stream.stream}@${stream.time}`] = await verbs.settle(stream)
  const built: Record<string, string[]> = {}
  let warnings = 0
  for (const level of levels) {
    const below = { ...upstream }
    for (const model of level) {
      const made = await buildModel(verbs, { model, upstream: below, environment })
      upstream[model] = made.fingerprint
      warnings += made.warnings
      if (made.keys.length > 0) built[model] = made.keys
    }
  }
  const models = Object.fromEntries(levels.flat().map((model) => [model, upstream[model] ?? '']))
  const published = await verbs.publish({ models, environment })
  const partitions = Object.values(built).flat().length
  return { upstream, published, partitions, built, warnings }
}

async function buildModel(verbs: ModelVerbs, input: Parameters<ModelVerbs['plan']>[0]) {
  const { model, upstream, environment } = input
  const { batches, plan, ready } = await verbs.plan(input)
  for (const keys of batches) await verbs.build({ plan, keys })
  const table = ready ?? (await verbs.assemble({ plan, upstream, environment }))
  const { fingerprint } = table
  const { warnings } = table.served
    ? { warnings: 0 }
    : await verbs.audit({ model, fingerprint, upstream, environment })
  return { fingerprint, warnings, keys: batches.flat() }
}
