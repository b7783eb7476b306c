/** `saydo check`: project file, secrets, models and reachability of every source; writes nothing. */
import { ConfigInvalid } from '#activities/project.ts'
import { readProjectKey } from '#activities/project-key.ts'
import { buildOrder } from '#models/build-order.ts'
import { lineageOf } from '#models/lineage.ts'
import { traceable } from '#models/lineage/traceable.ts'
import { openSources, secretValues } from '#stack/open-sources.ts'
import { projectModels } from '#stack/project-models.ts'
import { redactor } from '#stack/redact.ts'
import { runningStack } from '#stack/stack-record.ts'
import { command, type GlobalOptions, type Opened, openProject } from './global-options.ts'
import { printJson, printTable } from './output.ts'

export const checkCommand = command(
  'check',
  'check the project file, secrets and reachability; writes nothing',
  ['check', 'check --config shop/saydo.config.ts --json'],
).action(async (options: GlobalOptions) => {
  const opened = await openProject(options)
  const results = await checks(opened)
  if (options.json) printJson(results)
  else printTable(results)
  if (results.some((result) => result.state === 'failed')) process.exitCode = 1
})

type Result = { readonly what: string; readonly state: 'ok' | 'failed' | 'skipped'; readonly detail: string }

async function checks({ settings, file }: Opened): Promise<Result[]> {
  const running = await runningStack(settings.home)
  const env = { ...settings.env, ...running?.simulationEnv }
  const project = file.project(env)
  await readProjectKey(env, { demo: file.simulation !== undefined })
  const models = buildOrder(projectModels(project)).flat()
  // Throws when a query names a table or column that is not there.
  const { columns } = await lineageOf(models.map(traceable))
  const results: Result[] = [
    { what: 'project file', state: 'ok', detail: `${Object.keys(project.sources).length} sources` },
    {
      what: 'models',
      state: 'ok',
      detail: `${models.length} models in order, ${columns.size} columns traced`,
    },
  ]
  if (file.simulation !== undefined && running === undefined)
    return [
      ...results,
      {
        what: 'sources',
        state: 'skipped',
        detail: 'the simulated company is up only while `saydo start` runs',
      },
    ]
  return [...results, ...(await reach(project, env))]
}

async function reach(
  project: Parameters<typeof openSources>[0],
  env: Parameters<typeof openSources>[1],
): Promise<Result[]> {
  const redact = redactor(secretValues(project, env))
  return Promise.all(
    Object.entries(openSources(project, env)).map(async ([name, { connector, context }]): Promise<Result> => {
      try {
        await connector.check(context)
        return { what: `source ${name}`, state: 'ok', detail: connector.title.en }
      } catch (error) {
        if (error instanceof ConfigInvalid) throw error
        return {
          what: `source ${name}`,
          state: 'failed',
          detail: redact(error instanceof Error ? error.message : String(error)),
        }
      }
    }),
  )
}
