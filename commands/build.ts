/** `saydo build`: build, audit and publish from what is landed. */
import type { Published } from '#activities/index.ts'
import { production } from '#lake/versions.ts'
import { startBuild } from '#stack/start-run.ts'
import { environmentFlag, type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine } from './output.ts'
import { watchRun } from './watch-run.ts'
import { withStack } from './with-stack.ts'

type Options = GlobalOptions & EnvironmentOption & { readonly publish: boolean }

export const buildCommand = withEnvironment(
  command('build', 'build, audit and publish from what is landed, without syncing', [
    'build',
    'build --env dev',
    'build --no-publish && saydo publish',
    'build --json',
  ]),
)
  .option('--no-publish', 'build and audit only; `saydo publish` makes it visible')
  .action(async (options: Options) => {
    const opened = await openProject(options)
    const { env: environment } = options
    const summary = await withStack(opened, async (stack, { now }) => {
      const input = { environment, ...(!options.publish && { hold: true }) }
      const run = await startBuild(stack.client, stack.taskQueue, input)
      return watchRun(run.result(), { ...stack, now, environment })
    })
    if (options.json) return printJson(summary)
    const { built, partitions, published, warnings } = summary
    printLine(
      `${built} of ${published.models} models built (${partitions} partitions), ${warnings} audit warnings; ${newsOf(published, environment)}.`,
    )
  })

/** What a run's end means for whoever reads. */
export function newsOf({ changed, held, version }: Published, environment: string): string {
  const where = environment === production ? '' : ` in ${environment}`
  if (held) return `audited and waiting for \`saydo publish${environmentFlag(environment)}\``
  return changed
    ? `published version ${version}${where}`
    : `nothing changed, version ${version}${where} stays`
}
