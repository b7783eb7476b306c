/** `saydo metric`: a governed number with its n and interval. */
import { InvalidArgumentError } from 'commander'
import { answerColumns, cards, metric } from '#metrics/index.ts'
import { grains } from '#metrics/request.ts'
import { askMetric, type MetricAnswer } from './ask-metric.ts'
import type { PublishedVersion } from '#lake/published-version.ts'
import type { State } from '#stack/open-state.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { formatValue } from './format-value.ts'
import { bold, dim, printJson, printLine, printTable, type TableRow } from './output.ts'
import { withPublished } from './published.ts'

type Options = GlobalOptions &
  EnvironmentOption & {
    readonly by?: string
    readonly where: Readonly<Record<string, string[]>>
    readonly from?: string
    readonly to?: string
    readonly grain?: (typeof grains)[number]
  }

export const metricCommand = withEnvironment(
  command('metric', 'a governed number with its n and interval, from the published version', [
    'metric nps',
    'metric nps --by channel --json',
    'metric csat --by touchpoint --where channel=wechat --from 2026-01-01 --to 2026-04-01',
    'metric nps --grain month',
    'metric nps --env dev',
  ]),
)
  .argument('<name>', cards.map(({ name }) => name).join(', '))
  .option('--by <dimensions>', 'split by dimensions, separated by commas')
  .option('--where <dimension=value>', 'keep rows with this value; may be repeated', collect, {})
  .option('--from <date>', 'first day or instant, included')
  .option('--to <date>', 'last day or instant, excluded')
  .option('--grain <grain>', `also split by ${grains.join(', ')}`, oneOfGrains)
  .action(async (name: string, options: Options) => {
    const card = metric(name)
    const { settings, file } = await openProject(options)
    const { timezone } = file.project(settings.env)
    const ask = (state: State, version: PublishedVersion) =>
      askMetric(state, version, name, {
        by: options.by?.split(',').map((each) => each.trim()) ?? [],
        where: options.where,
        from: options.from,
        to: options.to,
        grain: options.grain,
        timezone,
      })
    const rows = await withPublished(settings, ask, options.env)
    if (options.json) return printJson(rows)
    printLine(
      `${bold(card.title.en)} ${dim(card.title.zh)} — ${card.unit.en}, ${card.confidence * 100} % interval`,
    )
    printTable(
      rows.map((row) => ({
        ...groupOf(row),
        value: row.suppressed ? 'too few' : formatValue(card.format, row.value),
        low: formatValue(card.format, row.low),
        high: formatValue(card.format, row.high),
        n: row.n,
      })),
      'no rows',
    )
  })

/** What the row is about: the period and the dimensions asked for. */
function groupOf(row: MetricAnswer): TableRow {
  const number: readonly string[] = answerColumns.filter((name) => name !== 'period')
  return Object.fromEntries(Object.entries(row).filter(([name]) => !number.includes(name))) as TableRow
}

function collect(pair: string, kept: Readonly<Record<string, string[]>>): Record<string, string[]> {
  const at = pair.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Expected <dimension>=<value>.')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  return { ...kept, [name]: [...(kept[name] ?? []), value] }
}

function oneOfGrains(text: string): (typeof grains)[number] {
  const grain = grains.find((each) => each === text)
  if (grain === undefined) throw new InvalidArgumentError(`Expected one of ${grains.join(', ')}.`)
  return grain
}
