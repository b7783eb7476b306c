/** The verbs of a build on a real lake, without Temporal: landed records become published tables, and nothing is built twice. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { LandingStream } from '#lake/record-columns.ts'
import { defineSourceModel } from '#models/define-model.ts'
import { same, time } from '#models/partition.ts'
import { buildAll } from './build-all.ts'
import { openTestLake } from './test-lake.ts'

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
const model = defineSourceModel({
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

test('a landed stream becomes a published table, and a second build builds nothing', async () => {
  await using lake = await openTestLake()
  const verbs = lake.verbs([model])
  await lake.land(stream, [
    { id: 'a', at: '2024-05-03T08:00:00Z', score: 1 },
    { id: 'b', at: '2024-06-03T08:00:00Z', score: 2 },
  ])
  const first = await buildAll(verbs)
  expect(first.built).toEqual({ answer: ['2024-05-01_2024-06-01', '2024-06-01_2024-06-04'] })
  expect(first.published).toEqual({ version: 1, changed: true, models: 1 })
  await lake.land(stream, [{ id: 'a', at: '2024-05-03T08:00:00Z', score: 9 }])
  const second = await buildAll(verbs)
  expect(second).toMatchObject({ partitions: 1, built: { answer: ['2024-05-01_2024-06-01'] } })
  expect(await lake.rowsOf('answer', second.upstream['answer'])).toEqual([
    { id: 'a', at: '2024-05-03T08:00:00.000Z', score: 9 },
    { id: 'b', at: '2024-06-03T08:00:00.000Z', score: 2 },
  ])
  expect(await buildAll(verbs)).toMatchObject({ partitions: 0, published: { version: 2, changed: false } })
})
