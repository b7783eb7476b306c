/** Rebuild what the landed data changes, audit it, and publish all models together: nobody ever sees a half-built or failing version. */
import {
  ApplicationFailure,
  defineQuery,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow'
import type { Activities, Published } from '#activities/index.ts'
import { failureOf } from './failure-of.ts'
import { heavy, short } from './policy.ts'
import { Model, Version } from './search-attributes.ts'

export type Built = {
  /** Models that had to be computed; the others were already in the lake. */
  readonly built: number
  readonly modelRows: number
  readonly warnings: number
  readonly published: Published
}

export const buildProgress = defineQuery<{ readonly done: number; readonly models: number }>('progress')

const { build: buildModel, audit } = proxyActivities<Pick<Activities, 'build' | 'audit'>>(heavy)
const { plan, publish } = proxyActivities<Pick<Activities, 'plan' | 'publish'>>(short)

/** Throws when a model cannot be built or fails its audits; then nothing is published. */
export async function build(): Promise<Built> {
  const levels = await plan()
  const fingerprints: Record<string, string> = {}
  const sum = { built: 0, modelRows: 0, warnings: 0 }
  const progress = () => ({ done: Object.keys(fingerprints).length, models: levels.flat().length })
  setHandler(buildProgress, progress)

  for (const level of levels) {
    const upstream = { ...fingerprints }
    await allOrExplain(level, async (model) => {
      const { fingerprint, built, rows } = await buildModel.executeWithOptions({ summary: model }, [
        { model, upstream },
      ])
      const { warnings } = await audit.executeWithOptions({ summary: model }, [
        { model, fingerprint, upstream },
      ])
      fingerprints[model] = fingerprint
      sum.built += built ? 1 : 0
      sum.modelRows += rows
      sum.warnings += warnings
      setCurrentDetails(`${progress().done} of ${progress().models} models, last: ${model}`)
    })
  }
  const published = await publish({ models: fingerprints })
  upsertSearchAttributes([{ key: Version, value: String(published.version) }])
  return { ...sum, published }
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
