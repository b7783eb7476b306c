/** What followed a month: orders of the 90 days after it, once those days are fully observed. */
import { sql } from 'kysely'
import { defineModel, type Model } from '#models/define-model.ts'
import { daysLater, nextMonthStart } from '#models/dialect.ts'
import { lookup, same, time, window } from '#models/partition.ts'
import { strongestKey } from '#models/people/person-of.ts'
import { Outcome } from '#models/tables.ts'
import { purchases } from './happening.ts'
import { outcomeDays } from './outcome-month.ts'

/** A month whose window is still open has no partition, so that new orders build nothing for it. */
export function outcome(timezone: string): Model {
  return defineModel({
    name: 'xo.outcome',
    description: 'Revenue in the 90 days after a month, per person who ordered in them.',
    owner: 'saydo',
    grain: ['person_id', 'month'],
    contract: Outcome,
    partition: time('month', { unit: 'month' }),
    inputs: (db) => ({
      'xo.observed_month': same(),
      // A day more, since months are local.
      order: window(0, outcomeDays + 1),
      person_key: lookup('person_key', db.selectFrom('order').select(strongestKey('order').as('key'))),
    }),
    query: (db) =>
      db
        .with('purchase', purchases)
        .with('observed', (db) =>
          db
            .selectFrom('xo.observed_month')
            .select((eb) => ['month', nextMonthStart(eb.ref('month'), timezone).as('ends_at')]),
        )
        .selectFrom('observed')
        .innerJoin('purchase', (join) =>
          join
            .onRef('ordered_at', '>=', 'ends_at')
            .on((eb) => eb('ordered_at', '<', daysLater(eb.ref('ends_at'), outcomeDays))),
        )
        .select(['person_id', 'month', sql<string>`coalesce(sum(revenue), 0)`.as('next_revenue')])
        .groupBy(['person_id', 'month']),
  })
}
