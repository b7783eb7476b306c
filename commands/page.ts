/** The page `saydo start` ends with: what runs where, the first numbers with their intervals, and what to try next. */
import { publishedSlices } from '#lake/published-slices.ts'
import type { PublishedVersion } from '#lake/published-version.ts'
import { isS3 } from '#lake/storage.ts'
import type { Stack } from '#stack/bring-up.ts'
import type { Cube } from '#stack/cube.ts'
import type { RefreshSummary } from '#workflows/refresh.ts'
import { askMetric } from './ask-metric.ts'
import { formatValue } from './format-value.ts'
import { bold, dim, printLine, printTable } from './output.ts'
import { describeRefresh } from './refresh.ts'

export type Page = { readonly stack: Stack; readonly cube: Cube; readonly refresh: RefreshSummary }

export async function printPage({ stack, cube, refresh }: Page): Promise<void> {
  const { project, state, temporal } = stack
  const version = await state.versions().current()
  printLine(`\n${bold(project.title ? `${project.title.en} ${project.title.zh}` : project.name)}`)
  printLine(describeRefresh(refresh))
  if (version === undefined) return
  printLine(`\n${bold('Running')}`)
  printTable([
    { what: 'Temporal', mode: temporal.mode, where: temporal.address, look: temporal.uiUrl ?? '' },
    { what: 'Cube', mode: cube.mode, where: `${cube.url}/cubejs-api/v1`, look: '' },
    { what: 'Control database', mode: state.control.engine, where: '', look: '' },
    { what: 'Lake', mode: isS3(state.root) ? 's3' : 'folder', where: state.root, look: '' },
  ])
  printLine(`\n${bold('Net Promoter Score by channel')} ${dim('各渠道净推荐值')} — 95 % intervals`)
  const nps = await askMetric(state, version, 'nps', { by: ['channel'], timezone: project.timezone })
  printTable(
    nps.map((row) => ({
      channel: textOf(row['channel']),
      nps: formatValue('points', row.value),
      low: formatValue('points', row.low),
      high: formatValue('points', row.high),
      answers: row.n,
    })),
  )
  printLine(
    `\n${bold('Value at stake')} ${dim('利害攸关的价值')} — revenue of the last 12 months by what customers last said`,
  )
  printTable(await valueAtStake(stack, version))
  printLine(`\n${bold('Try next')}`)
  for (const line of ['saydo metric csat --by touchpoint', 'saydo truth', 'saydo quarantine'])
    printLine(`  npx ${line}`)
}

/** Persons and revenue by score group, with the share who order again within 90 days and its interval. */
async function valueAtStake({ state, project }: Stack, version: PublishedVersion) {
  const slices = publishedSlices(state.storage, version).filter(({ table }) => table === 'xo.customer_month')
  const money = await state.engine.rows(
    {
      sql: `with recent as (
          select * from xo.customer_month where month > (select max(month) - interval 12 month from xo.customer_month)
        ), latest as (
          select person_id, arg_max(score_group, month) as score_group, sum(revenue) as revenue from recent group by 1
        )
        select score_group, count(*) as customers, cast(sum(revenue) as DOUBLE) as revenue from latest group by 1 order by 1`,
      parameters: [],
    },
    slices,
  )
  const returning = await askMetric(state, version, 'repurchase_rate', {
    by: ['score_group'],
    timezone: project.timezone,
  })
  return money.map((row) => {
    const rate = returning.find((each) => each['score_group'] === row['score_group'])
    return {
      'last said': textOf(row['score_group']),
      customers: Number(row['customers']),
      revenue: Math.round(Number(row['revenue'])),
      'order again': formatValue('percent', rate?.value ?? null),
      low: formatValue('percent', rate?.low ?? null),
      high: formatValue('percent', rate?.high ?? null),
      n: rate?.n ?? null,
    }
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '–'
}
