/** `saydo refresh`: sync, build, audit and publish, as one workflow. */
import { streamsOf } from '#activities/create-activities.ts'
import type { RefreshSummary } from '#workflows/refresh.ts'
import { production } from '#lake/versions.ts'
import { startRefresh } from '#stack/start-run.ts'
import { newsOf } from './build.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { note, printJson, printLine } from './output.ts'
import { watchRun } from './watch-run.ts'
import { withStack } from './with-stack.ts'

export const refreshCommand = withEnvironment(
  command('refresh', 'sync all sources, build and audit the models, publish a version', [
    'refresh',
    'refresh typeform --json',
    'refresh --env dev',
  ]),
)
  .argument('[source...]', 'sources to sync first; all when absent')
  .action(async (sources: string[], options: GlobalOptions & EnvironmentOption) => {
    const opened = await openProject(options)
    // A name the project does not have is said before anything is started.
    streamsOf(opened.file.project(opened.settings.env), sources)
    const summary = await withStack(opened, async (stack, { now }) => {
      const { env: environment } = options
      const input = { environment, ...(sources.length > 0 && { sources }) }
      const run = await startRefresh(stack.client, stack.taskQueue, input)
      return watchRun(run.result(), { ...stack, now, environment })
    })
    if (options.json) printJson(summary)
    else printLine(describeRefresh(summary, options.env))
    noteFailures(summary)
  })

export function describeRefresh(
  { rows, rejected, streams, built, published }: RefreshSummary,
  environment = production,
): string {
  const quarantine = rejected > 0 ? `, ${rejected} to quarantine (see \`saydo quarantine\`)` : ''
  return `${rows.toLocaleString('en')} records from ${streams} streams${quarantine}; ${built} of ${published.models} models built; ${newsOf(published, environment)}.`
}

/** Sources that failed do not stop the others, but the command says so and ends with 1. */
export function noteFailures({ failures }: RefreshSummary): void {
  for (const failure of failures) note(`✗ ${failure.source}.${failure.stream}: ${failure.error}`)
  if (failures.length > 0) process.exitCode = 1
}
