/** When anything happened: all that is to be known of deeds to tell which months there are, in a few rows per day. */
import { type Kysely, sql } from 'kysely'
import { defineModel } from '#models/define-model.ts'
import { quarterHour } from '#models/dialect.ts'
import { same, time } from '#models/partition.ts'
import { Activity, type Warehouse } from '#models/tables.ts'

/** Months of every time zone begin at a quarter of an hour. */
export const activity = defineModel({
  name: 'xo.activity',
  description: 'Quarters of an hour in which anything happened, with the last order seen in each.',
  owner: 'saydo',
  grain: ['quarter'],
  contract: Activity,
  partition: time('quarter'),
  inputs: () => ({ order: same(), call: same(), support_ticket: same(), submission: same() }),
  query: (db) =>
    db
      .with('happened', happened)
      .selectFrom('happened')
      .select((eb) => ['quarter', eb.fn.max('ordered_at').as('last_ordered_at')])
      .groupBy('quarter'),
})

function happened(db: Pick<Kysely<Warehouse>, 'selectFrom'>) {
  const none = sql<string | null>`cast(null as TIMESTAMP)`.as('ordered_at')
  return db
    .selectFrom('order')
    .select((eb) => [
      quarterHour(eb.ref('ordered_at')).as('quarter'),
      eb.fn.max<string | null>('ordered_at').as('ordered_at'),
    ])
    .groupBy('quarter')
    .unionAll(
      db
        .selectFrom('call')
        .select((eb) => [quarterHour(eb.ref('called_at')).as('quarter'), none])
        .distinct(),
    )
    .unionAll(
      db
        .selectFrom('support_ticket')
        .select((eb) => [quarterHour(eb.ref('opened_at')).as('quarter'), none])
        .distinct(),
    )
    .unionAll(
      db
        .selectFrom('submission')
        .select((eb) => [quarterHour(eb.ref('submitted_at')).as('quarter'), none])
        .distinct(),
    )
}
