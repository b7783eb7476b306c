/** What a plan foretells is what a build then does: exactly where inputs are known, at most where they are to be built themselves. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildAll } from '#tests/build-all.ts'
import { openTestLake } from '#tests/test-lake.ts'
import type { LandingStream } from '#lake/record-columns.ts'
import { type Model, defineProgram, defineSourceModel } from '#models/define-model.ts'
import { same, time } from '#models/partition.ts'
import { foresee } from './foresee.ts'

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

const said = (version = 1) =>
  defineSourceModel({
    name: 'tool.said',
    description: '',
    owner: 'test',
    grain: ['id'],
    contract: record,
    partition: time('at'),
    raw: { answers: { source: 'tool', stream: 'answers', record, time: 'at' } },
    inputs: () => ({ answers: same() }),
    query: (db) =>
      db
        .selectFrom('answers')
        .select(['id', 'at', 'score'])
        .where('score', '>', version - 2),
  })

/** Scores above the second are cut off, so that some changes above do not reach it. */
const capped: Model = defineProgram({
  name: 'capped',
  description: '',
  owner: 'test',
  grain: ['id'],
  contract: record,
  partition: time('at'),
  version: '1',
  reads: ['tool.said'],
  inputs: { 'tool.said': same() },
  program: async function* (read) {
    for await (const rows of read('tool.said'))
      yield rows.map((row) => ({ ...row, score: Math.min(2, Number(row['score'])) }))
  },
})

const total: Model = defineProgram({
  name: 'total',
  description: '',
  owner: 'test',
  grain: ['id'],
  contract: z.object({ id: z.string() }),
  version: '1',
  reads: ['capped'],
  program: async function* (read) {
    let rows = 0
    for await (const some of read('capped')) rows += some.length
    yield [{ id: String(rows) }]
  },
})

const models = [said(), capped, total]
const row = (id: string, day: string, score = 1) => ({ id, at: `${day}T08:00:00Z`, score })

async function built() {
  const lake = await openTestLake()
  const plan = async (these: readonly Model[] = models, environment = 'production') => {
    const { models: foreseen, streams } = await foresee(lake.workshop(these), { environment })
    return {
      streams,
      foreseen,
      told: Object.fromEntries(
        foreseen.map(({ model, state, upTo, build, reasons }) => [
          model,
          state === 'build' ? [upTo ? 'up to' : 'exactly', build, reasons] : state,
        ]),
      ),
    }
  }
  await lake.land(stream, [row('a', '2024-04-03'), row('b', '2024-05-03', 5), row('c', '2024-06-03')])
  return { lake, plan, [Symbol.asyncDispose]: () => lake[Symbol.asyncDispose]() }
}

describe('a plan', () => {
  it('of a first build names all partitions; after it there is nothing to do', async () => {
    await using own = await built()
    expect((await own.plan()).told).toEqual({
      'tool.said': ['exactly', 3, { 'first build': 3 }],
      capped: ['up to', 3, { 'first build': 3 }],
      total: ['up to', 1, { 'first build': 1 }],
    })
    await buildAll(own.lake.verbs(models))
    expect((await own.plan()).told).toEqual({ 'tool.said': 'served', capped: 'served', total: 'served' })
  })

  it('tells new files, late days and the partitions they touch, and a build makes no others', async () => {
    await using own = await built()
    await buildAll(own.lake.verbs(models))
    await own.lake.land(stream, [row('d', '2024-04-20'), row('e', '2024-06-10')])
    const { told, streams, foreseen } = await own.plan()
    expect(streams).toEqual([
      {
        stream: 'tool.answers',
        files: 1,
        rows: 2,
        days: ['2024-04-20', '2024-06-10'],
        late: ['2024-04-20'],
      },
    ])
    expect(told).toEqual({
      'tool.said': ['exactly', 2, { 'tool.answers changed': 1, new: 1 }],
      capped: ['up to', 2, { 'tool.said changed': 1, new: 1 }],
      total: ['up to', 1, { 'capped changed': 1 }],
    })
    expect(foreseen[0]?.estimate.rows).toBe(2)
    const { built: made } = await buildAll(own.lake.verbs(models))
    expect(Object.keys(made['tool.said'] ?? {})).toHaveLength(2)
    expect(Object.keys(made['capped'] ?? {})).toHaveLength(2)
  })

  it('says up to, since a rebuilt partition with equal rows stops there', async () => {
    await using own = await built()
    await buildAll(own.lake.verbs(models))
    await own.lake.land(stream, [row('b', '2024-05-03', 9)])
    expect((await own.plan()).told).toMatchObject({
      'tool.said': ['exactly', 1, { 'tool.answers changed': 1 }],
      capped: ['up to', 1, { 'tool.said changed': 1 }],
      total: ['up to', 1, { 'capped changed': 1 }],
    })
    const { built: made } = await buildAll(own.lake.verbs(models))
    expect(Object.keys(made)).toEqual(['tool.said', 'capped'])
  })

  it('tells changed code, and that another environment shares what is the same', async () => {
    await using own = await built()
    await buildAll(own.lake.verbs(models))
    const changed = [said(2), capped, total]
    expect((await own.plan(changed, 'dev')).told).toMatchObject({
      'tool.said': ['exactly', 3, { 'code changed': 3 }],
      capped: ['up to', 3, { 'tool.said changed': 3 }],
    })
    expect((await own.plan(models, 'dev')).told).toEqual({
      'tool.said': 'ready',
      capped: 'ready',
      total: 'ready',
    })
  })

  it('tells that a month closed, which is put together from its days', async () => {
    await using own = await built()
    await buildAll(own.lake.verbs(models))
    await own.lake.land(stream, [row('e', '2024-06-10')])
    await buildAll(own.lake.verbs(models))
    own.lake.clock.now = new Date('2024-07-10T00:00:00Z')
    await own.lake.land(stream, [row('f', '2024-07-02')])
    expect((await own.plan()).told['tool.said']).toEqual(['exactly', 2, { 'month closed': 1, new: 1 }])
  })

  it('leaves nothing behind but what was worked out', async () => {
    await using own = await built()
    await own.plan()
    const { db } = own.lake.control
    for (const table of ['model_build', 'model_partition', 'model_plan', 'publish_version'] as const)
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
    expect(await db.selectFrom('stream_ledger').select('stream').execute()).toHaveLength(1)
  })
})
