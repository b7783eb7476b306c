/** The model verbs, each telling OpenLineage what it begins, ends or fails at; what they do and answer stays the same. */
import type { LineageEmitter } from '#lake/open-lineage/emitter.ts'
import { modelRunId } from '#lake/open-lineage/emitter.ts'
import type { LineageRun } from '#lake/open-lineage/lineage-run.ts'
import type { Model } from '#models/define-model.ts'
import { lineageOf } from '#models/lineage.ts'
import { lineageFacts } from '#models/lineage/lineage-facts.ts'
import { traceable } from '#models/lineage/traceable.ts'
import type { ModelVerbs } from './create-activities.ts'
import type { Upstream } from './input-table.ts'
import { planNamed } from './model-plan.ts'
import { modelNamed, type Workshop } from './workshop.ts'

export type Telling = {
  readonly emitter: LineageEmitter
  /** The id of the run at hand, a UUID. */
  readonly run: () => string
}

/** A model is told of when something of it is built, and complete when it has passed its audits. */
export function tellLineage(verbs: ModelVerbs, workshop: Workshop, { emitter, run }: Telling): ModelVerbs {
  let traced: ReturnType<typeof lineageOf> | undefined
  const graph = () => (traced ??= lineageOf(workshop.models.map(traceable)))

  async function factsOf(name: string, upstream: Upstream): Promise<LineageRun> {
    const model: Model = modelNamed(workshop, name)
    return {
      id: modelRunId(run(), name),
      parent: run(),
      model: lineageFacts(await graph(), traceable(model), upstream),
    }
  }

  /** A failure is told of the model and of the whole run, since nothing is published then. */
  async function orTell<T>(work: Promise<T>, model: () => Promise<LineageRun>): Promise<T> {
    try {
      return await work
    } catch (error) {
      await emitter.failed(await model(), error)
      await emitter.failed({ id: run() }, error)
      throw error
    }
  }

  return {
    ...verbs,
    async order() {
      await emitter.started({ id: run() })
      return verbs.order()
    },
    async plan(input) {
      const facts = () => factsOf(input.model, input.upstream)
      const planned = await orTell(verbs.plan(input), facts)
      if (planned.ready?.served !== true) await emitter.started(await facts())
      return planned
    },
    async build(work) {
      return orTell(verbs.build(work), async () => {
        const { model, upstream } = await planNamed(workshop.control, work.plan)
        return factsOf(model, upstream)
      })
    },
    async audit(input) {
      const facts = () => factsOf(input.model, input.upstream)
      const result = await orTell(verbs.audit(input), facts)
      const { rows, bytes } = await workshop.versions().buildOf(input.model, input.fingerprint)
      await emitter.completed(await facts(), { version: input.fingerprint, rows, bytes })
      return result
    },
    async publish(input) {
      const published = await verbs.publish(input)
      await emitter.completed({ id: run() })
      return published
    },
  }
}
