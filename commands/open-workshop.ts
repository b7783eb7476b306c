/** What models are planned, audited and tried with, without Temporal and without any source. */
import { randomUUID } from 'node:crypto'
import type { Workshop } from '#activities/workshop.ts'
import { projectModels } from '#stack/project-models.ts'
import { runningStack } from '#stack/stack-record.ts'
import type { Opened } from './global-options.ts'
import { withState } from './published.ts'

export async function withWorkshop<T>(
  { settings, file }: Opened,
  use: (workshop: Workshop) => Promise<T>,
): Promise<T> {
  const running = await runningStack(settings.home)
  const project = file.project({ ...settings.env, ...running?.simulationEnv })
  return withState(settings, (state) =>
    use({ ...state, models: projectModels(project), now: () => new Date(), newId: randomUUID }),
  )
}
