/** A stream of answers with a time, and a model of it that is cut by that time: what tests of the partitioned build begin with. */
import { z } from 'zod'
import type { LandingStream } from '#lake/record-columns.ts'
import { defineSourceModel, type Model, modelOf } from '#models/define-model.ts'
import { same, time } from '#models/partition.ts'

export const answersStream: LandingStream = {
  source: 'tool',
  stream: 'answers',
  columns: [
    { name: 'id', type: 'VARCHAR' },
    { name: 'person', type: 'VARCHAR' },
    { name: 'at', type: 'TIMESTAMP' },
    { name: 'score', type: 'BIGINT' },
  ],
  primaryKey: ['id'],
  eventTime: 'at',
}

const record = z.object({
  id: z.string(),
  person: z.string().nullable(),
  at: z.iso.datetime().nullable(),
  score: z.int().nullable(),
})

export const answerModel: Model = defineSourceModel({
  name: 'answer',
  description: '',
  owner: 'test',
  grain: ['id'],
  contract: record,
  partition: time('at'),
  raw: { answers: { source: 'tool', stream: 'answers', record, time: 'at' } },
  inputs: () => ({ answers: same() }),
  query: (db) => db.selectFrom('answers').select(['id', 'person', 'at', 'score']),
})

/** The same with something else about it. */
export function answerWith(more: Partial<Model>): Model {
  return modelOf({ ...answerModel, audits: [], ...more })
}

/** `answer('a', '2024-03-01')`: at noon of that day. */
export function answer(
  id: string,
  day: string | null,
  score: number | null = 1,
  person: string | null = null,
) {
  return { id, person, at: day === null ? null : `${day}T12:00:00.000Z`, score }
}
