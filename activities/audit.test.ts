/** Audits: what each kind finds, of what it asks, whom it tells and what it stops. */
import { describe, expect, it } from 'vitest'
import type { Engine } from '#lake/engine.ts'
import { accepted, type Audit, between, freshness, noRows, notNull, rowCount, unique } from '#models/audit.ts'
import { modelOf } from '#models/define-model.ts'
import { same } from '#models/partition.ts'
import { answer, answerModel, answersStream } from '#tests/answers-stream.ts'
import { buildAll } from '#tests/build-all.ts'
import { openTestLake, type TestLake } from '#tests/test-lake.ts'
import { AuditFailed } from './audit.ts'
import { createModelVerbs } from './create-activities.ts'

const audited = (...audits: readonly Audit[]) => modelOf({ ...answerModel, audits })
const warn = { severity: 'warn' } as const

async function failureOf(lake: TestLake, ...audits: readonly Audit[]): Promise<AuditFailed> {
  const failure: unknown = await buildAll(lake.verbs([audited(...audits)])).catch((error: unknown) => error)
  if (failure instanceof AuditFailed) return failure
  throw new Error(`no audit failed: ${String(failure)}`)
}

describe('each kind of audit', () => {
  const rows = [answer('a', '2024-05-03', 1), answer('b', '2024-06-02', 20), answer('c', '2024-06-03', null)]

  it.each([
    ['not_null(score)', notNull('score'), 1, 'c'],
    ['between(score, 0, 10)', between('score', 0, 10), 1, 'b'],
    ['accepted(score: 1, 2)', accepted('score', [1, 2]), 1, 'b'],
    ['unique(person)', unique(['person']), 0, ''],
    ['freshness(5 days)', freshness(5, { severity: 'fail' }), 3, 'the newest row is of 2024-06-03'],
    ['freshness(30 days)', freshness(30), 0, ''],
    ['odd', noRows('odd', 'select id from model where score % 2 = 0'), 1, 'b'],
  ] as const)('%s finds its rows', async (name, audit, count, example) => {
    await using lake = await openTestLake()
    await lake.land(answersStream, rows)
    if (count === 0) {
      expect(await buildAll(lake.verbs([audited(audit)]))).toMatchObject({ warnings: 0 })
      return
    }
    const failure = await failureOf(lake, audit)
    expect(failure).toMatchObject({ model: 'answer', audit: name, rows: count })
    expect(failure.message).toContain(`(for example ${example})`)
  })

  it('too few rows, or too many, of what is served', async () => {
    await using lake = await openTestLake()
    await lake.land(answersStream, rows)
    await buildAll(lake.verbs([answerModel]))
    await lake.land(answersStream, [{ id: 'a', _deleted: true }])
    expect(await failureOf(lake, rowCount({ drop: 0.2 }))).toMatchObject({
      audit: 'row_count(−0.2)',
      rows: 1,
    })
    await buildAll(lake.verbs([audited(rowCount({ drop: 0.5 }))]))
    await lake.land(answersStream, [answer('d', '2024-06-04'), answer('e', '2024-06-04')])
    expect(await failureOf(lake, rowCount({ growth: 0.5 }))).toMatchObject({ rows: 2 })
    await buildAll(lake.verbs([audited(rowCount({ growth: 1 }))]))
  })
})

describe('a build', () => {
  it('that fails an audit publishes nothing, and tells ids but no word', async () => {
    await using lake = await openTestLake()
    await lake.land(answersStream, [answer('a', '2024-05-03', 1, '李雷 13800138000')])
    const failure = await failureOf(lake, noRows('nobody', 'select * from model where person is not null'))
    expect(failure.message).toBe(
      '[answer] audit nobody found 1 rows (for example a); mend the model or its source, nothing was published.',
    )
    expect(await lake.workshop([]).versions().current()).toBeUndefined()
  })

  it('tells of three rows at most, in order', async () => {
    await using lake = await openTestLake()
    await lake.land(
      answersStream,
      ['d', 'c', 'b', 'a'].map((id) => answer(id, '2024-05-03', 11)),
    )
    expect((await failureOf(lake, between('score', 0, 10))).message).toContain(
      'found 4 rows (for example a; b; c)',
    )
  })

  it('that only warns is published, and every audit is noted before a failure ends it', async () => {
    await using lake = await openTestLake()
    await lake.land(answersStream, [answer('a', '2024-05-03', 11)])
    const audits = [between('score', 0, 10, warn), notNull('person', warn), notNull('score', warn)]
    expect(await buildAll(lake.verbs([audited(...audits)]))).toMatchObject({
      warnings: 2,
      published: { version: 1 },
    })
    await lake.land(answersStream, [answer('b', '2024-05-04', 12)])
    const failure = await failureOf(lake, between('score', 0, 10), notNull('person'))
    expect(failure.audit).toBe('between(score, 0, 10)')
    const noted = await lake.control.db
      .selectFrom('audit_result')
      .select(['audit', 'rows', 'severity'])
      .execute()
    expect(noted).toContainEqual({ audit: 'not_null(person)', rows: 2, severity: 'fail' })
  })
})

describe('what stands for each row alone', () => {
  /** Files of the table that audits ask, of one build after another. */
  async function asked(lake: TestLake, audit: Audit): Promise<readonly string[]> {
    const files = new Set<string>()
    const { engine } = lake
    const watched: Engine = {
      ...engine,
      open: async (signal) => {
        const session = await engine.open(signal)
        return {
          ...session,
          rows: (query, inputs) => {
            for (const slice of inputs)
              if (slice.table === 'model') for (const file of slice.files) files.add(file)
            return session.rows(query, inputs)
          },
          [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
        }
      },
    }
    const model = { ...answerModel, audits: [audit] }
    const verbs = createModelVerbs({ ...lake.workshop([model]), engine: watched }, () => undefined)
    await buildAll(verbs)
    return [...files]
  }

  it('is asked of new partitions only, and of the whole table again where it found something', async () => {
    await using lake = await openTestLake()
    await lake.land(answersStream, [answer('a', '2024-04-03'), answer('b', '2024-05-02')])
    expect(await asked(lake, notNull('score', warn))).toHaveLength(2)
    await lake.land(answersStream, [answer('c', '2024-05-04', null)])
    expect(await asked(lake, notNull('score', warn))).toHaveLength(1)
    await lake.land(answersStream, [answer('d', '2024-05-06')])
    expect(await asked(lake, notNull('score', warn))).toHaveLength(4)
  })

  it('is asked of everything when it is a new question, and so is every question about the whole', async () => {
    await using lake = await openTestLake()
    await lake.land(answersStream, [answer('a', '2024-04-03'), answer('b', '2024-05-02')])
    await asked(lake, notNull('score', warn))
    await lake.land(answersStream, [answer('c', '2024-05-04')])
    expect(await asked(lake, between('score', 0, 5))).toHaveLength(3)
    await lake.land(answersStream, [answer('d', '2024-05-06')])
    expect(await asked(lake, noRows('whole', 'select * from model where false'))).toHaveLength(4)
  })
})

describe('a question that is new', () => {
  it('is asked of what is served already, and again when it may now fail', async () => {
    await using lake = await openTestLake()
    await lake.land(answersStream, [answer('a', '2024-04-03', 11)])
    await buildAll(lake.verbs([answerModel]))
    expect(await buildAll(lake.verbs([audited(between('score', 0, 10, warn))]))).toMatchObject({
      warnings: 1,
      partitions: 0,
    })
    expect(await failureOf(lake, between('score', 0, 10))).toMatchObject({ audit: 'between(score, 0, 10)' })
  })
})

describe('uniqueness', () => {
  const byScore = modelOf({ ...answerModel, grain: ['score'], audits: [] })

  it('holds within new partitions, across them, and between new ones and old ones', async () => {
    await using lake = await openTestLake()
    const found = async () => {
      const failure: unknown = await buildAll(lake.verbs([byScore])).catch((error: unknown) => error)
      return failure instanceof AuditFailed ? [failure.audit, failure.rows] : 'passed'
    }
    await lake.land(answersStream, [answer('a', '2024-04-03', 1), answer('b', '2024-05-02', 2)])
    expect(await found()).toBe('passed')
    await lake.land(answersStream, [answer('c', '2024-05-04', 1)])
    expect(await found()).toEqual(['unique(score)', 2])
    await lake.land(answersStream, [answer('c', '2024-05-04', 3), answer('d', '2024-05-05', 3)])
    expect(await found()).toEqual(['unique(score)', 2])
    await lake.land(answersStream, [answer('d', '2024-05-05', 4)])
    expect(await found()).toBe('passed')
  })
})

describe('rows of another table', () => {
  const scored = (sql: string) =>
    modelOf({
      ...answerModel,
      name: 'scored',
      rowsOf: 'answer',
      audits: [],
      raw: {},
      reads: ['answer'],
      inputs: { answer: [same()] },
      make: { by: 'query', query: { sql, parameters: [] } },
    })

  it.each([
    ['are told apart as those are', 'select * from answer', 'passed'],
    ['may be fewer', `select * from answer where id <> 'a'`, 'passed'],
    ['are found where one comes twice', 'select * from answer union all select * from answer', 4],
    [
      'are found where that table has no such row',
      `select * replace (id || 'x' as id) from answer where id = 'b' union all select * from answer where id = 'a'`,
      1,
    ],
  ] as const)('%s', async (_, sql, expected) => {
    await using lake = await openTestLake()
    await lake.land(answersStream, [answer('a', '2024-04-03', 1), answer('b', '2024-05-02', 2)])
    const failure: unknown = await buildAll(lake.verbs([answerModel, scored(sql)])).catch(
      (error: unknown) => error,
    )
    expect(failure instanceof AuditFailed ? failure.rows : 'passed').toBe(expected)
    if (failure instanceof AuditFailed) expect(failure.audit).toBe('unique(id) as in answer')
  })
})
