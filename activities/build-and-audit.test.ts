/** Builds and audits on a real lake: built once, audited before anybody sees it, and failing in words without content. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openControl, type Control } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { openVersions } from '#lake/versions.ts'
import { type Audit, between, notNull, refersTo, unique } from '#models/audit.ts'
import { type Model, modelOf } from '#models/define-model.ts'
import { AuditFailed, createAudit } from './audit.ts'
import { createBuild, ModelBroken } from './build.ts'
import type { Workshop } from './workshop.ts'

const now = () => new Date('2026-03-01T12:00:00.000Z')
let root: string
let storage: Storage
let control: Control
let ids = 0

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'build-'))
  storage = await openStorage(root)
  control = openControl(join(root, 'control.db'))
  await control.migrate()
})
afterAll(async () => {
  await control.close()
  rmSync(root, { recursive: true, force: true })
})

function model(name: string, sql: string, more: Partial<Model> & { audits?: readonly Audit[] } = {}): Model {
  return modelOf({
    name,
    description: '',
    owner: 'test',
    grain: ['id'],
    columns: [
      { name: 'id', type: 'VARCHAR' },
      { name: 'score', type: 'DOUBLE' },
    ],
    raw: {},
    query: { sql, parameters: [] },
    reads: [],
    ...more,
  })
}

function workshop(...models: readonly Model[]): Workshop {
  return {
    root,
    control,
    versions: openVersions(storage, control, now),
    engine: createDuckdbEngine({ memoryLimit: '500MB', threads: 1, tempFolder: root }),
    models,
    now,
    newId: () => `id-${(ids += 1)}`,
  }
}

const noSignal = () => undefined
const values = (...rows: readonly string[]) => `select * from (values ${rows.join(', ')}) as t(id, score)`
const drafts = () => (existsSync(join(root, '_tmp')) ? readdirSync(join(root, '_tmp')) : [])

describe('building', () => {
  it('builds once under its fingerprint, and finds the build the second time', async () => {
    const build = createBuild(workshop(model('once', values("('a', 1)", "('b', 2)"))), noSignal)
    const first = await build({ model: 'once', upstream: {} })
    expect(first).toMatchObject({ model: 'once', rows: 2, built: true })
    expect(await build({ model: 'once', upstream: {} })).toEqual({ ...first, built: false })
    expect(readdirSync(join(root, 'models', 'once', first.fingerprint))).toEqual(['part-00000.parquet'])
    expect(drafts()).toEqual([])
  })

  it('two attempts at once are one build', async () => {
    const build = createBuild(workshop(model('twice', values("('a', 1)"))), noSignal)
    const both = await Promise.all([1, 2].map(() => build({ model: 'twice', upstream: {} })))
    expect(new Set(both.map(({ fingerprint }) => fingerprint)).size).toBe(1)
    expect(readdirSync(join(root, 'models', 'twice'))).toHaveLength(1)
    expect(drafts()).toEqual([])
  })

  it('equal rows upstream stop the wave, other rows go on', async () => {
    const down = model('down', 'select id, score from up', { reads: ['up'] })
    const run = async (up: string) => {
      const build = createBuild(workshop(model('up', up), down), noSignal)
      const { fingerprint } = await build({ model: 'up', upstream: {} })
      return build({ model: 'down', upstream: { up: fingerprint } })
    }
    expect((await run(values("('a', 1)", "('b', 2)"))).built).toBe(true)
    expect((await run(values("('b', 2)", "('a', 1)"))).built).toBe(false)
    expect((await run(values("('b', 3)", "('a', 1)"))).built).toBe(true)
  })

  it('names what is missing: a model, a build upstream', async () => {
    const build = createBuild(workshop(model('a', 'select 1', { reads: ['up'] })), noSignal)
    await expect(build({ model: 'b', upstream: {} })).rejects.toThrow('there is no model b; there are a')
    await expect(build({ model: 'a', upstream: {} })).rejects.toThrow('[models] up (none) was not built')
  })

  it.each([
    [
      'a value that does not convert',
      "select 'a' as id, cast('李雷 13800138000' as DOUBLE) as score",
      'does not convert',
    ],
    [
      'a contract that is not met',
      "select 'a' as id",
      '[broken] the query does not meet the contract: it lacks score',
    ],
    ['a query that does not run', 'select nothing from nowhere', '[broken] its query does not run'],
  ])('%s is the model’s fault, told without the value', async (_, sql, message) => {
    const build = createBuild(workshop(model('broken', sql)), noSignal)
    const broken: unknown = await build({ model: 'broken', upstream: {} }).catch((error: unknown) => error)
    expect(broken).toBeInstanceOf(ModelBroken)
    expect(String(broken)).toContain(message)
    expect(JSON.stringify([String(broken), String((broken as Error).cause)])).not.toMatch(/李雷|138001/)
    expect(drafts()).toEqual([])
  })
})

describe('auditing', () => {
  async function audited(
    name: string,
    rows: readonly string[],
    audits: readonly Audit[],
    models: readonly Model[] = [],
  ) {
    const shop = workshop(model(name, values(...rows), { audits }), ...models)
    const build = createBuild(shop, noSignal)
    const upstream: Record<string, string> = {}
    for (const each of models) upstream[each.name] = (await build({ model: each.name, upstream })).fingerprint
    const { fingerprint } = await build({ model: name, upstream })
    const outcome = await createAudit(
      shop,
      noSignal,
    )({ model: name, fingerprint, upstream }).catch((error: unknown) => error)
    const noted = await control.db
      .selectFrom('audit_result')
      .select(['audit', 'rows', 'severity'])
      .where('model', '=', name)
      .where('fingerprint', '=', fingerprint)
      .execute()
    return { outcome, noted: Object.fromEntries(noted.map((row) => [row.audit, row.rows])) }
  }

  it('a clean model passes every audit, and the results are kept', async () => {
    const { outcome, noted } = await audited('clean', ["('a', 1)", "('b', null)"], [between('score', 0, 10)])
    expect(outcome).toEqual({ warnings: 0 })
    expect(noted).toEqual({ 'not_null(id)': 0, 'unique(id)': 0, 'between(score, 0, 10)': 0 })
  })

  it('rows that share their grain fail it, named by id', async () => {
    const { outcome, noted } = await audited('doubled', ["('a', 1)", "('a', 77)", "('b', 3)"], [])
    expect(outcome).toBeInstanceOf(AuditFailed)
    expect(outcome).toMatchObject({ model: 'doubled', audit: 'unique(id)', rows: 2 })
    expect(String(outcome)).toContain('for example a')
    expect(String(outcome)).not.toContain('77')
    expect(noted['unique(id)']).toBe(2)
  })

  it('a grain that is null fails', async () => {
    const { outcome } = await audited('nameless', ["('a', 1)", '(null, 3)'], [])
    expect(outcome).toMatchObject({ audit: 'not_null(id)', rows: 1 })
  })

  it('warnings are counted and stop nothing; each audit finds its rows and no other', async () => {
    const known = model('known', values("('a', 1)", '(null, 2)'))
    const warn = { severity: 'warn' } as const
    const rows = ["('a', 1)", "('b', 11)", "('c', -1)", "('d', null)", "('e', 11)"]
    const audits = [
      notNull('score', warn),
      unique(['score'], warn),
      between('score', 0, 10, warn),
      between('score', -1, 11, warn),
      refersTo('id', 'known', 'id', warn),
    ]
    const { outcome, noted } = await audited('warned', rows, audits, [known])
    expect(outcome).toEqual({ warnings: 4 })
    expect(noted).toEqual({
      'not_null(id)': 0,
      'unique(id)': 0,
      'not_null(score)': 1,
      'unique(score)': 2,
      'between(score, 0, 10)': 3,
      'between(score, -1, 11)': 0,
      'refers_to(id → known.id)': 4,
    })
  })
})
