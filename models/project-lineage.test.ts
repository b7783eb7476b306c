/** Lineage of the models there are: telling columns exactly, all columns consistently, and all again by what DuckDB's planner would read. */
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column } from '#lake/column.ts'
import { columnsOf } from '#lake/columns-of.ts'
import { identifier } from '#lake/quote.ts'
import { loadProjectFile } from '#stack/load-project.ts'
import { projectModels } from '#stack/project-models.ts'
import type { Model } from './define-model.ts'
import type { LineageGraph } from './lineage/graph.ts'
import { downstreamOf, upstreamOf } from './lineage/reach.ts'
import { lineageOf } from './lineage.ts'
import { traceable } from '#models/lineage/traceable.ts'

const root = join(import.meta.dirname, '..')
const files = ['saydo.config.ts', 'examples/olist/saydo.config.ts', 'examples/two-files/saydo.config.ts']

type Project = { readonly models: readonly Model[]; readonly graph: LineageGraph }
const projects = new Map<string, Project>()
beforeAll(async () => {
  for (const file of files) {
    const models = projectModels((await loadProjectFile(join(root, file))).project({}))
    projects.set(file, { models, graph: await lineageOf(models.map(traceable)) })
  }
})

function projectOf(file = 'saydo.config.ts'): Project {
  const project = projects.get(file)
  if (project === undefined) throw new Error(`${file} is not loaded`)
  return project
}

function from(column: string, kind: 'value' | 'filter', { graph } = projectOf()): string[] {
  return graph.edges.filter((edge) => edge.to === column && edge.kind === kind).map((edge) => edge.from)
}

describe('in the simulated company', () => {
  it.each([
    ['xo.customer_month.next_revenue', ['xo.outcome.next_revenue']],
    ['xo.customer_month.repurchased', ['xo.outcome.next_revenue']],
    ['xo.outcome.next_revenue', ['order.revenue']],
    ['xo.customer_month.revenue', ['order.revenue']],
    ['xo.customer_month.nps', ['xo.month_score.nps']],
    ['xo.customer_month.score_group', ['xo.month_score.nps']],
    ['xo.month_score.nps', ['xo.response_context.score']],
    ['xo.response_context.score', ['answer.score']],
    ['xo.response_context.delivery', ['order.delivered_at', 'order.promised_at']],
    ['xo.response_context.channel', ['order.channel', 'submission.channel']],
    ['answer.score', ['answer_part.choice', 'answer_part.number']],
    ['answer.concept', ['answer_part.question_id', 'answer_part.survey_id']],
    ['order.revenue', ['hubspot.order.revenue', 'stores.order__till.revenue']],
    ['hubspot.order.revenue', ['hubspot.deals.properties']],
    ['stores.order__till.revenue', ['stores.till.amount']],
    ['zendesk.support_ticket.email_key', ['zendesk.users.email']],
    ['zendesk.comment.text', ['zendesk.satisfaction_ratings.comment', 'zendesk.tickets.description']],
  ])('%s is made of %j', (column, expected) => {
    expect(from(column, 'value')).toEqual(expected)
  })

  it.each([
    ['answer.score', ['answer_part.question_id', 'answer_part.survey_id']],
    ['answer.concept', []],
    [
      'zendesk.support_ticket.email_key',
      ['zendesk.tickets.requester_id', 'zendesk.tickets.status', 'zendesk.users.id'],
    ],
    ['person_key.person_id', []],
    [
      'person.first_seen_at',
      [
        'contact.email_key',
        'contact.member_key',
        'contact.phone_key',
        'person_key.person_id',
        'person_key.person_key',
      ],
    ],
  ])('%s is chosen by %j', (column, expected) => {
    expect(from(column, 'filter')).toEqual(expected)
  })

  it('a person is made of the contact keys of every table that has them', () => {
    const tables = ['call', 'comment', 'contact', 'order', 'submission', 'support_ticket']
    const keys = tables.flatMap((table) =>
      ['email_key', 'member_key', 'phone_key'].map((key) => `${table}.${key}`),
    )
    expect(from('person_key.person_id', 'value')).toEqual(keys)
  })

  it('the rating of a kiosk reaches the score group of a month', () => {
    const reached = downstreamOf(projectOf().graph, 'stores.kiosk.score')
    expect(
      reached.filter(({ kind }) => kind === 'value').map(({ name, depth }) => `${depth} ${name}`),
    ).toEqual([
      '1 stores.answer__kiosk.number',
      '2 answer_part.number',
      '3 answer.score',
      '4 xo.response_context.score',
      '5 xo.month_score.csat',
      '5 xo.month_score.nps',
      '6 xo.customer_month.csat',
      '6 xo.customer_month.nps',
      '6 xo.customer_month.score_group',
    ])
    expect(new Set(reached.map(({ table }) => table))).toContain('xo.customer_month')
  })
})

it('the revenue of a marketplace order is summed over its payments', () => {
  const olist = projectOf('examples/olist/saydo.config.ts')
  expect(from('olist.order__orders.revenue', 'value', olist)).toEqual(['olist.payments.payment_value'])
  expect(from('olist.order__orders.revenue', 'filter', olist)).toContain('olist.payments.order_id')
})

describe.each(files)('in %s', (file) => {
  it('every edge joins two columns that exist, and every column is in the graph', () => {
    const { models, graph } = projectOf(file)
    const named = graph.edges.flatMap(({ from, to }) => [from, to])
    expect(named.filter((name) => !graph.columns.has(name))).toEqual([])
    const columns = models.flatMap(({ name, columns }) => columns.map((each) => `${name}.${each.name}`))
    expect(columns.filter((name) => !graph.columns.has(name))).toEqual([])
    expect(columns.length).toBeGreaterThan(100)
  })

  it('every table that a model reads is in its lineage, and no other', () => {
    const { models, graph } = projectOf(file)
    for (const { name } of models) {
      const table = (column: string) => graph.columns.get(column)?.table
      const edges = graph.edges.filter(({ to }) => table(to) === name)
      expect(new Set(edges.map((edge) => table(edge.from))), name).toEqual(
        new Set(graph.tables.get(name)?.reads),
      )
    }
  })

  it('up and down are the same ways', () => {
    const { graph } = projectOf(file)
    const ways = (of: typeof upstreamOf) =>
      [...graph.columns.keys()].flatMap((start) =>
        of(graph, start).map(({ name, kind, depth }) => ({ ends: [start, name], kind, depth })),
      )
    const text = (turned: boolean) => (way: ReturnType<typeof ways>[number]) =>
      [...(turned ? way.ends.toReversed() : way.ends), way.kind, way.depth].join(' ')
    expect(ways(upstreamOf).map(text(false)).sort()).toEqual(ways(downstreamOf).map(text(true)).sort())
  })
})

describe('what DuckDB’s planner reads for one column', () => {
  let session: DuckDBConnection
  beforeAll(async () => {
    session = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
    // The planner may leave unread columns out, but not fold what it knows of such small tables, nor hide filters in scans.
    await session.run("set disabled_optimizers = 'statistics_propagation,filter_pushdown'")
  })
  afterAll(() => session.closeSync())

  /** The planner keeps the window over scores though only other columns are asked for, and may count by any column. */
  const kept = new Set(['answer_id', 'concept', 'score'].map((column) => `xo.response_context.${column}`))
  const counted = new Map([['typeform.answer.source', new Set(['typeform.responses.response_id'])]])

  it.each(files)('is its lineage in %s', async (file) => {
    const { models, graph } = projectOf(file)
    for (const model of models) await createTable(session, model.name, model.columns)
    for (const model of models.filter((each) => traceable(each).query !== undefined)) {
      for (const [table, { record }] of Object.entries(model.raw))
        await createTable(session, table, columnsOf(record))
      for (const { name } of model.columns) {
        const column = `${model.name}.${name}`
        const read = await columnsRead(session, model, name)
        const spared = model.name === 'xo.customer_month' ? kept : (counted.get(column) ?? new Set())
        const lineage = graph.edges.filter(({ to }) => to === column).map((edge) => edge.from)
        expect(
          lineage.filter((each) => !read.has(each)),
          `${column} needs`,
        ).toEqual([])
        const more = [...read].filter((each) => !lineage.includes(each) && !spared.has(each))
        expect(more, `${column} lacks`).toEqual([])
      }
    }
  })
})

async function createTable(session: DuckDBConnection, name: string, columns: readonly Column[]) {
  const [table = '', schema = 'main'] = name.split('.').reverse()
  const list = columns.map((column) => `null::${column.type} as ${identifier(column.name)}`)
  await session.run(`create schema if not exists ${identifier(schema)}`)
  await session.run(
    `create or replace table ${identifier(schema)}.${identifier(table)} as select ${list.join(', ')}`,
  )
}

type PlanNode = {
  readonly extra_info?: { readonly Table?: string; readonly Projections?: string | readonly string[] }
  readonly children?: readonly PlanNode[]
}

/** Columns that the plan of one output column scans; expressions are inlined, since materialized ones keep all columns. */
async function columnsRead(session: DuckDBConnection, model: Model, column: string) {
  const { raw, make } = model
  const { query } = traceable(model)
  if (query === undefined) throw new Error(`${model.name} has no query`)
  const sql = query.sql.replaceAll(/ as \((?=select)/g, ' as not materialized (')
  const result = await session.runAndReadAll(
    `explain (format json) select ${identifier(column)} from (${sql})`,
    make.by === 'query' ? make.query.parameters.map(String) : [],
  )
  const read = new Set<string>()
  const visit = ({ extra_info: scan = {}, children = [] }: PlanNode): void => {
    const name = scan.Table?.replace(/^memory\.(main\.)?/, '').replaceAll('"', '')
    const input = raw[name ?? '']
    const table = input === undefined ? name : `${input.source}.${input.stream}`
    const columns = [scan.Projections ?? []].flat().filter((projected) => projected !== '')
    if (table !== undefined) for (const each of columns) read.add(`${table}.${each.replaceAll('"', '')}`)
    children.forEach(visit)
  }
  for (const node of JSON.parse(result.getRowsJson()[0]?.[1] as string) as PlanNode[]) visit(node)
  return read
}
