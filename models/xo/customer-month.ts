/** One row per person and local month: what they did, what they last said, and whether they came back. */
import { type QueryCreator, sql } from 'kysely'
import { refersTo } from '#models/audit.ts'
import { defineModel, type Model } from '#models/define-model.ts'
import { lastValue, localMonth } from '#models/dialect.ts'
import { lookup, same, time, window } from '#models/partition.ts'
import { strongestKey } from '#models/people/person-of.ts'
import { CustomerMonth, type Warehouse } from '#models/tables.ts'
import { deeds, type Happening, happenings } from './happening.ts'

/**
 * Scores are as known at the end of the month (no look-ahead). The outcome window starts when the month ends and is null until it is
 * fully observed, that is until the last order seen anywhere lies behind it.
 */
export function customerMonth(timezone: string): Model {
  return defineModel({
    name: 'xo.customer_month',
    description: 'What a person said and did in a month, and whether an order followed within 90 days.',
    owner: 'saydo',
    grain: ['person_id', 'month'],
    contract: CustomerMonth,
    audits: [refersTo('person_id', 'person', 'person_id')],
    partition: time('month', { unit: 'month' }),
    inputs: (db) => ({
      'xo.outcome_month': same(),
      'xo.outcome': same(),
      'xo.month_score': window(null, 0),
      // A day more on both sides, since months are local.
      order: window(-1, 1),
      call: window(-1, 1),
      support_ticket: window(-1, 1),
      submission: window(-1, 1),
      person_key: lookup(
        'person_key',
        db
          .selectFrom('order')
          .select(strongestKey('order').as('key'))
          .unionAll(db.selectFrom('call').select(strongestKey('call').as('key')))
          .unionAll(db.selectFrom('support_ticket').select(strongestKey('support_ticket').as('key')))
          .unionAll(db.selectFrom('submission').select(strongestKey('submission').as('key'))),
      ),
    }),
    query: (db) =>
      db
        .with('deed', deeds)
        .with('happening', happenings)
        .with('done', (db) => done(db, timezone))
        .with('known', known)
        .selectFrom('done')
        .innerJoin('xo.outcome_month', 'xo.outcome_month.month', 'done.month')
        .leftJoin('known', (join) =>
          join.onRef('known.person_id', '=', 'done.person_id').onRef('known.month', '=', 'done.month'),
        )
        .leftJoin('xo.outcome', (join) =>
          join
            .onRef('xo.outcome.person_id', '=', 'done.person_id')
            .onRef('xo.outcome.month', '=', 'done.month'),
        )
        .select([
          'done.person_id',
          'done.month',
          'orders',
          'revenue',
          'calls',
          'tickets',
          'submissions',
          'nps',
          'csat',
          scoreGroup.as('score_group'),
          sql<boolean | null>`case when observed then next_revenue is not null end`.as('repurchased'),
          sql<string | null>`case when observed then coalesce(next_revenue, 0) end`.as('next_revenue'),
        ]),
  })
}

type Done = {
  person_id: string
  month: string
  orders: number
  revenue: string
  calls: number
  tickets: number
  submissions: number
}

/** What was done in a month. */
function done(db: QueryCreator<{ happening: Happening }>, timezone: string) {
  return db
    .selectFrom('happening')
    .select((eb) => [
      'person_id',
      localMonth(eb.ref('happened_at'), timezone).as('month'),
      counted('order').as('orders'),
      sql<string>`coalesce(sum(revenue), 0)`.as('revenue'),
      counted('call').as('calls'),
      counted('ticket').as('tickets'),
      counted('submission').as('submissions'),
    ])
    .groupBy(['person_id', 'month'])
}

/** Of everyone who did something in a month, what they had last said by its end. */
function known(db: QueryCreator<Warehouse & { done: Done }>) {
  return db
    .selectFrom('done')
    .innerJoin('xo.month_score', (join) =>
      join
        .onRef('xo.month_score.person_id', '=', 'done.person_id')
        .onRef('xo.month_score.month', '<=', 'done.month'),
    )
    .select((eb) => [
      'done.person_id',
      'done.month',
      lastValue(eb.ref('nps'), eb.ref('xo.month_score.month')).as('nps'),
      lastValue(eb.ref('csat'), eb.ref('xo.month_score.month')).as('csat'),
    ])
    .groupBy(['done.person_id', 'done.month'])
}

const counted = (kind: string) => sql<number>`count(*) filter (where kind = ${sql.lit(kind)})`

/** The standard cut of the likelihood to recommend: 9–10, 7–8, 0–6. */
const scoreGroup = sql<
  'promoter' | 'passive' | 'detractor' | 'unknown'
>`case when nps is null then 'unknown' when nps >= 9 then 'promoter' when nps >= 7 then 'passive' else 'detractor' end`
