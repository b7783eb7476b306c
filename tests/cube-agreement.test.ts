/** Cube, SQL and TypeScript say the same numbers on the same published rows, to 1e-9. */
import * as fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { cards, compileSql, evaluate, metric, type MetricRequest } from '#metrics/index.ts'
import { startCubeHarness, tables, timezone } from './cube-harness.ts'
import { arbitraryRows, type Row, type Table } from './metric-rows.ts'

const measures = [
  'value',
  'n',
  'low',
  'high',
  'suppressed',
  'dropped',
  'version',
  'published_version',
] as const

const { lake, load, close } = await startCubeHarness()

beforeEach(() => lake.point(1))
afterAll(close)

/** The question of a metric request in Cube's words. Windows are whole days, last day included. */
function cubeQuery(name: string, request: MetricRequest & { days?: [string, string] }): object {
  const card = metric(name)
  const member = (suffix: string) => `${name}.${suffix === 'value' ? name : `${name}_${suffix}`}`
  return {
    measures: measures.map(member),
    dimensions: (request.by ?? []).map((dimension) => `${name}.${dimension}`),
    filters: Object.entries(request.where ?? {}).map(([dimension, value]) =>
      value === null
        ? { member: `${name}.${dimension}`, operator: 'notSet' }
        : { member: `${name}.${dimension}`, operator: 'equals', values: [value].flat() },
    ),
    timeDimensions:
      request.grain === undefined && request.days === undefined
        ? []
        : [{ dimension: `${name}.${card.time.column}`, granularity: request.grain, dateRange: request.days }],
    timezone: request.timezone,
  }
}

async function cubeRows(name: string, request: MetricRequest & { days?: [string, string] }): Promise<Row[]> {
  const { status, body } = await load(cubeQuery(name, request))
  expect(body.error).toBeUndefined()
  expect(status).toBe(200)
  return body.data.map((row) => {
    const answer: Row = Object.fromEntries(
      measures.map((measure) => [
        measure,
        plain(row[`${name}.${measure === 'value' ? name : `${name}_${measure}`}`]),
      ]),
    )
    for (const dimension of request.by ?? []) answer[dimension] = row[`${name}.${dimension}`]
    if (request.grain !== undefined)
      answer['period'] = String(row[`${name}.${metric(name).time.column}.${request.grain}`]).slice(0, 10)
    return answer
  })
}

function plain(value: unknown): unknown {
  return typeof value === 'string' ? Number(value) : value
}

async function sqlRows(name: string, request: MetricRequest): Promise<Row[]> {
  const { sql, parameters } = compileSql(metric(name), request)
  const rows = (await lake.connection.runAndReadAll(sql, [...parameters])).getRowObjects()
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
    ),
  )
}

function expectSame(left: readonly Row[], right: readonly Row[]): void {
  const groupOf = (row: Row) => {
    const names = Object.keys(row).filter((key) => !measures.some((name) => name === key))
    return JSON.stringify(names.sort().map((name) => [name, row[name]]))
  }
  const byGroup = new Map(right.map((row) => [groupOf(row), row]))
  expect([...left].map(groupOf).sort()).toEqual([...byGroup.keys()].sort())
  for (const row of left) {
    const other = byGroup.get(groupOf(row)) ?? {}
    for (const name of measures) {
      const [a, b] = [row[name], other[name]]
      if (typeof a === 'number' && typeof b === 'number')
        expect(Math.abs(a - b), `${name}: ${a} and ${b}`).toBeLessThanOrEqual(1e-9)
      else expect(a, name).toEqual(b)
    }
  }
}

describe('the three compilations', () => {
  const questions: (Partial<MetricRequest> & { days?: [string, string] })[] = [
    {},
    { grain: 'month' },
    { grain: 'quarter', timezone: 'America/New_York' },
    { days: ['2024-03-10', '2024-11-02'], from: '2024-03-10', to: '2024-11-03', grain: 'week' },
    {
      days: ['2024-02-01', '2024-02-29'],
      from: '2024-02-01',
      to: '2024-03-01',
      grain: 'day',
      timezone: 'UTC',
    },
  ]
  /** Every question of every metric, and every dimension of every metric with two of the questions in turn. */
  const cases = cards.flatMap((card) => [
    ...questions.map((question) => ({ name: card.name, by: [] as string[], ...question })),
    ...Object.keys(card.dimensions).flatMap((dimension, turn) =>
      [turn, turn + 2].map((at) => ({
        name: card.name,
        by: [dimension],
        ...questions[at % questions.length],
      })),
    ),
  ])

  test(`agree to 1e-9 on ${cases.length} questions over every dimension of every metric`, async () => {
    for (const { name, days, ...question } of cases) {
      const request = { timezone, publishedVersion: 1, ...question }
      const rows = tables[metric(name).model as Table] ?? []
      const answered = await cubeRows(name, { ...request, ...(days === undefined ? {} : { days }) })
      expectSame(answered, await sqlRows(name, request))
      expectSame(answered, evaluate(metric(name), request, rows))
    }
  })

  test.each([
    ['nps', { by: ['channel', 'store_id'], where: { channel: '微信' } }],
    ['nps', { by: ['source'], where: { channel: ["o'clock", 'store'] } }],
    ['csat', { by: ['survey_id', 'channel'], where: { store_id: null } }],
    ['response_count', { by: ['channel'], where: { touchpoint: 'delivery' } }],
    ['repurchase_rate', { by: ['score_group'], where: { score_group: ['promoter', 'detractor'] } }],
    ['nps', { where: { channel: 'nobody' } }],
  ] as [string, Partial<MetricRequest>][])('agree under filters: %s %j', async (name, question) => {
    const request = { timezone, publishedVersion: 1, ...question }
    const answered = await cubeRows(name, request)
    expectSame(answered, await sqlRows(name, request))
    expectSame(answered, evaluate(metric(name), request, tables[metric(name).model as Table] ?? []))
  })

  test('agree on random data, each published as a version of its own', async () => {
    let version = 100
    await fc.assert(
      fc.asyncProperty(
        arbitraryRows['xo.response_context'],
        fc.subarray(Object.keys(metric('nps').dimensions)),
        async (rows, by) => {
          version += 1
          await lake.write(version, { 'xo.response_context': rows })
          lake.point(version)
          const request = { timezone, publishedVersion: version, by }
          const answered = await cubeRows('nps', request)
          expectSame(answered, await sqlRows('nps', request))
          expectSame(answered, evaluate(metric('nps'), request, rows))
        },
      ),
      { numRuns: 15 },
    )
    await lake.write(1, tables)
  })
})
