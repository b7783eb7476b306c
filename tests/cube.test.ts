/** Cube over published versions, for real: the same numbers as SQL and TypeScript, tokens, titles, pointer moves and broken lakes. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as express from 'express'
import * as fc from 'fast-check'
import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cards, compileSql, evaluate, metric, type MetricRequest } from '#metrics/index.ts'
import { createCubeConfig } from '#stack/cube-config.ts'
import { type Cube, startCube } from '#stack/cube.ts'
import type { PublishedDriver } from '#stack/published-driver.ts'
import { arbitraryRows, type Row, type Table } from './metric-rows.ts'
import { publishedFixture, type PublishedFixture, type Tables } from './published-fixture.ts'

const secret = 'a secret that is long enough for HS256'
const timezone = 'Asia/Shanghai'
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

const sample = (seed: number): Tables => ({
  'xo.response_context': fc.sample(arbitraryRows['xo.response_context'], { seed, numRuns: 8 }).flat(),
  submission: fc.sample(arbitraryRows.submission, { seed, numRuns: 4 }).flat(),
  'xo.customer_month': fc.sample(arbitraryRows['xo.customer_month'], { seed, numRuns: 4 }).flat(),
})
const tables = sample(11)

let folder: string
let lake: PublishedFixture
let cube: Cube
let token: string
const said: string[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cube-'))
  lake = await publishedFixture(join(folder, 'lake'))
  await lake.write(2, answers(10, 20))
  await lake.write(3, answers(0, 30))
  await lake.write(1, tables)
  cube = await startCube({
    lakeRoot: lake.lakeRoot,
    secret,
    timezone,
    graceMs: 200,
    say: (line) => said.push(line),
  })
  token = await cube.token({ role: 'analyst' })
})

beforeEach(() => lake.point(1))

afterAll(async () => {
  await cube.close()
  rmSync(folder, { recursive: true })
})

const answers = (score: number, count: number): Tables => ({
  'xo.response_context': Array.from({ length: count }, () => ({
    concept: 'nps',
    score,
    answered_at: '2024-01-01T00:00:00Z',
    channel: 'web',
  })),
})

type Answer = { status: number; body: { error?: string; data: Row[]; results?: { data: Row[] }[] } }

async function get(path: string, authorization: string | null = token): Promise<Answer> {
  const response = await fetch(`${cube.url}/cubejs-api/v1/${path}`, {
    headers: authorization === null ? {} : { Authorization: authorization },
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

function load(query: object, authorization?: string | null): Promise<Answer> {
  return get(`load?query=${encodeURIComponent(JSON.stringify(query))}`, authorization)
}

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

describe('tokens', () => {
  const query = { measures: ['nps.nps'] }
  const sign = (key: string) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(key))

  test('none, a wrong key, an expired one and an unsigned one are refused with 403', async () => {
    const expired = await cube.token({ exp: Math.floor(Date.now() / 1000) - 60 })
    const unsigned = new UnsecuredJWT({}).setExpirationTime('1h').encode()
    for (const authorization of [
      null,
      '',
      'nonsense',
      await sign('another key that is long enough for it'),
      expired,
      unsigned,
    ])
      for (const path of [
        'meta',
        `load?query=${JSON.stringify(query)}`,
        `sql?query=${JSON.stringify(query)}`,
      ])
        expect([path, (await get(path, authorization)).status]).toEqual([path, 403])
  })

  test('a valid one is answered, with or without Bearer, and is never logged', async () => {
    expect((await load(query)).status).toBe(200)
    expect((await load(query, `Bearer ${token}`)).status).toBe(200)
    expect(said.join('\n')).not.toContain(token.split('.')[2])
    expect(said.join('\n')).not.toContain(secret)
  })

  test('a taken port is said in words', async () => {
    const port = Number(new URL(cube.url).port)
    await expect(
      startCube({ lakeRoot: folder, secret, timezone, port, say: () => undefined }),
    ).rejects.toThrow(`port ${port} cannot be opened (EADDRINUSE); give another in SAYDO_CUBE_PORT`)
  })

  test('a short secret does not start', async () => {
    await expect(
      startCube({ lakeRoot: folder, secret: 'short', timezone, say: () => undefined }),
    ).rejects.toThrow('CUBEJS_API_SECRET')
  })
})

describe('what may be asked', () => {
  test('meta shows each metric as a view with titles in English and Chinese, owner and version, and no private cube', async () => {
    const { body } = await get('meta')
    const views = (
      body as unknown as {
        cubes: { name: string; title: string; type: string; meta: Row; measures: Row[] }[]
      }
    ).cubes
    expect(views.map(({ name, type }) => [name, type])).toEqual(cards.map(({ name }) => [name, 'view']))
    for (const [index, card] of cards.entries()) {
      expect(views[index]?.title).toContain(card.title.en)
      expect(views[index]?.title).toContain(card.title.zh)
      expect(views[index]?.meta).toMatchObject({
        title: card.title,
        owner: card.owner,
        version: card.version,
      })
      expect(views[index]?.measures.map((measure) => measure['name'])).toContain(
        `${card.name}.${card.name}_low`,
      )
    }
  })

  test.each([
    [{ measures: ['nps_rows.part_promoters'] }, 'no view is called "nps_rows"; there are nps, csat'],
    [{ measures: ['nps.part_promoters'] }, 'view nps has no member "nps.part_promoters"; it has nps.nps'],
    [{ measures: ['nps.nps'], dimensions: ['nps.score'] }, 'has no member "nps.score"'],
    [
      {
        measures: ['nps.nps'],
        filters: [{ or: [{ member: 'nps_rows.part_n', operator: 'gt', values: ['1'] }] }],
      },
      'no view is called "nps_rows"',
    ],
    [{ measures: ['nps.nps'], order: { 'nps_rows.part_n': 'asc' } }, 'nps_rows'],
    [{ measures: ['nps.nps'], segments: ['nps.all'] }, 'has no member "nps.all"'],
    [{ measures: ['nps.nps'], ungrouped: true }, 'ungrouped queries are not answered'],
  ])('what is not public is refused, in load and in sql: %j', async (query, message) => {
    for (const path of ['load', 'sql']) {
      const { status, body } = await get(`${path}?query=${encodeURIComponent(JSON.stringify(query))}`)
      expect(status).toBe(400)
      expect(body.error).toContain(message)
    }
  })

  test('a small group keeps its n and loses its value, however it is asked', async () => {
    const { body } = await load({
      measures: ['nps.nps', 'nps.nps_low', 'nps.nps_high', 'nps.nps_n', 'nps.nps_suppressed'],
      dimensions: ['nps.channel', 'nps.store_id', 'nps.survey_id', 'nps.source', 'nps.touchpoint'],
    })
    const small = body.data.filter((row) => Number(row['nps.nps_n']) < 10)
    expect(small.length).toBeGreaterThan(0)
    for (const row of small)
      expect(row).toMatchObject({
        'nps.nps': null,
        'nps.nps_low': null,
        'nps.nps_high': null,
        'nps.nps_suppressed': true,
      })
    const filtered = await load({
      measures: ['nps.nps'],
      dimensions: ['nps.channel', 'nps.store_id', 'nps.survey_id', 'nps.source', 'nps.touchpoint'],
      filters: [{ member: 'nps.nps_n', operator: 'lt', values: ['10'] }],
    })
    expect(filtered.body.data.length).toBe(small.length)
    expect(filtered.body.data.every((row) => row['nps.nps'] === null)).toBe(true)
  })

  test('GraphQL, which needs the native addon, is not offered', async () => {
    const response = await fetch(`${cube.url}/cubejs-api/graphql`, {
      method: 'POST',
      headers: { Authorization: token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    })
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('graphql') as string,
    ])
  })

  test('a body that is no JSON is answered in words', async () => {
    const response = await fetch(`${cube.url}/cubejs-api/v1/load`, {
      method: 'POST',
      headers: { Authorization: token, 'Content-Type': 'application/json' },
      body: '{"query":',
    })
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.stringContaining('JSON') as string },
    ])
  })

  test('sql shows the statement, and multi, compact and compared date ranges are answered', async () => {
    const query = {
      measures: ['nps.nps'],
      timeDimensions: [
        {
          dimension: 'nps.answered_at',
          compareDateRange: [
            ['2024-01-01', '2024-06-30'],
            ['2024-07-01', '2024-12-31'],
          ],
        },
      ],
    }
    const sql = await get(`sql?query=${encodeURIComponent(JSON.stringify({ measures: ['nps.nps'] }))}`)
    expect(JSON.stringify(sql.body)).toContain('response_context')
    const compared = await get(`load?queryType=multi&query=${encodeURIComponent(JSON.stringify(query))}`)
    expect(compared.body.results?.map(({ data }) => data[0]?.['compareDateRange'])).toEqual([
      '2024-01-01T00:00:00.000 - 2024-06-30T23:59:59.999',
      '2024-07-01T00:00:00.000 - 2024-12-31T23:59:59.999',
    ])
    const compact = await load({ measures: ['nps.nps_n'], responseFormat: 'compact' })
    expect(compact.body.data).toMatchObject({ members: ['nps.nps_n'] })
  })
})

describe('the pointer', () => {
  const query = { measures: ['nps.nps', 'nps.nps_n', 'nps.nps_published_version'] }

  test('a moved pointer is seen by the next query, and back again', async () => {
    for (const [version, value, n] of [
      [2, 100, 20],
      [3, -100, 30],
      [2, 100, 20],
    ] as const) {
      lake.point(version)
      const { body } = await load(query)
      expect(body.data).toEqual([
        { 'nps.nps': String(value), 'nps.nps_n': String(n), 'nps.nps_published_version': String(version) },
      ])
    }
  })

  test('queries running beside 50 moves never fail and never mix versions', async () => {
    const versions = Array.from({ length: 50 }, (_, index) => 200 + index)
    for (const version of versions) await lake.write(version, answers(version % 2 === 0 ? 10 : 0, version))
    lake.point(200)
    const moves = { done: false }
    let asked = 0
    const seen = new Set<string>()
    const ask = async () => {
      while (!moves.done) {
        const { status, body } = await load({
          ...query,
          filters: [{ member: 'nps.nps_n', operator: 'gt', values: [String(asked++ % 97)] }],
        })
        expect([status, body.error]).toEqual([200, undefined])
        const row = body.data[0] ?? {}
        const version = Number(row['nps.nps_published_version'])
        expect([Number(row['nps.nps_n']), Number(row['nps.nps'])]).toEqual([
          version,
          version % 2 === 0 ? 100 : -100,
        ])
        seen.add(String(version))
      }
    }
    const clients = Array.from({ length: 6 }, ask)
    for (const version of versions) {
      lake.point(version)
      await new Promise((resolve) => setTimeout(resolve, version % 4 === 0 ? 150 : 5))
    }
    moves.done = true
    await Promise.all(clients)
    expect(seen.size).toBeGreaterThan(3)
    for (const version of versions.slice(-8)) {
      lake.point(version)
      const { body } = await load(query)
      expect(body.data[0]).toMatchObject({
        'nps.nps_published_version': String(version),
        'nps.nps_n': String(version),
      })
    }
  })

  test('a request follows the version it met when it arrived', async () => {
    const { config, close } = createCubeConfig({
      lakeRoot: lake.lakeRoot,
      cards,
      secret,
      say: () => undefined,
    })
    lake.point(2)
    const context = {
      securityContext: {},
      requestId: 'one',
      ...(await config.extendContext?.({} as express.Request)),
    }
    lake.point(3)
    expect(await config.contextToOrchestratorId?.(context)).toBe('version-2')
    const driver = await config.driverFactory?.({ ...context, dataSource: 'default' })
    expect(await (driver as PublishedDriver).query('SELECT version FROM published_version')).toEqual([
      { version: '2' },
    ])
    await close()
  })

  test('a superseded version is closed when nothing has used it for the grace period; the current one stays open', async () => {
    const { config, close } = createCubeConfig({
      lakeRoot: lake.lakeRoot,
      cards,
      secret,
      graceMs: 1500,
      say: () => undefined,
    })
    const context = { securityContext: {}, requestId: 'one', dataSource: 'default' }
    const isOpen = (driver: object) => Reflect.get(driver, 'initPromise') !== null
    const open = async (version: number) => {
      lake.point(version)
      const driver = (await config.driverFactory?.(context)) as PublishedDriver
      await driver.query('FROM published_version')
      return driver
    }
    const old = await open(2)
    const current = await open(3)
    expect([isOpen(old), isOpen(current)]).toEqual([true, true])
    await new Promise((resolve) => setTimeout(resolve, 3500))
    expect([isOpen(old), isOpen(current)]).toEqual([false, true])
    await close()
    expect(isOpen(current)).toBe(false)
  })

  test('a version that was closed after its grace period opens again', async () => {
    lake.point(2)
    await load(query)
    lake.point(3)
    await load(query)
    await new Promise((resolve) => setTimeout(resolve, 600))
    lake.point(2)
    const { body } = await load({ ...query, filters: [{ member: 'nps.channel', operator: 'set' }] })
    expect(body.data[0]).toMatchObject({ 'nps.nps_published_version': '2', 'nps.nps_n': '20' })
  })

  test.each([
    ['no JSON', 'not json', /current\.json is not a published version/],
    ['a version that is not there', '{"version":999,"file":"versions/999.json"}', /999\.json is not there/],
  ])(
    'a pointer with %s is a clear error, meta still answers, and the next good pointer is served',
    async (_, text, message) => {
      writeFileSync(join(lake.lakeRoot, 'current.json'), text)
      const { status, body } = await load(query)
      expect([status, body.error]).toEqual([503, expect.stringMatching(message) as string])
      expect((await get('meta')).status).toBe(200)
      lake.point(3)
      expect((await load(query)).body.data[0]?.['nps.nps_published_version']).toBe('3')
    },
  )

  test('a version whose file is missing, or lies outside the lake, says so', async () => {
    for (const [version, file] of [
      [500, 'gone.parquet'],
      [501, '../outside.parquet'],
    ] as const) {
      const columns = [{ name: 'score', type: 'DOUBLE' }]
      const models = {
        'xo.response_context': { fingerprint: 'f', grain: [], columns, files: [file], rows: 1 },
      }
      writeFileSync(
        join(lake.lakeRoot, `versions/${version}.json`),
        JSON.stringify({ version, publishedAt: '2026-01-01T00:00:00Z', models }),
      )
      lake.point(version)
      const { status, body } = await load(query)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(body.error).toMatch(
        version === 500 ? /version 500 cannot be opened.*gone\.parquet/s : /outside the lake/,
      )
    }
    lake.point(3)
  })

  test('a version reads its own files and nothing else', async () => {
    const { config, close } = createCubeConfig({
      lakeRoot: lake.lakeRoot,
      cards,
      secret,
      say: () => undefined,
    })
    lake.point(3)
    const driver = (await config.driverFactory?.({
      securityContext: {},
      requestId: 'one',
      dataSource: 'default',
    })) as PublishedDriver
    await expect(driver.query('FROM xo.response_context')).resolves.toHaveLength(30)
    for (const statement of [
      `FROM read_text('/etc/hostname')`,
      `FROM read_parquet('${lake.lakeRoot}/xo.response_context/fingerprint2/part-0.parquet')`,
      `COPY (SELECT 1) TO '${folder}/out.csv'`,
      `ATTACH '${folder}/other.duckdb'`,
      `SET enable_external_access = true`,
      `INSTALL httpfs`,
    ])
      await expect(driver.query(statement), statement).rejects.toThrow()
    await close()
  })

  test('a metric whose model is not published is refused by name', async () => {
    lake.point(3)
    const { status, body } = await load({ measures: ['repurchase_rate.repurchase_rate'] })
    expect([status, body.error]).toEqual([
      400,
      expect.stringContaining('version 3 has no xo.customer_month') as string,
    ])
  })
})

describe('cube.js, for the official server', () => {
  const script = `import('./cube.js')
    .then(async ({ default: config }) => {
      const driver = await config.driverFactory({ securityContext: {} })
      console.log(JSON.stringify(await driver.query('SELECT version FROM published_version')))
      console.log(JSON.stringify((await config.repositoryFactory({}).dataSchemaFiles()).map((file) => file.fileName)))
      process.exit(0)
    })
    .catch((error) => { console.error(error.message); process.exit(1) })`
  const run = (env: Record<string, string>) =>
    spawnSync(process.execPath, ['-e', script], {
      cwd: join(import.meta.dirname, '..'),
      env: { PATH: process.env['PATH'], ...env },
      encoding: 'utf8',
    })

  test('serves the same model over the same versions', () => {
    lake.point(3)
    const { stdout, stderr, status } = run({
      SAYDO_HOME: folder,
      CUBEJS_API_SECRET: secret,
      CUBEJS_DEFAULT_TIMEZONE: timezone,
    })
    expect([status, stderr]).toEqual([0, expect.stringContaining('Cube (full') as string])
    expect(stdout.trim().split('\n')).toEqual([
      '[{"version":"3"}]',
      JSON.stringify(cards.map(({ name }) => `${name}.yml`)),
    ])
  })

  test('names every variable that is missing', () => {
    const { stderr, status } = run({})
    expect(status).toBe(1)
    expect(stderr).toMatch(/CUBEJS_API_SECRET: [^]*CUBEJS_DEFAULT_TIMEZONE: /)
  })
})
