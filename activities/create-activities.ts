/** All verbs, wired to one project, one lake and one engine. */
import { columnsOf } from '#lake/columns-of.ts'
import { settleStream } from '#lake/stream-ledger.ts'
import { type Audit, auditReads } from '#models/audit.ts'
import { buildOrder } from '#models/build-order.ts'
import type { Build } from '#lake/builds.ts'
import type { Model } from '#models/define-model.ts'
import { assemble, unite } from './assemble.ts'
import { auditBuild } from './audit.ts'
import { buildPartitions } from './build-partitions.ts'
import type { Activities, Assembled, Order, Planned, Published, StreamRef, StreamTime } from './index.ts'
import { keepPlan } from './model-plan.ts'
import { type PlanInput, planModel } from './plan-model.ts'
import type { Project } from './project.ts'
import { type Telling, tellLineage } from './tell-lineage.ts'
import { modelNamed, type Workshop } from './workshop.ts'

/** The part of the verbs that land data; made by `createLand`. */
export type LandingVerbs = Pick<Activities, 'land' | 'noteSync'>

/** The part that builds; it needs no source. */
export type ModelVerbs = Omit<Activities, keyof LandingVerbs | 'streams'>

/** Cancellation of the activity that is running. */
type Signal = () => AbortSignal | undefined

export function createActivities({
  project,
  workshop,
  landing,
  signal,
  telling,
}: {
  readonly project: Project
  readonly workshop: Workshop
  readonly landing: LandingVerbs
  readonly signal: Signal
  readonly telling?: Telling | undefined
}): Activities {
  const verbs = createModelVerbs(workshop, signal)
  return {
    ...landing,
    ...(telling ? tellLineage(verbs, workshop, telling) : verbs),
    streams: async ({ sources }) => streamsOf(project, sources),
  }
}

export function createModelVerbs(workshop: Workshop, signal: Signal): ModelVerbs {
  return {
    order: async () => orderOf(workshop),
    async settle(stream) {
      const { control, storage, engine, newId, now } = workshop
      await using session = await engine.open(signal())
      return await settleStream({ control, storage, session, spelling: engine.spelling, newId, now }, stream)
    },
    plan: (input) => plan(workshop, input, signal()),
    build: (work) => buildPartitions(workshop, work, signal()),
    assemble: async ({ plan: id, ...input }) => assembled(workshop, await assemble(workshop, id), input),
    audit: (input) => auditBuild(workshop, input, signal()),
    publish: (input) => publish(workshop, input),
  }
}

async function publish(
  { versions }: Workshop,
  { models, environment, hold = false }: Parameters<Activities['publish']>[0],
): Promise<Published> {
  const served = versions(environment)
  const count = Object.keys(models).length
  if (!hold) {
    const published = await served.publish(models)
    await served.prepare(undefined)
    return { ...published, models: count }
  }
  await served.prepare(models)
  const version = (await served.current())?.version ?? 0
  return { version, changed: false, models: count, held: true }
}

/** Partitions that one step builds at least: a step that dies loses little, and small partitions do not cost a step each. */
const BATCH = 8
/** Steps of one model at most, so that the history of a run stays short. */
const STEPS = 32

async function plan(workshop: Workshop, input: PlanInput, signal: AbortSignal | undefined): Promise<Planned> {
  const model = modelNamed(workshop, input.model)
  if (model.make.by === 'union') {
    const build = await unite(workshop, model, input.upstream)
    const partitions = build.partitions?.length ?? 0
    return {
      model: model.name,
      partitions,
      batches: [],
      plan: '',
      ready: await assembled(workshop, build, input),
    }
  }
  const { id, plan } = await planModel(workshop, input, signal)
  await keepPlan(workshop.control, id, plan, workshop.now())
  const missing = plan.partitions.filter(({ state }) => state !== 'ready').map(({ key }) => key)
  const batches = inBatches(missing, Math.max(BATCH, Math.ceil(missing.length / STEPS)))
  const ready = batches.length > 0 ? null : await assembled(workshop, await assemble(workshop, id), input)
  return { model: model.name, partitions: plan.partitions.length, batches, plan: id, ready }
}

function inBatches(keys: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, at) =>
    keys.slice(at * size, (at + 1) * size),
  )
}

async function assembled(
  workshop: Workshop,
  { model, fingerprint, rows }: Build,
  { upstream, environment }: Pick<PlanInput, 'upstream' | 'environment'>,
): Promise<Assembled> {
  const served = await workshop.versions(environment).served()
  const { audits } = modelNamed(workshop, model)
  const compared = audits.flatMap(auditReads).every((name) => served[name] === upstream[name])
  const timeless = audits.every((audit: Audit) => audit.by !== 'freshness')
  const isServed = served[model] === fingerprint && compared && timeless
  return {
    fingerprint,
    rows,
    served: isServed && (await wereAsked(workshop, audits, { model, fingerprint })),
  }
}

/** Whether every audit was asked of a build as severely as it stands now. */
async function wereAsked(
  { control }: Workshop,
  audits: readonly Audit[],
  { model, fingerprint }: Pick<Build, 'model' | 'fingerprint'>,
): Promise<boolean> {
  const results = await control.db
    .selectFrom('audit_result')
    .select(['audit', 'severity'])
    .where('model', '=', model)
    .where('fingerprint', '=', fingerprint)
    .execute()
  const asked = new Map(results.map(({ audit, severity }) => [audit, severity]))
  return audits.every(({ name, severity }) => asked.get(name) === severity)
}

function orderOf({ models }: Workshop): Order {
  return {
    streams: streamsRead(models),
    levels: buildOrder(models).map((level) => level.map((model) => model.name)),
  }
}

/** Landed streams as the models read them, each once. */
export function streamsRead(models: readonly Model[]): StreamTime[] {
  const streams = new Map<string, StreamTime>()
  for (const { source, stream, time = '', record } of models.flatMap(({ raw }) => Object.values(raw))) {
    const formerly = columnsOf(record).find(({ name }) => name === time)?.formerly
    streams.set(`${source}.${stream}@${time}`, { source, stream, time, ...(formerly && { formerly }) })
  }
  return [...streams.values()]
}

/** Every stream of the project, or of the named sources; throws SourceUnknown for a name the project does not have. */
export function streamsOf(project: Project, only?: readonly string[]): StreamRef[] {
  const unknown = (only ?? []).filter((name) => !(name in project.sources))
  if (unknown.length > 0) throw new SourceUnknown(unknown, Object.keys(project.sources))
  return Object.entries(project.sources)
    .filter(([name]) => only === undefined || only.length === 0 || only.includes(name))
    .flatMap(([source, { connector, config }]) =>
      connector.streams(config).map((stream) => ({ source, stream: stream.name })),
    )
}

export class SourceUnknown extends Error {
  override readonly name = 'SourceUnknown'
  constructor(unknown: readonly string[], known: readonly string[]) {
    super(`[config] there is no source ${unknown.join(', ')}; the project has ${known.join(', ') || 'none'}.`)
  }
}
