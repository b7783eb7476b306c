/** Files that are not as they were written: what was built is built again, what was landed is named for a person to restore. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { FileDamaged, PartitionDamaged } from '#lake/file-damaged.ts'
import { rawFiles } from '#lake/raw-files.ts'
import type { LandingStream } from '#lake/record-columns.ts'
import { defineSourceModel, type Model, modelOf } from '#models/define-model.ts'
import { lookup, type Readings, same, time } from '#models/partition.ts'
import { buildAll } from '#tests/build-all.ts'
import { openTestLake, type TestLake } from '#tests/test-lake.ts'

const record = z.object({ id: z.string(), at: z.iso.datetime(), score: z.int() })
const stream: LandingStream = {
  source: 'tool',
  stream: 'answers',
  columns: [
    { name: 'id', type: 'VARCHAR' },
    { name: 'at', type: 'TIMESTAMP' },
    { name: 'score', type: 'BIGINT' },
  ],
  primaryKey: ['id'],
  eventTime: 'at',
}
const answer = defineSourceModel({
  name: 'answer',
  description: '',
  owner: 'test',
  grain: ['id'],
  contract: record,
  partition: time('at'),
  raw: { answers: { source: 'tool', stream: 'answers', record, time: 'at' } },
  inputs: () => ({ answers: same() }),
  query: (db) => db.selectFrom('answers').select(['id', 'at', 'score']),
})

/** A model over the answers; another version of it is another query with the same rows. */
function reader(version: number, inputs: Readings = { answer: [same()] }): Model {
  const sql = `select id, "at", score from answer where ${version} > 0`
  return modelOf({
    ...answer,
    name: 'reader',
    raw: {},
    reads: ['answer'],
    make: { by: 'query', query: { sql, parameters: [] } },
    inputs,
  })
}

const rows = [
  { id: 'a', at: '2024-05-03T08:00:00Z', score: 1 },
  { id: 'b', at: '2024-06-03T08:00:00Z', score: 2 },
]

/** A built lake as another process finds it, after something has happened to it. */
async function foundLater(): Promise<TestLake> {
  await using lake = await openTestLake()
  await lake.land(stream, rows)
  await buildAll(lake.verbs([answer, reader(1)]))
  return openTestLake({ copyOf: lake.root })
}

function flipBit(lake: TestLake, path: string): void {
  const file = join(lake.root, path)
  const bytes = readFileSync(file)
  const place = bytes.length >> 1
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
  writeFileSync(file, bytes)
}

async function fileOf(lake: TestLake, model: string): Promise<string> {
  const { versions } = lake.workshop([])
  const current = await versions().current()
  return current?.models[model]?.files[0] ?? ''
}

const damages: readonly [string, (lake: TestLake, path: string) => void][] = [
  ['a bit of it is another', flipBit],
  ['it is gone', (lake, path) => rmSync(join(lake.root, path))],
]

describe.each(damages)('when %s', (_, damage) => {
  it('a built file is told when it is read, forgotten, and built again with equal rows', async () => {
    await using lake = await foundLater()
    const before = await fileOf(lake, 'answer')
    damage(lake, before)
    const verbs = lake.verbs([answer, reader(2)])
    const { streams } = await verbs.order()
    const upstream: Record<string, string> = {}
    for (const each of streams)
      upstream[`${each.source}.${each.stream}@${each.time}`] = await verbs.settle(each)
    const environment = 'production'
    const whole = await verbs.plan({ model: 'answer', upstream, environment })
    upstream['answer'] = whole.ready?.fingerprint ?? ''
    const planned = await verbs.plan({ model: 'reader', upstream, environment })
    await expect(verbs.build({ plan: planned.plan, keys: planned.batches.flat() })).rejects.toThrow(
      PartitionDamaged,
    )
    const again = await verbs.plan({ model: 'answer', upstream, environment })
    expect(again.batches).toEqual([['2024-05-01_2024-06-01']])

    const built = await buildAll(verbs)
    expect(built.built).toEqual({
      answer: ['2024-05-01_2024-06-01'],
      // June was made beside May, which was refused.
      reader: ['2024-05-01_2024-06-01'],
    })
    const expected = rows.map((row) => ({ ...row, at: row.at.replace('Z', '.000Z') }))
    expect(await lake.rowsOf('reader', built.upstream['reader'])).toEqual(expected)
    expect(await lake.rowsOf('answer', built.upstream['answer'])).toEqual(expected)
    expect(await fileOf(lake, 'answer')).not.toBe(before)
  })

  it('a landed file is named, and nothing is built from it', async () => {
    await using lake = await openTestLake()
    await lake.land(stream, rows)
    const [file] = await rawFiles(lake.control, 'tool', 'answers')
    damage(lake, file?.path ?? '')
    const failure: unknown = await buildAll(lake.verbs([answer])).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(FileDamaged)
    expect(failure).toMatchObject({ path: file?.path })
    expect(String(failure)).toMatch(/restore it from a backup/)
    expect(await fileOf(lake, 'answer')).toBe('')
  })

  it('a landed file that was settled long ago is named when it is read again', async () => {
    await using lake = await foundLater()
    const [file] = await rawFiles(lake.control, 'tool', 'answers')
    damage(lake, file?.path ?? '')
    const changed = {
      ...answer,
      make: { by: 'query' as const, query: { sql: 'select * from answers where true', parameters: [] } },
    }
    await expect(buildAll(lake.verbs([changed]))).rejects.toMatchObject({
      name: 'FileDamaged',
      path: file?.path,
    })
  })

  it('an index in which keys are looked up is not trusted either', async () => {
    await using lake = await foundLater()
    const searched = reader(3, { answer: [lookup('id', undefined), same()] })
    const models = [answer, searched]
    await buildAll(lake.verbs(models))
    await using later = await openTestLake({ copyOf: lake.root })
    const built = await fileOf(later, 'answer')
    damage(later, built.replace('.parquet', '.index.parquet'))
    const changed = modelOf({
      ...searched,
      inputs: { answer: [same(), lookup('id', undefined)] },
      grain: ['id', 'at'],
    })
    const { upstream } = await buildAll(later.verbs([answer, changed]))
    expect(await later.rowsOf('reader', upstream['reader'])).toHaveLength(2)
  })
})
