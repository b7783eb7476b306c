/** OpenLineage events: what they say of a build, that collectors can read them, and that nobody waits for one that is down. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { lineageFacts } from '#models/lineage/lineage-facts.ts'
import { lineageOf } from '#models/lineage.ts'
import { redactor } from '#stack/redact.ts'
import schema from '#tests/openlineage-schema/run-event.schema.json' with { type: 'json' }
import { lineageDestination } from './destination.ts'
import { createLineageEmitter, modelRunId } from './emitter.ts'
import type { RunEvent } from './run-event.ts'

const ajv = new Ajv2020({ allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(schema)

const build = '0190f5a0-0000-7000-8000-000000000001'
const month = {
  name: 'xo.month',
  columns: [{ name: 'revenue', type: 'DECIMAL(18,2)' }],
  raw: {
    orders: {
      source: 'shop',
      stream: 'orders',
      record: z.object({ paid: z.boolean(), amount: z.string().meta({ column: 'DECIMAL(18,2)' }) }),
    },
  },
  reads: [],
  query: { sql: 'select sum(amount) as revenue from orders where paid' },
} as const
const model = async () => lineageFacts(await lineageOf([month]), month, { 'shop.orders': 'o1' })

function recorder(redact = (text: string) => text) {
  const events: RunEvent[] = []
  const emitter = createLineageEmitter({
    project: 'qinghe',
    lake: 's3://key:secret@bucket/lake?token=x',
    redact,
    now: () => new Date('2026-03-01T00:00:00.000Z'),
    newId: () => build,
    send: (event) => {
      events.push(event)
      return Promise.resolve()
    },
  })
  return { events, emitter }
}

/** A build of one model that succeeds and one that fails. */
async function buildTold() {
  const { events, emitter } = recorder(redactor(['s3cret-of-the-shop']))
  const id = await emitter.started({ nominalTime: new Date('2026-02-28T23:00:00Z') })
  const part = { id: modelRunId(id, 'xo.month'), parent: id, model: await model() }
  await emitter.started(part)
  await emitter.completed(part, { version: 'f00d', rows: 3, bytes: 812 })
  await emitter.failed(part, new Error('[xo.month] ann@example.org and s3cret-of-the-shop are not numbers'))
  await emitter.completed({ id })
  return events
}

describe('events', () => {
  it('are what collectors can read', async () => {
    for (const event of await buildTold()) {
      validate(event)
      expect(validate.errors).toBeNull()
    }
  })

  it.each([
    ['without its time', { eventTime: undefined }],
    ['with a kind of its own', { eventType: 'BUILT' }],
    ['whose run has no UUID', { run: { runId: '7', facets: {} } }],
    [
      'with a facet that names no schema',
      { run: { runId: build, facets: { errorMessage: { message: 'x' } } } },
    ],
    ['with a field that nobody knows', { comment: 'x' }],
    ['with a nameless input', { inputs: [{ namespace: 'x' }] }],
  ])('%s could not be read', async (_, broken) => {
    const [event] = await buildTold()
    expect(validate({ ...event, ...broken })).toBe(false)
  })

  it('tell a build and the runs of its models, one under the other', async () => {
    const events = await buildTold()
    expect(events.map(({ eventType, job }) => `${eventType} ${job.name}`)).toEqual([
      'START build',
      'START build.xo.month',
      'COMPLETE build.xo.month',
      'FAIL build.xo.month',
      'COMPLETE build',
    ])
    expect(events[0]?.run.runId).toBe(build)
    expect(events[0]?.run.facets).toMatchObject({
      nominalTime: { nominalStartTime: '2026-02-28T23:00:00.000Z' },
    })
    expect(events[1]?.run.facets).toMatchObject({
      parent: { run: { runId: build }, job: { namespace: 'saydo://qinghe', name: 'build' } },
    })
    expect(events[2]?.run.runId).toBe(events[1]?.run.runId)
  })

  it('tell what a model was made of, column by column, and what came of it', async () => {
    const event = (await buildTold())[2]
    expect(event?.job.facets).toMatchObject({
      jobType: { processingType: 'BATCH', integration: 'SAYDO', jobType: 'MODEL' },
      sql: { query: month.query.sql },
    })
    expect(event?.inputs).toMatchObject([
      { namespace: 'saydo://qinghe', name: 'shop.orders', facets: { version: { datasetVersion: 'o1' } } },
    ])
    const input = { namespace: 'saydo://qinghe', name: 'shop.orders' }
    expect(event?.outputs).toMatchObject([
      {
        name: 'xo.month',
        facets: {
          version: { datasetVersion: 'f00d' },
          schema: { fields: [{ name: 'revenue', type: 'DECIMAL(18,2)' }] },
          columnLineage: {
            fields: {
              revenue: {
                inputFields: [
                  { ...input, field: 'amount', transformations: [{ type: 'DIRECT' }] },
                  { ...input, field: 'paid', transformations: [{ type: 'INDIRECT' }] },
                ],
              },
            },
          },
        },
        outputFacets: { outputStatistics: { rowCount: 3, size: 812 } },
      },
    ])
  })

  it('hold no secret and no customer', async () => {
    const text = JSON.stringify(await buildTold())
    expect(text).toContain('s3://bucket/lake')
    for (const secret of ['key:secret', 'token=x', 's3cret', 'ann@example'])
      expect(text).not.toContain(secret)
    expect(text).toContain('***@*** and *** are not numbers')
  })
})

describe('the id of a model’s run', () => {
  it('is a UUID that every attempt makes again, of this build and this model only', () => {
    const id = modelRunId(build, 'order')
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(modelRunId(build, 'order')).toBe(id)
    expect(new Set([id, modelRunId(build, 'call'), modelRunId(build.replace('1', '2'), 'order')]).size).toBe(
      3,
    )
  })
})

describe('a destination', () => {
  const closing: (() => void)[] = []
  afterEach(() => {
    for (const close of closing.splice(0)) close()
  })
  const told = async () => (await buildTold())[0] as RunEvent

  it('that is a file gets one event a line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lineage-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'deep/lineage.ndjson')
    const send = lineageDestination({ file }, { warn: expect.unreachable, now: () => new Date() })
    const event = await told()
    await send(event)
    await send(event)
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(event)}\n`.repeat(2))
  })

  it('that is a URL is posted to, with its name and password as a header', async () => {
    const got: unknown[] = []
    const server = await collector((request, body) => {
      got.push([request.method, request.url, request.headers.authorization, JSON.parse(body)])
      return 201
    })
    const url = server.url.replace('//', '//me:p%40ss@')
    const event = await told()
    await lineageDestination({ url }, { warn: expect.unreachable, now: () => new Date() })(event)
    const header = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
    expect(got).toEqual([['POST', '/api/v1/lineage', header, event]])
  })

  it('that fails is warned about once, left alone for a minute, and fails nobody', async () => {
    let asked = 0
    let status = 503
    const server = await collector(() => {
      asked += 1
      return status
    })
    const warnings: string[] = []
    let now = 0
    const url = `${server.url}?api_key=hidden`
    const send = lineageDestination(
      { url },
      { warn: (text) => warnings.push(text), now: () => new Date(now) },
    )
    const event = await told()
    for (const at of [0, 1_000, 59_999, 60_000]) {
      now = at
      await send(event)
    }
    expect(asked).toBe(2)
    status = 200
    now = 120_000
    await send(event)
    await send(event)
    expect(asked).toBe(4)
    expect(warnings).toEqual([
      `[openlineage] events do not reach ${new URL(url).origin}: it answered 503; builds go on without them, check SAYDO_OPENLINEAGE.`,
    ])
  })

  it('that nobody listens at is only warned about', async () => {
    const server = await collector(() => 200)
    server.close()
    const warnings: string[] = []
    const send = lineageDestination(
      { url: server.url },
      { warn: (text) => warnings.push(text), now: () => new Date(0) },
    )
    await expect(send(await told())).resolves.toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('ECONNREFUSED')])
  })

  async function collector(answer: (request: Request, body: string) => number) {
    const server: Server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => response.writeHead(answer(request, body)).end())
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const close = () => {
      server.close()
      server.closeAllConnections()
    }
    closing.push(close)
    const { port } = server.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}/api/v1/lineage`, close }
  }
})

type Request = Parameters<Parameters<typeof createServer>[1] & {}>[0]
