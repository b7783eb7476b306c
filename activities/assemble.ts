/** Put a planned model's partitions together as its table: the build that audits look at and versions name. */
import { type Build, buildFrom, buildOf, partitionsOf, recordBuild } from '#lake/builds.ts'
import type { Partition } from '#lake/partition.ts'
import { findPartitions } from '#lake/partitions.ts'
import type { Model } from '#models/define-model.ts'
import type { Upstream } from './input-table.ts'
import { planNamed } from './model-plan.ts'
import { modelNamed, type Workshop } from './workshop.ts'

/** Throws when a partition was not built. */
export async function assemble(workshop: Workshop, id: string): Promise<Build> {
  const plan = await planNamed(workshop.control, id)
  const model = modelNamed(workshop, plan.model)
  const fingerprints = plan.partitions.map(({ fingerprint }) => fingerprint)
  const known = await findPartitions(workshop.control.db, model.name, fingerprints)
  const partitions = plan.partitions.map(({ fingerprint, key }) => {
    const partition = known.get(fingerprint)
    if (partition === undefined)
      throw new Error(`[${model.name}] partition ${key} was not built; run \`saydo build\` again.`)
    return partition
  })
  return recorded(workshop, model, partitions, { inputs: plan.upstream, lookups: plan.lookups })
}

/** The table of a union: the partitions of its parts, one after the other. */
export async function unite(workshop: Workshop, model: Model, upstream: Upstream): Promise<Build> {
  const inputs = Object.fromEntries(model.reads.map((part) => [part, upstream[part] ?? '(none)']))
  const partitions: Partition[] = []
  for (const [part, fingerprint] of Object.entries(inputs)) {
    const build = await buildOf(workshop.control.db, part, fingerprint)
    partitions.push(...(await partitionsOf(workshop.control.db, build)))
  }
  return recorded(workshop, model, partitions, { inputs, lookups: {} })
}

async function recorded(
  { control, now }: Workshop,
  { name, grain, columns, time }: Model,
  partitions: readonly Partition[],
  read: Pick<Build, 'inputs' | 'lookups'>,
): Promise<Build> {
  const build = buildFrom({ model: name, grain, columns, time: time ?? null, ...read }, partitions)
  await recordBuild(control.db, build, now())
  return build
}
