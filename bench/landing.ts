/**
 * Landing against the raw DuckDB appender and one COPY, on the same survey answers: rows per second and peak memory.
 * Each side runs in a process of its own, in turns; `ratio` is the median over the pairs. The landing side is the whole verb:
 * pages of a connector, contract, privacy, files, commits.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api'
import { z } from 'zod'
import { createLand } from '#activities/land.ts'
import { createPrivacy } from '#activities/privacy.ts'
import { defineConnector } from '#connectors/connector.ts'
import type { Connector, Stream } from '#connectors/connector.ts'
import { openControl } from '#lake/control/open-control.ts'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import { openStorage } from '#lake/storage.ts'
import type { BenchOptions, Figures } from './index.ts'

const PAGE = 1000

const Answer = z.object({
  answer_id: z.string(),
  response_id: z.string(),
  form_id: z.string(),
  question_id: z.string(),
  question_type: z.enum(['opinion_scale', 'long_text', 'rating']),
  score: z.int().nullable(),
  text: z.string().nullable(),
  submitted_at: z.iso.datetime(),
  channel: z.string(),
  amount: z.number().nullable(),
  is_complete: z.boolean(),
  email: z.string(),
})
type Answer = z.infer<typeof Answer>

const answers: Stream = {
  name: 'answers',
  record: Answer,
  primaryKey: ['answer_id'],
  cursorField: 'submitted_at',
  eventTime: 'submitted_at',
  checkpoint: z.object({ page: z.int() }),
  privacy: { email: { policy: 'hash', as: 'email' }, text: { policy: 'keep' } },
}

/** Four answers per response; Chinese and English comments, one in four answers. */
function pageOf(number: number): Answer[] {
  return Array.from({ length: PAGE }, (_, index) => {
    const id = number * PAGE + index
    const response = Math.floor(id / 4)
    const scattered = ((response * 2_654_435_761) % 4_294_967_296).toString(36)
    return {
      answer_id: `a-${scattered}-${id}`,
      response_id: `r-${scattered}`,
      form_id: `form-${response % 40}`,
      question_id: `q-${id % 4}`,
      question_type: id % 4 === 3 ? 'long_text' : 'opinion_scale',
      score: id % 4 === 3 ? null : response % 11,
      text: id % 4 === 3 ? `店员很耐心 the delivery took ${response % 97} days, ${scattered}` : null,
      submitted_at: new Date(1_700_000_000_000 + response * 977).toISOString(),
      channel: ['store', 'web', 'wechat'][response % 3] ?? 'web',
      amount: response % 7 === 0 ? null : (response % 9973) / 7,
      is_complete: response % 5 !== 0,
      email: `guest${response}@example.com`,
    }
  })
}

type Run = { readonly seconds: number; readonly rssMb: number }

/** Figures: ratio (landing / raw), rowsPerSecond, rawRowsPerSecond, rssMb (peak of the landing), rows, pairs. */
export async function bench({ settings, say }: BenchOptions): Promise<Figures> {
  const rows = Number(settings['rows'] ?? 1_000_000)
  const pairs = Number(settings['pairs'] ?? 3)
  const ratios: number[] = []
  const landings: Run[] = []
  const raws: Run[] = []
  for (let pair = 1; pair <= pairs; pair++) {
    const raw = await inChild('raw', rows)
    const landing = await inChild('landing', rows)
    raws.push(raw)
    landings.push(landing)
    ratios.push(raw.seconds / landing.seconds)
    say(
      `pair ${pair} of ${pairs}: raw ${raw.seconds.toFixed(1)} s, landing ${landing.seconds.toFixed(1)} s, ${landing.rssMb} MB`,
    )
  }
  return {
    ratio: Number(median(ratios).toFixed(3)),
    rssMb: Math.max(...landings.map(({ rssMb }) => rssMb)),
    rowsPerSecond: Math.round(rows / median(landings.map(({ seconds }) => seconds))),
    rawRowsPerSecond: Math.round(rows / median(raws.map(({ seconds }) => seconds))),
    rawRssMb: Math.max(...raws.map(({ rssMb }) => rssMb)),
    rows,
    pairs,
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

async function inChild(side: 'raw' | 'landing', rows: number): Promise<Run> {
  const { stdout } = await promisify(execFile)(process.execPath, [import.meta.filename, side, String(rows)])
  return JSON.parse(stdout) as Run
}

async function land(rows: number, folder: string): Promise<void> {
  const control = openControl(join(folder, 'control.db'))
  await control.migrate()
  const { land } = createLand({
    lake: {
      control,
      storage: await openStorage(join(folder, 'lake')),
      createSink: () => createDuckdbSink({ temporaryFolder: join(folder, 'spill') }),
      now: () => new Date(),
    },
    privacy: createPrivacy('a-key-for-benchmarks-of-forty-characters', '86'),
    sources: { tool: { connector: answersConnector(rows), context: CONTEXT } },
    attempt: () => ({ signal: new AbortController().signal, heartbeat: () => {} }),
  })
  const { status } = await land({ source: 'tool', stream: 'answers', slice: {}, ingestDate: '2026-01-01' })
  const { landed } = await control.db
    .selectFrom('load')
    .select((eb) => eb.fn.sum<number>('rows').as('landed'))
    .executeTakeFirstOrThrow()
  if (status !== 'done' || landed !== rows) throw new Error(`[bench] ${landed} of ${rows} rows landed.`)
  await control.close()
}

const CONTEXT = {
  source: 'tool',
  config: {},
  http: { json: () => Promise.reject(new Error('not used')) },
  secret: () => '',
  now: () => new Date(),
}

function answersConnector(rows: number): Connector {
  return defineConnector({
    name: 'tool',
    title: { en: 'Answers', zh: '答卷' },
    kind: 'survey',
    config: z.unknown(),
    secrets: [],
    streams: () => [answers],
    check: async () => {},
    async *read() {
      for (let page = 0; page < rows / PAGE; page++)
        yield { type: 'page', records: pageOf(page), checkpoint: { page } }
    },
  })
}

/** The same rows, nothing else: one appender, one COPY. */
async function raw(rows: number, folder: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
  await connection.run(
    'create table answers (answer_id varchar, response_id varchar, form_id varchar, question_id varchar, question_type varchar, score bigint, text varchar, submitted_at timestamp, channel varchar, amount double, is_complete boolean, email varchar)',
  )
  const appender = await connection.createAppender('answers')
  for (let page = 0; page < rows / PAGE; page++) {
    for (const answer of pageOf(page)) {
      appender.appendVarchar(answer.answer_id)
      appender.appendVarchar(answer.response_id)
      appender.appendVarchar(answer.form_id)
      appender.appendVarchar(answer.question_id)
      appender.appendVarchar(answer.question_type)
      if (answer.score === null) appender.appendNull()
      else appender.appendBigInt(BigInt(answer.score))
      if (answer.text === null) appender.appendNull()
      else appender.appendVarchar(answer.text)
      appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.parse(answer.submitted_at)) * 1000n))
      appender.appendVarchar(answer.channel)
      if (answer.amount === null) appender.appendNull()
      else appender.appendDouble(answer.amount)
      appender.appendBoolean(answer.is_complete)
      appender.appendVarchar(answer.email)
      appender.endRow()
    }
  }
  appender.closeSync()
  await connection.run(
    `copy answers to '${join(folder, 'answers.parquet')}' (format parquet, compression zstd)`,
  )
}

if (import.meta.main) {
  const [side, rows] = process.argv.slice(2)
  const folder = mkdtempSync(join(tmpdir(), 'saydo-bench-'))
  const start = performance.now()
  await (side === 'raw' ? raw(Number(rows), folder) : land(Number(rows), folder))
  const seconds = (performance.now() - start) / 1000
  rmSync(folder, { recursive: true })
  console.log(JSON.stringify({ seconds, rssMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
}
