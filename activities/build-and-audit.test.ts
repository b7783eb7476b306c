/** Builds and audits on a real lake: built once, audited before anybody sees it, and failing in words without content. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Audit, between, notNull, refersTo, unique } from '#models/audit.ts'
import { type Model, modelOf } from '#models/define-model.ts'
import { openTestLake, type TestLake } from '#tests/test-lake.ts'
import { AuditFailed } from './audit.ts'
import { ModelBroken } from './model-broken.ts'
import type { ModelVerbs } from './create-activities.ts'

let lake: TestLake
beforeAll(async () => {
  lake = await openTestLake()
})
afterAll(() => lake[Symbol.asyncDispose]())

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
    make: { by: 'query', query: { sql, parameters: [] } },
    reads: [],
    ...more,
  })
}

type Below = Readonly<Record<string, string>>
const environment = 'production'

/** Plan, build and put together one model; `built` tells whether there was anything to build. */
async function build(verbs: ModelVerbs, name: string, upstream: Below = {}) {
  const { batches, plan, ready } = await verbs.plan({ model: name, upstream, environment })
  for (const keys of batches) await verbs.build({ plan, keys })
  const table = ready ?? (await verbs.assemble({ plan, upstream, environment }))
  return { ...table, built: batches.length > 0 }
}

const values = (...rows: readonly string[]) => `select * from (values ${rows.join(', ')}) as t(id, score)`
const drafts = () => (existsSync(join(lake.root, '_tmp')) ? readdirSync(join(lake.root, '_tmp')) : [])

describe('building', () => {
  it('builds once under its fingerprint, and finds the build the second time', async () => {
    const verbs = lake.verbs([model('once', values("('a', 1)", "('b', 2)"))])
    const first = await build(verbs, 'once')
    expect(first).toMatchObject({ rows: 2, built: true, served: false })
    expect(await build(verbs, 'once')).toEqual({ ...first, built: false })
    const files = readdirSync(join(lake.root, 'models', 'once'))
    expect(files.map((file) => file.replace(/^[^.]+/, '')).toSorted()).toEqual(['.index.parquet', '.parquet'])
    expect(drafts()).toEqual([])
  })

  it('two attempts at once are one build, and leave one file', async () => {
    const verbs = lake.verbs([model('twice', values("('a', 1)"))])
    const both = await Promise.all([1, 2].map(() => build(verbs, 'twice')))
    expect(new Set(both.map(({ fingerprint }) => fingerprint)).size).toBe(1)
    expect(readdirSync(join(lake.root, 'models', 'twice'))).toHaveLength(2)
    expect(drafts()).toEqual([])
  })

  it('equal rows upstream stop the wave, other rows go on', async () => {
    const down = model('down', 'select id, score from up', { reads: ['up'] })
    const run = async (up: string) => {
      const verbs = lake.verbs([model('up', up), down])
      const { fingerprint } = await build(verbs, 'up')
      return build(verbs, 'down', { up: fingerprint })
    }
    expect((await run(values("('a', 1)", "('b', 2)"))).built).toBe(true)
    expect((await run(values("('b', 2)", "('a', 1)"))).built).toBe(false)
    expect((await run(values("('b', 3)", "('a', 1)"))).built).toBe(true)
  })

  it('names what is missing: a model, a build upstream, a plan, a partition', async () => {
    const verbs = lake.verbs([model('a', 'select 1', { reads: ['up'] })])
    await expect(build(verbs, 'b')).rejects.toThrow('there is no model b; there are a')
    await expect(build(verbs, 'a')).rejects.toThrow('[models] up (none) was not built')
    await expect(verbs.build({ plan: 'x', keys: [] })).rejects.toThrow('[models] there is no plan x')
    const other = lake.verbs([model('unbuilt', values("('a', 1)"))])
    const { plan } = await other.plan({ model: 'unbuilt', upstream: {}, environment })
    await expect(other.build({ plan, keys: ['undated'] })).rejects.toThrow('has no partition undated')
    await expect(other.assemble({ plan, upstream: {}, environment })).rejects.toThrow(
      '[unbuilt] partition whole was not built',
    )
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
    const verbs = lake.verbs([model('broken', sql)])
    const broken: unknown = await build(verbs, 'broken').catch((error: unknown) => error)
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
    const verbs = lake.verbs([model(name, values(...rows), { audits }), ...models])
    const upstream: Record<string, string> = {}
    for (const { name } of models) upstream[name] = (await build(verbs, name, upstream)).fingerprint
    const { fingerprint } = await build(verbs, name, upstream)
    const outcome = await verbs
      .audit({ model: name, fingerprint, upstream, environment })
      .catch((error: unknown) => error)
    const noted = await lake.control.db
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
