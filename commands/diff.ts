/** `saydo diff`: what differs between two published versions, in rows, columns and numbers. */
import { diffVersions, type ModelDiff } from '#activities/diff-versions.ts'
import { findBuild } from '#lake/builds.ts'
import { differingRows, type RowDiff } from '#lake/diff-builds.ts'
import type { PublishedVersion } from '#lake/published-version.ts'
import { cards, MetricRequestInvalid, metric } from '#metrics/index.ts'
import type { State } from '#stack/open-state.ts'
import { diffMetrics, type MetricDiff } from './diff-metrics.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { formatValue } from './format-value.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { ModelUnknown } from './model-arguments.ts'
import { bold, printJson, printLine, printTable } from './output.ts'
import { NothingPublished, withState, withVersion } from './published.ts'
import { sayWhenSlow } from './say-when-slow.ts'
import { versionNumber } from './version-number.ts'

type Options = GlobalOptions & EnvironmentOption & { readonly by?: string; readonly rows?: string }

/** Ids of rows that `--rows` shows. */
const shown = 20

type Diff = {
  readonly from: number
  readonly to: number
  readonly models: readonly ModelDiff[]
  readonly metrics: readonly MetricDiff[]
  readonly rows: readonly RowDiff[] | null
}

export const diffCommand = withEnvironment(
  command('diff', 'what differs between two versions: rows and columns by model, numbers by metric', [
    'diff 3',
    'diff 3 4 --by channel',
    'diff 3 --rows order',
    'diff 3 --env dev --json',
  ]),
)
  .argument('<from>', 'version to compare with; see `saydo versions`', versionNumber)
  .argument('[to]', 'the other one; the served version when absent', versionNumber)
  .option('--by <dimension>', 'metrics also by a dimension')
  .option('--rows <model>', `ids of up to ${shown} rows of the model that differ`)
  .action(async (from: number, to: number | undefined, options: Options) => {
    const { settings, file } = await openProject(options)
    const { timezone } = file.project(settings.env)
    refuseUnknown(options)
    const diff = await withState(settings, async (state) => {
      const served = (await state.versions(options.env).current())?.version
      const other = to ?? served
      if (other === undefined) throw new NothingPublished(options.env)
      const both = { environment: options.env, from, to: other }
      return sayWhenSlow((say) => compare(state, both, { ...options, timezone, say }))
    })
    if (options.json) printJson(diff)
    else print(diff, options)
  })

function refuseUnknown({ by }: Options): void {
  if (by === undefined || cards.some(({ dimensions }) => by in dimensions)) return
  const known = [...new Set(cards.flatMap(({ dimensions }) => Object.keys(dimensions)))].toSorted()
  throw new MetricRequestInvalid(`[metrics] no metric has a dimension ${by}; there are ${known.join(', ')}.`)
}

type Both = { readonly environment: string; readonly from: number; readonly to: number }
type Comparing = Pick<Options, 'by' | 'rows'> & {
  readonly timezone: string
  readonly say: (line: string) => void
}

function compare(state: State, { environment, from, to }: Both, options: Comparing): Promise<Diff> {
  return withVersion(state, { environment, version: from }, (before) =>
    withVersion(state, { environment, version: to }, async (after) => {
      const { by, timezone, say } = options
      const work = { db: state.control.db, storage: state.storage, engine: state.engine }
      say(`comparing rows of version ${from} and ${to}`)
      const models = await diffVersions(work, before.models, after.models)
      const rows = options.rows === undefined ? null : await rowsOf(state, options.rows, { before, after })
      say(`asking metrics of version ${from} and ${to}`)
      const metrics = await diffMetrics(state, { versions: [before, after], by, timezone })
      return { from, to, models, metrics, rows }
    }),
  )
}

type Versions = { readonly before: PublishedVersion; readonly after: PublishedVersion }

async function rowsOf(
  { control: { db }, storage, engine }: State,
  model: string,
  { before, after }: Versions,
): Promise<RowDiff[]> {
  const [old, fresh] = [before.models[model], after.models[model]]
  if (!old || !fresh)
    throw new ModelUnknown(
      model,
      Object.keys(before.models).filter((name) => name in after.models),
    )
  const builds = {
    before: await findBuild(db, model, old.fingerprint),
    after: await findBuild(db, model, fresh.fingerprint),
  }
  if (!builds.before || !builds.after) return []
  return differingRows({ db, storage, engine }, { before: builds.before, after: builds.after }, shown)
}

function print({ from, to, models, metrics, rows }: Diff, { by, rows: model }: Options): void {
  if (models.length === 0) return printLine(`Version ${from} and version ${to} are the same.`)
  printLine(bold(`Version ${from} → ${to}`))
  printTable(
    models.map(({ model, change, rows, columns }) => ({
      model,
      change,
      added: rows?.added ?? null,
      removed: rows?.removed ?? null,
      changed: rows?.changed ?? null,
      columns: columns.map(columnText).join(', '),
    })),
  )
  printLine(bold('\nMetrics that differ'))
  printTable(
    metrics.map((diff) => metricRow(diff, by)),
    'none',
  )
  if (rows === null) return
  printLine(bold(`\nRows of ${model} that differ`))
  printTable(
    rows.map(({ id, change }) => ({ id, change })),
    'none',
  )
}

function columnText({ column, change, before, after }: ModelDiff['columns'][number]): string {
  if (change === 'added') return `+${column}`
  return change === 'removed' ? `−${column}` : `${column} ${before} → ${after}`
}

function metricRow({ metric: name, group, before, after }: MetricDiff, by: string | undefined) {
  const { format } = metric(name)
  const value = (side: MetricDiff['before']) =>
    side?.suppressed ? 'too few' : formatValue(format, side?.value ?? null)
  const interval = (side: MetricDiff['before']) =>
    side === null || side.low === null
      ? null
      : `${formatValue(format, side.low)} to ${formatValue(format, side.high)}`
  return {
    metric: name,
    ...(by !== undefined && { [by]: group ?? 'all' }),
    before: value(before),
    after: value(after),
    'n before': before?.n ?? null,
    'n after': after?.n ?? null,
    'interval before': interval(before),
    'interval after': interval(after),
  }
}
