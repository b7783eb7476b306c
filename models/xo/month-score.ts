/** What a person last said in each month, by the kind of score. */
import { sql } from 'kysely'
import { defineModel, type Model } from '#models/define-model.ts'
import { lastValue, localMonth } from '#models/dialect.ts'
import { time, window } from '#models/partition.ts'
import { MonthScore } from '#models/tables.ts'

export function monthScore(timezone: string): Model {
  return defineModel({
    name: 'xo.month_score',
    description: 'The last scores a person gave in a month.',
    owner: 'saydo',
    grain: ['person_id', 'month'],
    contract: MonthScore,
    partition: time('month', { unit: 'month' }),
    // A day more on both sides, since months are local.
    inputs: () => ({ 'xo.response_context': window(-1, 1) }),
    query: (db) =>
      db
        .selectFrom('xo.response_context')
        .where('person_id', 'is not', null)
        .where('concept', 'in', ['nps', 'csat'])
        .select((eb) => [
          sql<string>`person_id`.as('person_id'),
          localMonth(eb.ref('answered_at'), timezone).as('month'),
          lastScore('nps').as('nps'),
          lastScore('csat').as('csat'),
        ])
        .groupBy(['person_id', 'month']),
  })
}

/** Of answers given at the same instant, the one with the greatest id. */
const lastScore = (concept: string) =>
  lastValue(sql`case when concept = ${sql.lit(concept)} then score end`, sql`row(answered_at, answer_id)`)
