/** `saydo publish`: make visible what `saydo build --no-publish` built and audited. */
import { newsOf } from './build.ts'
import { environmentFlag, type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine } from './output.ts'
import { withState } from './published.ts'

/** No build waits. */
export class NothingPrepared extends Error {
  override readonly name = 'NothingPrepared'
  constructor(environment: string) {
    super(
      `[versions] nothing waits to be published in ${environment}; run \`saydo build --no-publish${environmentFlag(environment)}\` first.`,
    )
  }
}

export const publishCommand = withEnvironment(
  command('publish', 'make visible what `saydo build --no-publish` built and audited', [
    'publish',
    'publish --env dev',
  ]),
).action(async (options: GlobalOptions & EnvironmentOption) => {
  const { settings } = await openProject(options)
  const published = await withState(settings, async (state) => {
    const versions = state.versions(options.env)
    const models = await versions.prepared()
    if (models === undefined) throw new NothingPrepared(options.env)
    const outcome = await versions.publish(models)
    await versions.prepare(undefined)
    return { ...outcome, models: Object.keys(models).length }
  })
  if (options.json) printJson(published)
  else printLine(`${published.models} models: ${newsOf(published, options.env)}.`)
})
