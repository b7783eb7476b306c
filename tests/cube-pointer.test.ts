/** Cube follows the published version: moves are seen at once and never mixed, and a broken lake says what is wrong. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type * as express from 'express'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { cards } from '#metrics/index.ts'
import { createCubeConfig } from '#stack/cube-config.ts'
import type { PublishedDriver } from '#stack/published-driver.ts'
import { answers, secret, startCubeHarness } from './cube-harness.ts'

const { folder, lake, get, load, close } = await startCubeHarness()

beforeEach(() => lake.point(1))
afterAll(close)

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
