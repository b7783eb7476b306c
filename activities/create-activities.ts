/** All verbs, wired to one project, one lake and one engine. */
import { buildOrder } from '#models/build-order.ts'
import { createAudit } from './audit.ts'
import { createBuild } from './build.ts'
import type { Activities, StreamRef } from './index.ts'
import type { Project } from './project.ts'
import type { Workshop } from './workshop.ts'

/** The part of the verbs that land data; made by `createLand`. */
export type LandingVerbs = Pick<Activities, 'land' | 'noteSync'>

export function createActivities({
  project,
  workshop,
  landing,
  signal,
}: {
  readonly project: Project
  readonly workshop: Workshop
  readonly landing: LandingVerbs
  /** Cancellation of the activity that is running. */
  readonly signal: () => AbortSignal | undefined
}): Activities {
  return {
    ...landing,
    streams: async ({ sources }) => streamsOf(project, sources),
    plan: async () => buildOrder(workshop.models).map((level) => level.map((model) => model.name)),
    build: createBuild(workshop, signal),
    audit: createAudit(workshop, signal),
    publish: async ({ models }) => {
      const published = await workshop.versions.publish(models)
      return { ...published, models: Object.keys(models).length }
    },
  }
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
