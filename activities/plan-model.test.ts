/** Which partitions of a model a plan builds: all at first, and afterwards those that something new, late, lost or changed is in. */
import { describe, expect, it } from 'vitest'
import { type Model, modelOf } from '#models/define-model.ts'
import { all, bucket, type Readings, same, time, window } from '#models/partition.ts'
import { answer, answerModel, answersStream, answerWith } from '#tests/answers-stream.ts'
import { buildAll } from '#tests/build-all.ts'
import { openTestLake, type TestLake } from '#tests/test-lake.ts'
import { planModel } from './plan-model.ts'

const may = '2024-05-01_2024-06-01'

/** What of the answers was built after a landing. */
async function builtAfter(lake: TestLake, rows: ReturnType<typeof answer>[], model = answerModel) {
  await lake.land(answersStream, rows)
  return (await buildAll(lake.verbs([model]))).built['answer'] ?? []
}

/** Why each partition is planned, by key. */
async function whyOf(lake: TestLake, model: Model): Promise<Record<string, string>> {
  const upstream = {
    'tool.answers@at': await lake.verbs([model]).settle({ source: 'tool', stream: 'answers', time: 'at' }),
  }
  const input = { model: model.name, upstream, environment: 'production' }
  const { plan } = await planModel(lake.workshop([model]), input, undefined)
  return Object.fromEntries(plan.partitions.map(({ key, state, why }) => [key, `${state} ${why}`.trim()]))
}

describe('of a model cut by time', () => {
  it('everything is built at first, nothing when nothing changed, and then a new day alone', async () => {
    await using lake = await openTestLake()
    const first = [answer('a', '2024-05-03'), answer('b', '2024-06-02'), answer('c', null)]
    expect(await builtAfter(lake, first)).toEqual([may, '2024-06-01_2024-06-03', 'undated'])
    expect(await builtAfter(lake, [])).toEqual([])
    expect(await builtAfter(lake, first)).toEqual([])
    expect(await builtAfter(lake, [answer('d', '2024-06-04')])).toEqual(['2024-06-03_2024-06-05'])
    expect(await whyOf(lake, answerModel)).toEqual({
      [may]: 'ready',
      '2024-06-01_2024-06-03': 'ready',
      '2024-06-03_2024-06-05': 'ready',
      undated: 'ready',
    })
  })

  it('a late record builds its own month again, and one without a time only those without', async () => {
    await using lake = await openTestLake()
    await builtAfter(lake, [answer('a', '2024-04-03'), answer('b', '2024-05-02'), answer('c', '2024-06-02')])
    expect(await builtAfter(lake, [answer('late', '2024-04-20')])).toEqual(['2024-04-01_2024-05-01'])
    expect(await builtAfter(lake, [answer('lost', null)])).toEqual(['undated'])
    expect(await builtAfter(lake, [answer('b', '2024-04-09')])).toEqual(['2024-04-01_2024-05-01'])
  })

  it('a closed month is put together from its days, row for row', async () => {
    await using lake = await openTestLake()
    await builtAfter(lake, [answer('a', '2024-05-03')])
    await builtAfter(lake, [answer('b', '2024-05-10')])
    await lake.land(answersStream, [answer('c', '2024-06-01')])
    expect(await whyOf(lake, answerModel)).toEqual({
      [may]: 'join month closed',
      '2024-06-01_2024-06-02': 'build new',
    })
    const { upstream } = await buildAll(lake.verbs([answerModel]))
    const rows = await lake.rowsOf('answer', upstream['answer'])
    expect(rows.map((row) => row['id'])).toEqual(['a', 'b', 'c'])
    expect(await builtAfter(lake, [])).toEqual([])
  })

  it('a month that closes with a changed day is built, not put together', async () => {
    await using lake = await openTestLake()
    await builtAfter(lake, [answer('a', '2024-05-03')])
    await builtAfter(lake, [answer('b', '2024-05-10')])
    await lake.land(answersStream, [answer('a', '2024-05-03', 9), answer('c', '2024-06-01')])
    expect(await whyOf(lake, answerModel)).toMatchObject({ [may]: 'build new' })
  })

  it('what was deleted at the source is built away, and a month of which nothing is left is gone', async () => {
    await using lake = await openTestLake()
    await builtAfter(lake, [answer('a', '2024-04-03'), answer('b', '2024-05-02'), answer('c', '2024-05-03')])
    await lake.land(answersStream, [
      { id: 'a', _deleted: true },
      { id: 'b', _deleted: true },
    ])
    const { upstream } = await buildAll(lake.verbs([answerModel]))
    expect((await lake.rowsOf('answer', upstream['answer'])).map((row) => row['id'])).toEqual(['c'])
    expect(Object.keys(await whyOf(lake, answerModel))).toEqual(['2024-05-01_2024-05-04'])
  })

  it('another query builds everything again, and says why; the old one finds all that it had', async () => {
    await using lake = await openTestLake()
    await builtAfter(lake, [answer('a', '2024-05-03'), answer('b', '2024-06-02')])
    const query = { sql: 'select id, person, "at", score + 1 as score from answers', parameters: [] }
    const changed = answerWith({ make: { by: 'query', query } })
    const why = await whyOf(lake, changed)
    expect(new Set(Object.values(why))).toEqual(new Set(['build code changed']))
    expect(await builtAfter(lake, [], changed)).toHaveLength(2)
    expect(await builtAfter(lake, [])).toEqual([])
  })

  it('says which input changed', async () => {
    await using lake = await openTestLake()
    await builtAfter(lake, [answer('a', '2024-05-03'), answer('b', '2024-06-02')])
    await lake.land(answersStream, [answer('a', '2024-05-03', 7)])
    expect(await whyOf(lake, answerModel)).toMatchObject({ [may]: 'build answers changed' })
  })
})

describe('of a model over another', () => {
  const days = ['2024-03-31', '2024-04-01', '2024-04-30', '2024-05-15', '2024-06-01']
  const over = (inputs: Readings, more: Partial<Model> = {}) =>
    modelOf({
      ...answerModel,
      name: 'over',
      audits: [],
      raw: {},
      reads: ['answer'],
      make: { by: 'query', query: { sql: 'select id, person, "at", score from answer', parameters: [] } },
      inputs,
      ...more,
    })
  /** Built of it at first, and again after one answer of a day has changed. */
  async function rebuilt(model: Model, day: string): Promise<readonly string[]> {
    await using lake = await openTestLake()
    const verbs = lake.verbs([answerModel, model])
    await lake.land(
      answersStream,
      days.map((each) => answer(each, each)),
    )
    await buildAll(verbs)
    await lake.land(answersStream, [answer(day, day, 5)])
    return (await buildAll(verbs)).built['over'] ?? []
  }
  const months = ['2024-03-01_2024-04-01', '2024-04-01_2024-05-01', may, '2024-06-01_2024-06-02']

  it.each([
    ['the same span', [same()], '2024-04-30', [months[1]]],
    ['two days before', [window(-2, 0)], '2024-04-30', [months[1], months[2]]],
    ['two days after', [window(0, 2)], '2024-04-01', [months[0], months[1]]],
    ['all before', [same(), window(null, 0)], '2024-04-30', months.slice(1)],
    ['everything', [same(), all()], '2024-04-30', months],
  ] as const)('reading %s, a change builds the spans that see it', async (_, readings, day, expected) => {
    expect(await rebuilt(over({ answer: readings }), day)).toEqual(expected)
  })

  it('by bucket, every bucket is built when what it reads is cut otherwise, and one where it is cut alike', async () => {
    const partition = bucket('id', 4)
    expect(await rebuilt(over({ answer: [same()] }, { partition, time: 'at' }), '2024-04-30')).toHaveLength(4)
    await using lake = await openTestLake()
    const first = answerWith({ partition, inputs: {} })
    const verbs = lake.verbs([first, over({ answer: [same()] }, { partition, time: 'at' })])
    await lake.land(
      answersStream,
      days.map((each) => answer(each, each)),
    )
    const { upstream } = await buildAll(verbs)
    expect(await lake.rowsOf('over', upstream['over'])).toHaveLength(days.length)
    await lake.land(answersStream, [answer(days[2] ?? '', days[2] ?? null, 5)])
    expect((await buildAll(verbs)).built['over']).toHaveLength(1)
  })

  it('what cannot be read so is refused before anything is built', async () => {
    await expect(
      rebuilt(over({ answer: [same()] }, { partition: { by: 'none' } }), days[0] ?? ''),
    ).rejects.toThrow('reads answer as `same` but is built whole')
    await expect(rebuilt(over({ other: [same()] }), days[0] ?? '')).rejects.toThrow(
      'declares how it reads other, which its query does not name',
    )
  })

  it('rows of other times than the partition’s are refused', async () => {
    const query = {
      sql: `select id, person, "at" + interval 40 day as "at", score from answer`,
      parameters: [],
    }
    const shifted = over({ answer: [same()] }, { make: { by: 'query', query }, partition: time('at') })
    await expect(rebuilt(shifted, days[0] ?? '')).rejects.toThrow(/rows of other times/)
  })
})
