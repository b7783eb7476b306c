/** `saydo versions`: what was published, what each version changed, and which one is served. */
import type { Build } from '#lake/builds.ts'
import type { VersionSummary } from '#lake/versions.ts'
import type { State } from '#stack/open-state.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printTable } from './output.ts'
import { withState } from './published.ts'

type Options = GlobalOptions & EnvironmentOption

type Told = {
  readonly environment: string
  readonly version: number
  readonly current: boolean
  readonly publishedAt: string
  readonly models: number
  readonly rows: number
  /** Models whose build is another than in the version before. */
  readonly changed: readonly string[]
}

export const versionsCommand = withEnvironment(
  command('versions', 'published versions, what each changed, and which one is served', [
    'versions',
    'versions --env dev --json',
  ]),
).action(async (options: Options) => {
  const { settings } = await openProject(options)
  const told = await withState(settings, (state) => versionsOf(state, options.env))
  if (options.json) return printJson(told)
  printTable(
    told.map(({ current, publishedAt, changed, ...version }) => ({
      version: version.version,
      served: current ? '←' : '',
      environment: version.environment,
      published: publishedAt,
      models: version.models,
      rows: version.rows,
      changed: few(changed),
    })),
    'nothing is published yet; run `saydo refresh`',
  )
})

async function versionsOf(state: State, environment: string): Promise<Told[]> {
  const list = await state.versions(environment).list()
  const usual = await state.versions().list()
  const told: Told[] = []
  for (const [index, version] of list.entries()) {
    const { current, publishedAt, models } = version
    // What a new environment serves first is told against what was served anyway.
    const earlier = list[index - 1] ?? usual.findLast((each) => each.version < version.version)
    const before = earlier?.models ?? {}
    told.push({
      environment,
      version: version.version,
      current,
      publishedAt,
      models: Object.keys(models).length,
      rows: await rowsOf(state, version),
      changed: Object.keys(models).filter((model) => before[model] !== models[model]),
    })
  }
  return told
}

async function rowsOf({ versions }: State, { models }: VersionSummary): Promise<number> {
  const builds = await Promise.all(
    Object.entries(models).map(([model, print]): Promise<Build | undefined> =>
      versions().findBuild(model, print),
    ),
  )
  return builds.reduce((sum, build) => sum + (build?.rows ?? 0), 0)
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}
