/** A whole build through the verbs, as the workflow says them, with as many at a time as a worker does. */
import { createModelVerbs } from '#activities/create-activities.ts'
import type { Published } from '#activities/index.ts'
import type { Workshop } from '#activities/workshop.ts'
import { atMost } from '#lake/at-most.ts'
import type { Watch } from './watch.ts'

const environment = 'production'

export type Sums = {
  partitions: number
  rows: number
  warnings: number
  built: number
  readonly published: Published
  readonly upstream: Readonly<Record<string, string>>
}

/** Of a worker that is not told otherwise. */
const ordinarily = 8

export async function buildAll(
  workshop: Workshop,
  watch: Pick<Watch, 'verb'>,
  atOnce = ordinarily,
): Promise<Sums> {
  const verbs = createModelVerbs(workshop, () => undefined)
  const limited = atMost(atOnce)
  const say = <T>(verb: string, model: string, work: () => Promise<T>) =>
    limited(() => watch.verb(verb, model, work))
  const { streams, levels } = await say('order', '', () => verbs.order())
  const upstream: Record<string, string> = {}
  const sums = { partitions: 0, rows: 0, warnings: 0, built: 0 }
  await Promise.all(
    streams.map(async (stream) => {
      const name = `${stream.source}.${stream.stream}@${stream.time}`
      upstream[name] = await say('settle', name, () => verbs.settle(stream))
    }),
  )
  const buildOne = async (model: string) => {
    const below = { ...upstream }
    const planned = await say('plan', model, () => verbs.plan({ model, upstream: below, environment }))
    const rows = await Promise.all(
      planned.batches.map((keys) => say('build', model, () => verbs.build({ plan: planned.plan, keys }))),
    )
    const table =
      planned.ready ??
      (await say('assemble', model, () =>
        verbs.assemble({ plan: planned.plan, upstream: below, environment }),
      ))
    if (!table.served) {
      const { fingerprint } = table
      const { warnings } = await say('audit', model, () =>
        verbs.audit({ model, fingerprint, upstream: below, environment }),
      )
      sums.warnings += warnings
    }
    upstream[model] = table.fingerprint
    sums.built += planned.batches.length > 0 ? 1 : 0
    sums.partitions += planned.batches.flat().length
    sums.rows += rows.reduce((sum, each) => sum + each, 0)
  }
  for (const level of levels) await Promise.all(level.map(buildOne))
  const models = Object.fromEntries(levels.flat().map((model) => [model, upstream[model] ?? '']))
  const published = await say('publish', '', () => verbs.publish({ models, environment }))
  return { ...sums, published, upstream }
}
