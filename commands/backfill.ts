/** `saydo backfill`: read a window of the past again in slices, then build and publish once. */
import { InvalidArgumentError } from 'commander'
import { ConfigInvalid } from '#activities/project.ts'
import { streamsOf } from '#activities/create-activities.ts'
import { startBackfill } from '#stack/start-run.ts'
import type { BackfillSummary } from '#workflows/backfill.ts'
import { sliceLength, type SliceLength } from '#workflows/slices.ts'
import { newsOf } from './build.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { note, printJson, printLine } from './output.ts'
import { watchRun } from './watch-run.ts'
import { withStack } from './with-stack.ts'

type Options = GlobalOptions &
  EnvironmentOption & { readonly from: string; readonly to: string; readonly slice: SliceLength }

export const backfillCommand = withEnvironment(
  command('backfill', 'read a window of the past again in slices, then build and publish once', [
    'backfill --from 2024-01-01 --to 2025-01-01',
    'backfill --from 2024-01-01 --to 2024-03-01 typeform --slice 1w',
  ]),
)
  .argument('[source...]', 'sources of the project file; all when absent')
  .requiredOption('--from <day>', 'first day (UTC)', day)
  .requiredOption('--to <day>', 'end of the window, excluded (UTC)', day)
  .option('--slice <length>', 'length of a slice: 7d, 2w, 1mo, 1y', length, length('1mo'))
  .action(async (sources: string[], options: Options) => {
    const { from, to, slice, env: environment } = options
    if (from >= to)
      throw new ConfigInvalid([`--from ${from} is not before --to ${to}; the window is half-open`])
    const opened = await openProject(options)
    // A name the project does not have is said before anything is started.
    streamsOf(opened.file.project(opened.settings.env), sources)
    const summary = await withStack(opened, async (stack, { now }) => {
      const input = { from, to, slice, environment, ...(sources.length > 0 && { sources }) }
      const run = await startBackfill(stack.client, stack.taskQueue, input)
      return watchRun(run.result(), { ...stack, now, environment })
    })
    if (options.json) printJson(summary)
    else printLine(describe(summary, environment))
    for (const { source, stream, from, to, error } of summary.failures)
      note(`✗ ${source}.${stream} ${from.slice(0, 10)} to ${to.slice(0, 10)}: ${error}`)
    if (summary.failures.length > 0) process.exitCode = 1
  })

function describe(summary: BackfillSummary, environment: string): string {
  const { rows, rejected, slices, failures, built, published } = summary
  const quarantine = rejected > 0 ? `, ${rejected} to quarantine (see \`saydo quarantine\`)` : ''
  return `${rows.toLocaleString('en')} records from ${slices - failures.length} of ${slices} slices${quarantine}; ${built} of ${published.models} models built; ${newsOf(published, environment)}.`
}

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError('Expected a day such as 2024-01-31.')
  return text
}

function length(text: string): SliceLength {
  const parsed = sliceLength(text)
  if (parsed === undefined) throw new InvalidArgumentError('Expected a length such as 7d, 2w, 1mo or 1y.')
  return parsed
}
