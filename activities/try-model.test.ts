/** A model whose rows depend on chance or on its cuts is found out before anybody relies on it. */
import { describe, expect, it } from 'vitest'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import { verifyFiles } from '#lake/verify-files.ts'
import { type Model, modelOf } from '#models/define-model.ts'
import { same, time, window } from '#models/partition.ts'
import { buildAll } from '#tests/build-all.ts'
import { openTestLake } from '#tests/test-lake.ts'
import { tryModel } from './try-model.ts'

const columns = [
  { name: 'id', type: 'VARCHAR' },
  { name: 'at', type: 'TIMESTAMP' },
  { name: 'n', type: 'DOUBLE' },
] as const

function model(name: string, sql: string, more: Partial<Model> = {}): Model {
  return modelOf({
    name,
    description: '',
    owner: 'test',
    grain: ['id'],
    columns: [...columns],
    raw: {},
    make: { by: 'query', query: { sql, parameters: [] } },
    reads: [],
    time: 'at',
    ...more,
  })
}

const base = model(
  'base',
  `select 'r' || i as id, timestamp '2024-06-01' + to_days(i::integer) as "at", 1.0::double as n from range(10) as t(i)`,
)
const cut = { reads: ['base'], partition: time('at') } as const
const steady = model('steady', 'select id, "at", n from base', { ...cut, inputs: { base: [same()] } })
const running = 'select id, "at", count(*) over (order by "at") * n as n from base'
const cutting = model('cutting', running, { ...cut, inputs: { base: [same()] } })
const seeing = model('seeing', running, { ...cut, inputs: { base: [window(-9, 0)] } })
const lucky = model('lucky', 'select id, "at", random() as n from base', { reads: ['base'] })

describe('trying a model', () => {
  it.each([
    [steady, 'same', '10 rows, also in two halves'],
    [seeing, 'same', '10 rows, also in two halves'],
    [cutting, 'cut', 'read more of an input'],
    [lucky, 'unsteady', 'rows that differ'],
  ] as const)('%# is $1', async (own, outcome, detail) => {
    await using lake = await openTestLake()
    const models = [base, own]
    await buildAll(lake.verbs(models))
    const oneThread = createDuckdbEngine({ memoryMb: 500, threads: 1, tempFolder: lake.root })
    const options = { oneThread, environment: 'production' }
    const before = await lake.storage.list('models')
    expect(await tryModel(lake.workshop(models), own.name, options)).toMatchObject({
      outcome,
      detail: expect.stringContaining(detail),
    })
    expect(await lake.storage.list('models')).toEqual(before)
    expect(await lake.storage.list('_tmp')).toEqual([])
  })
})

it('a damaged file is named, its partition forgotten, and the next build makes it anew', async () => {
  await using lake = await openTestLake()
  const verbs = lake.verbs([base])
  await buildAll(verbs)
  const served = await lake.workshop([base]).versions().served()
  const work = { db: lake.control.db, storage: lake.storage }
  expect(await verifyFiles(work, served)).toMatchObject({ files: 2, damaged: [] })
  const [file] = (await lake.storage.list('models')).filter(({ path }) => !path.includes('.index.'))
  await lake.storage.writeText(file?.path ?? '', 'damaged')
  expect((await verifyFiles(work, served)).damaged).toMatchObject([
    { path: file?.path, what: 'damaged', partition: { model: 'base' } },
  ])
  expect((await buildAll(verbs)).partitions).toBe(1)
  expect((await verifyFiles(work, served)).damaged).toEqual([])
})
