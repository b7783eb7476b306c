/** Who may ask Cube, what may be asked, and the same configuration as the official server loads it. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { cards } from '#metrics/index.ts'
import { startCube } from '#stack/cube.ts'
import { secret, startCubeHarness, timezone } from './cube-harness.ts'
import type { Row } from './metric-rows.ts'

const { folder, lake, cube, token, said, get, load, close } = await startCubeHarness()

beforeEach(() => lake.point(1))
afterAll(close)

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
