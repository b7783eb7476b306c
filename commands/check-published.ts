/** What `saydo check` says of what is published: whether models are steady, and whether files are whole. */
import { tryModel, type Trial } from '#activities/try-model.ts'
import type { Workshop } from '#activities/workshop.ts'
import type { Engine } from '#lake/engine.ts'
import { verifyFiles } from '#lake/verify-files.ts'
import { buildOrder } from '#models/build-order.ts'
import type { Result } from './check.ts'

export type Trying = {
  readonly oneThread: Engine
  readonly environment: string
  readonly say: (line: string) => void
}

/** Only models that are not steady have a line of their own. */
export async function checkSteadiness(
  workshop: Workshop,
  { oneThread, environment, say }: Trying,
): Promise<Result[]> {
  const served = await workshop.versions(environment).served()
  if (Object.keys(served).length === 0)
    return [{ what: 'steadiness', state: 'skipped', detail: 'nothing is published yet' }]
  const trials: Trial[] = []
  for (const { name } of buildOrder(workshop.models).flat()) {
    say(`building a part of ${name} twice`)
    const trial = await tryModel(workshop, name, { oneThread, environment })
    if (trial) trials.push(trial)
  }
  const steady = trials.filter(({ outcome }) => outcome === 'same')
  return [
    {
      what: 'steadiness',
      state: 'ok',
      detail: `${steady.length} models give the same rows by any number of threads and cuts`,
    },
    ...trials.filter(({ outcome }) => outcome !== 'same').map(resultOf),
  ]
}

function resultOf({ model, partition, outcome, detail }: Trial): Result {
  if (outcome === 'skipped') return { what: `model ${model}`, state: 'skipped', detail }
  const said =
    outcome === 'unsteady'
      ? `two builds of ${partition} differ: ${detail}; order whatever it takes the first of, and use no clock or chance`
      : `${partition} depends on where it is cut: ${detail}`
  return { what: `model ${model}`, state: 'failed', detail: said }
}

/** Damaged partitions are forgotten, so that the next build makes them anew. */
export async function checkFiles(
  { control, storage, versions }: Workshop,
  { environment, say }: Pick<Trying, 'environment' | 'say'>,
): Promise<Result[]> {
  const served = await versions(environment).served()
  const { files, damaged } = await verifyFiles({ db: control.db, storage }, served, say)
  return [
    { what: 'files', state: 'ok', detail: `${files - damaged.length} of ${files} are as they were written` },
    ...damaged.map(({ path, what, partition }): Result => {
      const remedy =
        partition === null
          ? 'restore it from a backup, or read its records again with `saydo backfill`'
          : 'forgotten; run `saydo build`, which makes it anew'
      return { what: path, state: 'failed', detail: `is ${what}; ${remedy}` }
    }),
  ]
}
