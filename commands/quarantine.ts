/** `saydo quarantine`: records that broke their contract: how many and why, one by one, and a second chance. */
import { Command, InvalidArgumentError } from 'commander'
import { streamsOf } from '#activities/create-activities.ts'
import { createPrivacy } from '#activities/privacy.ts'
import { readProjectKey } from '#activities/project-key.ts'
import { replayQuarantine } from '#activities/replay.ts'
import { quarantineCounts, quarantinedRecords } from '#lake/quarantine.ts'
import { landingLake } from '#stack/landing-lake.ts'
import { offlineSources } from '#stack/open-sources.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine, printTable } from './output.ts'
import { withState } from './published.ts'

const list = command('list', 'how many records wait, by source, stream and reason', [
  'quarantine',
  'quarantine list --json',
]).action(async (options: GlobalOptions) => {
  const { settings } = await openProject(options)
  const counts = await withState(settings, ({ control }) => quarantineCounts(control))
  if (options.json) return printJson(counts)
  printTable(
    counts.map(({ source, stream, reason, pending, replayed }) => ({
      source,
      stream,
      reason: reason.length > 70 ? `${reason.slice(0, 69)}…` : reason,
      pending,
      replayed,
    })),
    'quarantine is empty',
  )
})

type Filter = GlobalOptions & { readonly reason?: string; readonly limit: number }

const show = command('show', 'single records: where they stand and what is wrong, never their content', [
  'quarantine show stores',
  'quarantine show stores.till --limit 5 --json',
])
  .argument('[source]', 'source, or source.stream')
  .option('--reason <text>', 'only records with this reason')
  .option('--limit <n>', 'at most so many', wholeNumber, 20)
  .action(async (name: string | undefined, options: Filter) => {
    const { settings } = await openProject(options)
    const [source, stream] = name?.split('.') ?? []
    const { reason, limit } = options
    const records = await withState(settings, ({ control }) =>
      quarantinedRecords(control, { source, stream, reason, limit }),
    )
    if (options.json) return printJson(records)
    for (const record of records) {
      printLine(`${record.source}.${record.stream}  ${record.position}  ${record.status}`)
      for (const issue of record.issues) printLine(`  ${issue.path || '(record)'}: ${issue.message}`)
      printLine(
        `  fields: ${Object.entries(record.shape)
          .map(([field, kind]) => `${field} (${kind})`)
          .join(', ')}`,
      )
    }
    if (records.length === 0) printLine('nothing to show')
  })

const replay = command(
  'replay',
  'parse the waiting records again with the project file of today, and land those that now fit',
  ['quarantine replay', 'quarantine replay stores'],
)
  .argument('[source...]', 'sources; all when absent')
  .action(async (only: string[], options: GlobalOptions) => {
    const { settings, file } = await openProject(options)
    const project = file.project(settings.env)
    const sources = offlineSources(project)
    const key = await readProjectKey(settings.env, { demo: file.simulation !== undefined })
    const results = await withState(settings, async (state) => {
      const deps = {
        lake: landingLake(state),
        privacy: createPrivacy(key, project.callingCode),
        sources,
      }
      const ingestDate = new Date().toISOString().slice(0, 10)
      return Promise.all(
        streamsOf(project, only).map(async (ref) => ({
          ...ref,
          ...(await replayQuarantine(deps, { ...ref, ingestDate })),
        })),
      )
    })
    const touched = results.filter(({ replayed, pending }) => replayed + pending > 0)
    if (options.json) return printJson(touched)
    printTable(touched, 'quarantine is empty')
    if (touched.some(({ replayed }) => replayed > 0))
      printLine('Run `saydo build` to bring the landed records into the models.')
  })

export const quarantineCommand = new Command('quarantine')
  .summary('records that broke their contract: list, show, replay')
  .description('Records that broke their contract: how many and why, one by one, and a second chance.')
  .addCommand(list, { isDefault: true })
  .addCommand(show)
  .addCommand(replay)

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}
