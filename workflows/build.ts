/** Build what the landed data changes, audit it, and publish all models together: nobody ever sees a half-built or failing version. */
import {
  ApplicationFailure,
  continueAsNew,
  defineQuery,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities, Published } from '#activities/index.ts'
import { allEnded } from './all-ended.ts'
import { failureOf } from './failure-of.ts'
import { heavy, short } from './policy.ts'
import { Model, Version } from './search-attributes.ts'

export type BuildInput = {
  /** `production` when absent. */
  readonly environment?: string
  /** Build and audit only; what was built waits until somebody publishes it. */
  readonly hold?: boolean
  /** Handed by a long build to its next run, so that no history grows without end. */
  readonly soFar?: SoFar
  /** Times that a damaged partition was found and everything begun again. */
  readonly mended?: number
}

type Sums = {
  /** Models of which something had to be built; the others were already in the lake. */
  readonly built: number
  readonly partitions: number
  readonly modelRows: number
  readonly warnings: number
}

type SoFar = { readonly upstream: Readonly<Record<string, string>>; readonly sums: Sums }

export type Built = Sums & { readonly published: Published }

export const buildProgress = defineQuery<{ readonly done: number; readonly models: number }>('progress')

const {
  settle,
  plan,
  build: buildPartitions,
  assemble,
  audit,
} = proxyActivities<Pick<Activities, 'settle' | 'plan' | 'build' | 'assemble' | 'audit'>>(heavy)
const { order, publish } = proxyActivities<Pick<Activities, 'order' | 'publish'>>(short)

/** Throws when a model cannot be built or fails its audits; then nothing is published. */
export async function build(input: BuildInput = {}): Promise<Built> {
  const { environment = 'production', hold = false, soFar, mended = 0 } = input
  const { streams, levels } = await order()
  const upstream: Record<string, string> = { ...soFar?.upstream }
  let sums = soFar?.sums ?? { built: 0, partitions: 0, modelRows: 0, warnings: 0 }
  const models = levels.flat()
  const progress = () => ({ done: models.filter((model) => model in upstream).length, models: models.length })
  setHandler(buildProgress, progress)
  try {
    if (!soFar) await allEnded(streams.map(settleOne))
    for (const level of levels) {
      await allOrExplain(
        level.filter((model) => !(model in upstream)),
        buildOne,
      )
      if (workflowInfo().continueAsNewSuggested)
        await continueAsNew<typeof build>({ environment, hold, mended, soFar: { upstream, sums } })
    }
  } catch (error) {
    if (failureOf(error).kind !== 'PartitionDamaged' || mended >= 3) throw error
    // The damaged one was forgotten, so the next plan builds it again.
    await continueAsNew<typeof build>({ environment, hold, mended: mended + 1 })
  }
  const published = await publish({
    models: Object.fromEntries(models.map((model) => [model, upstream[model] ?? ''])),
    environment,
    ...(hold && { hold }),
  })
  upsertSearchAttributes([{ key: Version, value: String(published.version) }])
  return { ...sums, published }

  async function settleOne(stream: (typeof streams)[number]): Promise<void> {
    const name = `${stream.source}.${stream.stream}@${stream.time}`
    upstream[name] = await settle.executeWithOptions({ summary: name }, [stream])
  }

  async function buildOne(model: string): Promise<void> {
    const below = { ...upstream }
    const planned = await plan.executeWithOptions({ summary: model }, [
      { model, upstream: below, environment },
    ])
    const rows = await allEnded(
      planned.batches.map((keys) =>
        buildPartitions.executeWithOptions({ summary: `${model} ${keys[0]} …` }, [
          { plan: planned.plan, keys },
        ]),
      ),
    )
    const table =
      planned.ready ??
      (await assemble.executeWithOptions({ summary: model }, [
        { plan: planned.plan, upstream: below, environment },
      ]))
    const { warnings } = table.served
      ? { warnings: 0 }
      : await audit.executeWithOptions({ summary: model }, [
          { model, fingerprint: table.fingerprint, upstream: below, environment },
        ])
    upstream[model] = table.fingerprint
    sums = {
      built: sums.built + (planned.batches.length > 0 ? 1 : 0),
      partitions: sums.partitions + planned.batches.flat().length,
      modelRows: sums.modelRows + rows.reduce((sum, each) => sum + each, 0),
      warnings: sums.warnings + warnings,
    }
    setCurrentDetails(`${progress().done} of ${progress().models} models, last: ${model}`)
  }
}

/** Every model of a level is tried before the failure of one ends the build, so that one run names all that is wrong. */
async function allOrExplain(
  models: readonly string[],
  make: (model: string) => Promise<void>,
): Promise<void> {
  const ends = await Promise.allSettled(models.map(make))
  const failures = ends.flatMap((end, index) =>
    end.status === 'rejected' ? [{ model: models[index] ?? '', reason: end.reason as unknown }] : [],
  )
  const [first] = failures
  if (!first) return
  upsertSearchAttributes([{ key: Model, value: first.model }])
  if (failures.length === 1) throw first.reason
  const explained = failures.map(({ model, reason }) => `${model}: ${failureOf(reason).error}`)
  throw ApplicationFailure.nonRetryable(explained.join('\n'), failureOf(first.reason).kind)
}
