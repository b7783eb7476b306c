/** `saydo sync`: bring streams up to date, or read a window again. */
import { InvalidArgumentError } from 'commander'
import { streamsOf } from '#activities/create-activities.ts'
import { startSync } from '#stack/start-run.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printTable } from './output.ts'
import { RunFailed, runFailure } from './run-failure.ts'
import { watchRun } from './watch-run.ts'
import { withStack } from './with-stack.ts'

type Options = GlobalOptions & { readonly from?: string; readonly to?: string }

export const syncCommand = command('sync', 'land what is new in the sources, or read a window again', [
  'sync',
  'sync typeform zendesk',
  'sync typeform --from 2026-01-01 --to 2026-02-01',
])
  .argument('[source...]', 'sources of the project file; all when absent')
  .option('--from <date>', 'first day or instant of a window to read again (UTC)', instant)
  .option('--to <date>', 'end of the window, excluded (UTC)', instant)
  .action(async (sources: string[], options: Options) => {
    const opened = await openProject(options)
    // A name the project does not have is said before anything is started.
    streamsOf(opened.file.project(opened.settings.env), sources)
    const slice = { ...(options.from && { from: options.from }), ...(options.to && { to: options.to }) }
    const ends = await withStack(opened, async (stack, { now }) => {
      const streams = streamsOf(stack.project, sources)
      const runs = streams.map(async (stream) => {
        try {
          const run = await startSync(stack.client, stack.taskQueue, stream, slice)
          return { ...stream, ...(await run.result()), error: null }
        } catch (error) {
          const failure = runFailure(error)
          if (!(failure instanceof RunFailed)) throw failure
          return { ...stream, rows: null, rejected: null, files: null, error: failure.message }
        }
      })
      return watchRun(Promise.all(runs), { ...stack, now })
    })
    if (options.json) printJson(ends)
    else printTable(ends)
    if (ends.some((end) => end.error !== null)) process.exitCode = 1
  })

function instant(text: string): string {
  const time = Date.parse(text)
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(time))
    throw new InvalidArgumentError('Expected a date (2026-01-31) or an instant (2026-01-31T08:00:00Z).')
  return new Date(time).toISOString()
}
