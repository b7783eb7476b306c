/** The canonical and joined models on a real DuckDB: given rows of the sources, expect rows of the tables. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { Engine, Row, Slice } from '#lake/engine.ts'
import { literal } from '#lake/quote.ts'
import { buildOrder } from './build-order.ts'
import type { Model } from './define-model.ts'
import { modelsOf } from './index.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'models-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const models = modelsOf({
  sources: {},
  tables: [],
  questions: [
    { question: 'recommend', concept: 'nps', scale: [0, 10] },
    // No scores said is no scores.
    { question: 'stars', concept: 'csat', scale: [1, 5], scores: {} },
    { question: 'stars', survey: 'hotel', concept: 'hotel_stars', scale: [1, 7] },
  ],
  surveys: [{ survey: 'after-order', about: 'order', withinDays: 30 }],
  timezone: 'Asia/Shanghai',
  recordOf: () => undefined,
})

const keys = { email_key: null, phone_key: null, member_key: null }
const submission = (id: string, more: Row): Row => ({
  submission_id: id,
  source: 's',
  survey_id: 'after-order',
  submitted_at: '2026-03-10 00:00:00',
  language: 'zh',
  channel: null,
  touchpoint: null,
  store_id: null,
  about_id: null,
  ...keys,
  ...more,
})
const part = (id: string, submission_id: string, number: number, more: Row = {}): Row => ({
  answer_id: id,
  submission_id,
  source: 's',
  survey_id: 'after-order',
  question_id: 'recommend',
  number,
  choice: null,
  answered_at: '2026-03-10 00:00:00',
  ...more,
})
const order = (id: string, ordered_at: string, more: Row = {}): Row => ({
  order_id: `o:${id}`,
  source: 'o',
  order_number: id,
  ordered_at,
  promised_at: null,
  delivered_at: null,
  status: 'delivered',
  channel: 'web',
  store_id: 's1',
  revenue: '10.00',
  currency: 'CNY',
  ...keys,
  ...more,
})

/** Build the named model and all it needs, with the given rows in place of the tables they are for. */
async function buildWith(given: Readonly<Record<string, readonly Row[]>>, wanted: string): Promise<Row[]> {
  const engine = createDuckdbEngine({ memoryMb: 1_000, threads: 1, tempFolder: folder })
  const built: Record<string, Slice> = {}
  const needed = neededFor(wanted, new Set(Object.keys(given)))
  for (const model of buildOrder(models).flat()) {
    if (!needed.has(model.name)) continue
    const out = mkdtempSync(join(folder, 'build-'))
    const rows = given[model.name]
    if (rows !== undefined) {
      built[model.name] = {
        table: model.name,
        columns: model.columns,
        files: [await write(model, rows, out)],
      }
      continue
    }
    const inputs = model.reads.flatMap((table) => built[table] ?? [])
    built[model.name] = {
      table: model.name,
      columns: model.columns,
      files: await make(engine, model, inputs, out),
    }
  }
  const slice = built[wanted]
  if (slice === undefined) throw new Error(`no model ${wanted}`)
  return engine.rows({ sql: 'select * from result order by all', parameters: [] }, [
    { ...slice, table: 'result' },
  ])
}

/** The files of a whole model over these inputs. */
async function make(
  engine: Engine,
  { make, columns, reads }: Model,
  inputs: readonly Slice[],
  out: string,
): Promise<readonly string[]> {
  const file = join(out, 'built.parquet')
  if (make.by === 'union') return inputs.flatMap(({ table, files }) => (reads.includes(table) ? files : []))
  await using session = await engine.open()
  if (make.by === 'query') await session.write({ query: make.query, inputs, columns, file })
  else await session.writeRows({ program: make.program, inputs, columns, file })
  return [file]
}

/** A model and all that it reads, as far as no rows are given for it. */
function neededFor(name: string, given: ReadonlySet<string>): Set<string> {
  const reads = given.has(name) ? [] : (models.find((model) => model.name === name)?.reads ?? [])
  return new Set([name, ...reads.flatMap((table) => [...neededFor(table, given)])])
}

async function write(model: Model, rows: readonly Row[], out: string): Promise<string> {
  const file = join(out, 'given.parquet')
  const instance = await DuckDBInstance.create(':memory:')
  const session = await instance.connect()
  const list = model.columns
    .map(({ name, type }) => `cast(r->>'$.${name}' as ${type}) as "${name}"`)
    .join(', ')
  await session.run(
    `copy (select ${list} from (select unnest(from_json(${literal(JSON.stringify(rows))}, '["JSON"]')) as r)) to ${literal(file)} (format parquet)`,
  )
  session.closeSync()
  return file
}

describe('people', () => {
  it('keys that occur together are one person, through any chain of them', async () => {
    const contact = (source_id: string, more: Row): Row => ({
      source: 'c',
      source_id,
      ...keys,
      seen_at: null,
      ...more,
    })
    const rows = await buildWith(
      {
        contact: [
          contact('1', { email_key: 'ann', phone_key: '1' }),
          contact('2', { phone_key: '1', member_key: 'M' }),
          contact('3', { email_key: 'bob' }),
        ],
      },
      'person_key',
    )
    const persons = new Map(rows.map((row) => [row['person_key'], row['person_id']]))
    expect(persons.size).toBe(4)
    expect(persons.get('e:ann')).toBe(persons.get('m:M'))
    expect(persons.get('e:bob')).not.toBe(persons.get('e:ann'))
  })

  it('a key that meets too many others is a shared device, and connects nobody', async () => {
    const contact = Array.from({ length: 12 }, (_, i) => ({
      source: 'c',
      source_id: String(i),
      ...keys,
      email_key: `e${i}`,
      phone_key: 'shop',
      seen_at: null,
    }))
    const rows = await buildWith({ contact }, 'person_key')
    expect(rows.find((row) => row['person_key'] === 'p:shop')).toEqual({
      person_key: 'p:shop',
      person_id: null,
    })
    const persons = rows.map((row) => row['person_id']).filter((person) => person !== null)
    expect(new Set(persons).size).toBe(12)
  })
})

describe('response context', () => {
  const given = {
    submission: [
      submission('named', { about_id: 'A1', member_key: 'ann' }),
      submission('only', { member_key: 'bob' }),
      submission('several', { member_key: 'cy' }),
      submission('nobody', {}),
      submission('general', { survey_id: 'yearly', member_key: 'bob' }),
    ],
    answer_part: ['named', 'only', 'several', 'nobody', 'general'].map((id) => part(`${id}:1`, id, 9)),
    order: [
      order('A1', '2026-01-01 00:00:00', {
        member_key: 'ann',
        promised_at: '2026-01-05 15:00:00',
        delivered_at: '2026-01-05 17:00:00',
      }),
      order('B1', '2026-03-01 00:00:00', { member_key: 'bob' }),
      order('B0', '2026-01-01 00:00:00', { member_key: 'bob' }),
      order('C1', '2026-03-01 00:00:00', { member_key: 'cy' }),
      order('C2', '2026-03-02 00:00:00', { member_key: 'cy' }),
    ],
  }

  it('links an answer to the named event, to the only candidate, or honestly to none', async () => {
    const rows = await buildWith(given, 'xo.response_context')
    const links = Object.fromEntries(
      rows.map((row) => [row['submission_id'], [row['link'], row['event_id'], row['link_candidates']]]),
    )
    expect(links).toEqual({
      named: ['linked', 'o:A1', 1],
      only: ['linked', 'o:B1', 1],
      several: ['ambiguous', null, 2],
      nobody: ['none', null, 0],
      general: ['none', null, 0],
    })
  })

  it('counts delay in calendar days of the project’s zone, not in hours', async () => {
    const rows = await buildWith(given, 'xo.response_context')
    expect(rows.find((row) => row['submission_id'] === 'named')?.['delay_days']).toBe(1)
  })
})

describe('events of several kinds', () => {
  const ticket = (id: string, number: string): Row => ({
    ticket_id: id,
    source: 'o',
    ticket_number: number,
    opened_at: '2026-03-01 00:00:00',
    status: null,
    priority: null,
    channel: null,
    ...keys,
  })
  const call = (id: string, ticket_number: string): Row => ({
    call_id: id,
    source: 'o',
    called_at: '2026-03-01 00:00:00',
    direction: null,
    wait_seconds: null,
    talk_seconds: null,
    completion: null,
    ticket_number,
    ...keys,
    member_key: 'ann',
  })

  it('may share an id, and a named ticket goes before calls about it', async () => {
    const rows = await buildWith(
      {
        submission: [
          submission('ticket', { survey_id: 'yearly', about_id: 'T1' }),
          submission('order', { survey_id: 'yearly', about_id: '1' }),
        ],
        answer_part: [part('ticket:1', 'ticket', 9), part('order:1', 'order', 9)],
        order: [order('1', '2026-01-01 00:00:00')],
        support_ticket: [ticket('o:1', 'T1')],
        call: [call('o:0', 'T1'), call('o:1', 'T1')],
      },
      'xo.response_context',
    )
    expect(
      rows.map((row) => [row['submission_id'], row['event_kind'], row['event_id'], row['revenue']]),
    ).toEqual([
      ['order', 'order', 'o:1', 10],
      ['ticket', 'ticket', 'o:1', null],
    ])
  })
})

describe('answers', () => {
  it('the most specific registry entry says what a question measures; unknown questions keep their answers', async () => {
    const rows = await buildWith(
      {
        answer_part: [
          part('a', 'x', 4, { question_id: 'stars' }),
          part('b', 'x', 6, { question_id: 'stars', survey_id: 'hotel' }),
          part('c', 'x', 3, { question_id: 'mystery' }),
        ],
      },
      'answer',
    )
    expect(rows.map((row) => [row['concept'], row['scale_max'], row['score']])).toEqual([
      ['csat', 5, 4],
      ['hotel_stars', 7, 6],
      [null, null, 3],
    ])
  })
})

describe('customer months', () => {
  it('scores are as known at the month’s end, and outcomes are null until observed', async () => {
    const rows = await buildWith(
      {
        submission: [submission('s1', { member_key: 'ann', submitted_at: '2026-03-10 00:00:00' })],
        answer_part: [part('s1:1', 's1', 3)],
        order: [
          order('1', '2026-02-28 17:00:00', { member_key: 'ann' }), // already March in Shanghai
          order('2', '2026-04-02 00:00:00', { member_key: 'ann' }),
          order('3', '2026-07-20 00:00:00', { member_key: 'bob' }),
        ],
      },
      'xo.customer_month',
    )
    const ann = rows.filter((row) => row['score_group'] !== 'unknown')
    expect(
      ann.map((row) => [
        row['month'],
        row['orders'],
        row['score_group'],
        row['repurchased'],
        row['next_revenue'],
      ]),
    ).toEqual([
      ['2026-03-01', 1, 'detractor', true, 10],
      ['2026-04-01', 1, 'detractor', null, null],
    ])
  })

  it('of answers given at the same instant, the one with the greatest id counts, in any order', async () => {
    const groupOf = async (answer_part: readonly Row[]) => {
      const given = {
        submission: [submission('s1', { member_key: 'ann' })],
        answer_part,
      }
      return (await buildWith(given, 'xo.customer_month')).map((row) => row['nps'])
    }
    const parts = [part('s1:1', 's1', 3), part('s1:2', 's1', 10), part('s1:0', 's1', 7)]
    expect(await groupOf(parts)).toEqual([10])
    expect(await groupOf(parts.toReversed())).toEqual([10])
  })
})
