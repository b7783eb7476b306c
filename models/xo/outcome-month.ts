/** The local months in which anything happened, and whether what followed each can be fully seen. */
import { sql } from 'kysely'
import { defineModel, type Model } from '#models/define-model.ts'
import { daysLater, localMonth, nextMonthStart } from '#models/dialect.ts'
import { OutcomeMonth } from '#models/tables.ts'

/** Days after a month in which a further order counts as coming back. */
export const outcomeDays = 90

export function outcomeMonth(timezone: string): Model {
  return defineModel({
    name: 'xo.outcome_month',
    description: 'Months in which anything happened, and whether the 90 days after each are fully observed.',
    owner: 'saydo',
    grain: ['month'],
    contract: OutcomeMonth,
    time: 'month',
    query: (db) =>
      db
        .with('local', (db) =>
          db
            .selectFrom('xo.activity')
            .select((eb) => localMonth(eb.ref('quarter'), timezone).as('month'))
            .distinct(),
        )
        .with('horizon', (db) =>
          db.selectFrom('xo.activity').select((eb) => eb.fn.max('last_ordered_at').as('observed_until')),
        )
        .selectFrom('local')
        .innerJoin('horizon', (join) => join.onTrue())
        .select((eb) => {
          const end = nextMonthStart(eb.ref('month'), timezone)
          return [
            'month',
            sql<boolean>`coalesce(${daysLater(end, outcomeDays)} <= observed_until, false)`.as('observed'),
          ]
        }),
  })
}
