/** `saydo check`: project file, secrets, reachability of every source, models and files; publishes nothing. */
import { existsSync } from 'node:fs'
import { ConfigInvalid } from '#activities/project.ts'
import { readProjectKey } from '#activities/project-key.ts'
import { buildOrder } from '#models/build-order.ts'
import { lineageOf } from '#models/lineage.ts'
import { traceable } from '#models/lineage/traceable.ts'
import { openSources, secretValues } from '#stack/open-sources.ts'
import { projectModels } from '#stack/project-models.ts'
import { redactor } from '#stack/redact.ts'
import { runningStack } from '#stack/stack-record.ts'
import { workshopEngine } from '#stack/open-state.ts'
import { checkFiles, checkSteadiness } from './check-published.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { withWorkshop } from './open-workshop.ts'
import { sayWhenSlow } from './say-when-slow.ts'
import { command, type GlobalOptions, type Opened, openProject } from './global-options.ts'
import { printJson, printTable } from './output.ts'

type Options = GlobalOptions & EnvironmentOption & { readonly models: boolean; readonly files: boolean }

export const checkCommand = withEnvironment(
  command('check', 'check the project file, secrets, reachability and models; publishes nothing', [
    'check',
    'check --no-models',
    'check --files',
    'check --config shop/saydo.config.ts --json',
  ]),
)
  .option('--models', 'build a part of every published model twice and compare (the default)', true)
  .option('--no-models', 'do not')
  .option(
    '--files',
    'read every file of the served version and of what was landed, and name damaged ones',
    false,
  )
  .action(async (options: Options) => {
    const opened = await openProject(options)
    const results = [...(await checks(opened)), ...(await published(opened, options))]
    if (options.json) printJson(results)
    else printTable(results)
    if (results.some((result) => result.state === 'failed')) process.exitCode = 1
  })

async function published(opened: Opened, { models, files, env: environment }: Options): Promise<Result[]> {
  if (!models && !files) return []
  // Where nothing was ever landed, no state is made either.
  if (!existsSync(opened.settings.home))
    return [{ what: 'steadiness', state: 'skipped', detail: 'nothing is published yet' }]
  return withWorkshop(opened, (workshop) =>
    sayWhenSlow(async (say) => [
      ...(models
        ? await checkSteadiness(workshop, {
            oneThread: workshopEngine(opened.settings, workshop.storage, 1),
            environment,
            say,
          })
        : []),
      ...(files ? await checkFiles(workshop, { environment, say }) : []),
    ]),
  )
}

export type Result = {
  readonly what: string
  readonly state: 'ok' | 'failed' | 'skipped'
  readonly detail: string
}

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
