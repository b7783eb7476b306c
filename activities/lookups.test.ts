/** What is looked up by key changes the partitions in which its keys occur, and no others. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { LandingStream } from '#lake/record-columns.ts'
import { defineSourceModel, type Model, modelOf } from '#models/define-model.ts'
import { bucket, lookup, none, type PartitionRule, same } from '#models/partition.ts'
import { answer, answerModel, answersStream } from '#tests/answers-stream.ts'
import { buildAll } from '#tests/build-all.ts'
import { openTestLake, type TestLake } from '#tests/test-lake.ts'
import { planModel } from './plan-model.ts'

const record = z.object({ person: z.string(), person_id: z.string() })
const keysStream: LandingStream = {
  source: 'tool',
  stream: 'keys',
  columns: [
    { name: 'person', type: 'VARCHAR' },
    { name: 'person_id', type: 'VARCHAR' },
  ],
  primaryKey: ['person'],
}
const personKey = (partition: PartitionRule): Model =>
  defineSourceModel({
    name: 'person_key',
    description: '',
    owner: 'test',
    grain: ['person'],
    contract: record,
    partition,
    raw: { keys: { source: 'tool', stream: 'keys', record } },
    ...(partition.by === 'bucket' && { inputs: () => ({ keys: same() }) }),
    query: (db) => db.selectFrom('keys').select(['person', 'person_id']),
  })
const sql = `select answer.id, person_id as person, "at", score from answer left join person_key on person_key.person = answer.person`
const answered = modelOf({
  ...answerModel,
  name: 'answered',
  audits: [],
  raw: {},
  reads: ['answer', 'person_key'],
  make: { by: 'query', query: { sql, parameters: [] } },
  inputs: { answer: [same()], person_key: [lookup('person')] },
})
/** The same, of the landed keys themselves. */
const answeredRaw = modelOf({
  ...answered,
  name: 'answered',
  reads: ['answer'],
  raw: { person_key: { source: 'tool', stream: 'keys', record } },
})

const [march, april, may] = ['2024-03-01_2024-04-01', '2024-04-01_2024-05-01', '2024-05-01_2024-05-03']
const key = (person: string, person_id: string) => ({ person, person_id })

/** Ann answered in March and May, Bob in April and May, nobody known in April too. */
async function peopled(models: readonly Model[]): Promise<TestLake> {
  const lake = await openTestLake()
  await lake.land(keysStream, [key('ann', 'p1'), key('bob', 'p2'), key('cy', 'p3')])
  await lake.land(answersStream, [
    answer('1', '2024-03-05', 1, 'ann'),
    answer('2', '2024-04-05', 2, 'bob'),
    answer('3', '2024-04-06', 3, null),
    answer('4', '2024-05-01', 4, 'ann'),
    answer('5', '2024-05-02', 5, 'bob'),
  ])
  await buildAll(lake.verbs(models))
  return lake
}

describe.each([
  ['a whole table', [answerModel, personKey(none), answered]],
  ['a table in buckets', [answerModel, personKey(bucket('person', 8)), answered]],
  ['a landed stream', [answerModel, answeredRaw]],
] as const)('in %s', (_, models) => {
  const builtOf = async (lake: TestLake) => (await buildAll(lake.verbs(models))).built['answered'] ?? []

  it('a person who changes builds exactly the partitions in which the key occurs', async () => {
    await using lake = await peopled(models)
    await lake.land(keysStream, [key('ann', 'p2')])
    expect(await builtOf(lake)).toEqual([march, may])
    await lake.land(keysStream, [key('bob', 'p9')])
    expect(await builtOf(lake)).toEqual([april, may])
    const { upstream } = await buildAll(lake.verbs(models))
    const rows = await lake.rowsOf('answered', upstream['answered'])
    expect(rows.map((row) => [row['id'], row['person']])).toEqual([
      ['1', 'p2'],
      ['2', 'p9'],
      ['3', null],
      ['4', 'p2'],
      ['5', 'p9'],
    ])
  })

  it('keys that occur in no partition change nothing, whatever becomes of them', async () => {
    await using lake = await peopled(models)
    await lake.land(keysStream, [key('cy', 'p1'), key('dan', 'p4')])
    expect(await builtOf(lake)).toEqual([])
    await lake.land(keysStream, [{ person: 'dan', _deleted: true }])
    expect(await builtOf(lake)).toEqual([])
    await lake.land(keysStream, [{ person: 'bob', _deleted: true }])
    expect(await builtOf(lake)).toEqual([april, may])
  })

  it('what the last build found spares the search, and is what searching from scratch finds', async () => {
    await using lake = await peopled(models)
    await lake.land(keysStream, [key('ann', 'p7'), key('eve', 'p5')])
    await lake.land(answersStream, [answer('6', '2024-04-07', 6, 'eve')])
    await using anew = await openTestLake({ copyOf: lake.root })
    await anew.control.db.updateTable('model_build').set({ lookups: '{}' }).execute()
    expect(await planOf(lake, models)).toEqual(await planOf(anew, models))
  })
})

/** What `answered` would be built of: fingerprints, and everything the lookups found. */
async function planOf(lake: TestLake, models: readonly Model[]) {
  const { upstream } = await buildAll(lake.verbs(models), 'aside')
  const { plan } = await planModel(
    lake.workshop(models),
    {
      model: 'answered',
      upstream: {
        ...upstream,
        'tool.keys@': await lake.verbs(models).settle({ source: 'tool', stream: 'keys', time: '' }),
      },
      environment: 'production',
    },
    undefined,
  )
  const found = Object.values(plan.lookups).map(({ pieces, matches }) =>
    Object.entries(matches)
      .map(
        ([set, some]) =>
          `${set}: ${some
            .map(([at, ...rest]) => [pieces[at], ...rest].join(' '))
            .sort()
            .join(', ')}`,
      )
      .sort(),
  )
  return { found, partitions: plan.partitions.map(({ key, fingerprint }) => [key, fingerprint]) }
}

it('lookups that wait for each other’s keys are refused', async () => {
  const both = modelOf({
    ...answered,
    reads: ['answer', 'person_key'],
    inputs: {
      answer: [
        {
          read: 'lookup',
          key: 'person',
          keys: { sql: 'select person from person_key', parameters: [] },
          among: ['person_key'],
        },
      ],
      person_key: [
        {
          read: 'lookup',
          key: 'person',
          keys: { sql: 'select person from answer', parameters: [] },
          among: ['answer'],
        },
      ],
    },
  })
  await using lake = await openTestLake()
  await expect(buildAll(lake.verbs([answerModel, personKey(none), both]))).rejects.toThrow(
    'its lookups of answer, person_key take their keys from each other',
  )
})
