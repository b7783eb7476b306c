/** The verbs of one project on this machine: the composition that worker and tests share. */
import { randomUUID } from 'node:crypto'
import { Context } from '@temporalio/activity'
import { createActivities } from '#activities/create-activities.ts'
import type { Activities } from '#activities/index.ts'
import { createLand } from '#activities/land.ts'
import { createPrivacy } from '#activities/privacy.ts'
import type { Project } from '#activities/project.ts'
import type { LineageEmitter } from '#lake/open-lineage/emitter.ts'
import { landingLake } from './landing-lake.ts'
import type { OpenSources } from '#activities/stream-of.ts'
import type { State } from './open-state.ts'
import { projectModels } from './project-models.ts'

export type VerbOptions = {
  readonly project: Project
  readonly state: State
  readonly sources: OpenSources
  /** What personal fields are hashed and sealed with. */
  readonly key: string
  /** Tells what is built, when somebody wants to know. */
  readonly lineage?: LineageEmitter | undefined
}

export async function createVerbs({
  project,
  state,
  sources,
  key,
  lineage,
}: VerbOptions): Promise<Activities> {
  const landing = createLand({
    lake: landingLake(state),
    privacy: createPrivacy(key, project.callingCode),
    sources,
    attempt: () => {
      const context = Context.current()
      return { signal: context.cancellationSignal, heartbeat: (progress) => context.heartbeat(progress) }
    },
  })
  return createActivities({
    project,
    landing,
    workshop: {
      ...state,
      models: projectModels(project),
      now: () => new Date(),
      newId: randomUUID,
    },
    signal: () => Context.current().cancellationSignal,
    telling: lineage && {
      emitter: lineage,
      run: () => Context.current().info.workflowExecution?.runId ?? '',
    },
  })
}
