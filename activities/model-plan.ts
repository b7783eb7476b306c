/** A plan of one model: which partitions its table is made of, which of them the lake has, and what those to be built read. */
import { z } from 'zod'
import { LookupsFound } from '#lake/builds.ts'
import type { Control } from '#lake/control/open-control.ts'

export const PlannedPartition = z.object({
  key: z.string(),
  fingerprint: z.string(),
  /** `ready`: the lake has it. `join`: a closed month, put together from its days. */
  state: z.enum(['ready', 'build', 'join']),
  /** Why it is not as it was, in words. */
  why: z.string(),
  madeOf: z.object({ code: z.string(), inputs: z.record(z.string(), z.string()) }),
  /** Fingerprints of the pieces a `join` is put together from. */
  pieces: z.array(z.string()),
  /** Of each looked-up input, for each lookup: the file of its keys, and the places of the pieces that hold some of them. */
  lookups: z.record(z.string(), z.array(z.object({ file: z.string().nullable(), pieces: z.array(z.int()) }))),
  /** Of what a table built whole is to gain: the build it is added to. */
  grownFrom: z.string().optional(),
})
export type PlannedPartition = z.infer<typeof PlannedPartition>

export const ModelPlan = z.object({
  model: z.string(),
  /** Input → build or ledger. */
  upstream: z.record(z.string(), z.string()),
  partitions: z.array(PlannedPartition),
  /** Days on which it may have rows; null when anything goes. */
  days: z.array(z.string()).nullable(),
  lookups: LookupsFound,
})
export type ModelPlan = z.infer<typeof ModelPlan>

export async function keepPlan(control: Control, id: string, plan: ModelPlan, at: Date): Promise<void> {
  const values = { plan: JSON.stringify(plan), planned_at: at.toISOString() }
  await control.db
    .insertInto('model_plan')
    .values({ id, model: plan.model, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute()
}

/** Throws when no step of this run made it. */
export async function planNamed(control: Control, id: string): Promise<ModelPlan> {
  const row = await control.db.selectFrom('model_plan').select('plan').where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw new Error(`[models] there is no plan ${id}; run \`saydo build\` again.`)
  return ModelPlan.parse(JSON.parse(row.plan))
}
