/** One row per person and local month: what they did, what they last said, and whether they came back. */
import { type QueryCreator, sql } from 'kysely'
import { refersTo } from '#models/audit.ts'
import { defineModel, type Model } from '#models/define-model.ts'
import { daysLater, lastKnown, localMonth, nextMonthStart } from '#models/dialect.ts'
import { CustomerMonth, type Warehouse } from '#models/tables.ts'
import { type Happening, happenings, type Purchase, purchases } from './happening.ts'

/** Days after a month in which a further order counts as coming back. */
const outcomeDays = 90

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
    query: (db) =>
      db
        .with('purchase', purchases)
        .with('happening', happenings)
        .with('deeds', (db) => deeds(db, timezone))
        .with('words', (db) => words(db, timezone))
        .with('known', (db) => known(db, timezone))
        .with('afterwards', afterwards)
        .with('horizon', (db) =>
          db.selectFrom('order').select((eb) => eb.fn.max('ordered_at').as('observed_until')),
        )
        .selectFrom('known')
        .innerJoin('horizon', (join) => join.onTrue())
        .leftJoin('afterwards', (join) =>
          join
            .onRef('afterwards.person_id', '=', 'known.person_id')
            .onRef('afterwards.month', '=', 'known.month'),
        )
        .select((eb) => {
          const observed = sql`${daysLater(eb.ref('ends_at'), outcomeDays)} <= observed_until`
          return [
            'known.person_id',
            'known.month',
            'orders',
            'revenue',
            'calls',
            'tickets',
            'submissions',
            'nps',
            'csat',
            scoreGroup.as('score_group'),
            sql<boolean | null>`case when ${observed} then next_revenue is not null end`.as('repurchased'),
            sql<string | null>`case when ${observed} then coalesce(next_revenue, 0) end`.as('next_revenue'),
          ]
        }),
  })
}

type Month = { person_id: string; month: string }
type Deeds = Month & {
  orders: number
  revenue: string
  calls: number
  tickets: number
  submissions: number
}
type Words = Month & { nps: number | null; csat: number | null }

/** What was done in a month. */
function deeds(db: QueryCreator<{ happening: Happening }>, timezone: string) {
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

/** What was last said in a month. */
function words(db: QueryCreator<Warehouse>, timezone: string) {
  return db
    .selectFrom('xo.response_context')
    .where('person_id', 'is not', null)
    .select((eb) => [
      sql<string>`person_id`.as('person_id'),
      localMonth(eb.ref('answered_at'), timezone).as('month'),
      lastScore('nps').as('nps'),
      lastScore('csat').as('csat'),
    ])
    .groupBy(['person_id', 'month'])
}

/** Months with what was done in them and what was known at their end. */
function known(db: QueryCreator<{ deeds: Deeds; words: Words }>, timezone: string) {
  return db
    .selectFrom('deeds')
    .leftJoin('words', (join) =>
      join.onRef('words.person_id', '=', 'deeds.person_id').onRef('words.month', '=', 'deeds.month'),
    )
    .selectAll('deeds')
    .select((eb) => [
      lastKnown(eb.ref('nps'), eb.ref('deeds.person_id'), eb.ref('deeds.month')).as('nps'),
      lastKnown(eb.ref('csat'), eb.ref('deeds.person_id'), eb.ref('deeds.month')).as('csat'),
      nextMonthStart(eb.ref('deeds.month'), timezone).as('ends_at'),
    ])
}

/** Revenue of the outcome window, of months that an order followed. */
function afterwards(db: QueryCreator<{ known: Month & { ends_at: string }; purchase: Purchase }>) {
  return db
    .selectFrom('known')
    .innerJoin('purchase', (join) =>
      join
        .onRef('purchase.person_id', '=', 'known.person_id')
        .onRef('ordered_at', '>=', 'ends_at')
        .on((eb) => eb('ordered_at', '<', daysLater(eb.ref('ends_at'), outcomeDays))),
    )
    .select(['known.person_id', 'month', sql<string>`coalesce(sum(purchase.revenue), 0)`.as('next_revenue')])
    .groupBy(['known.person_id', 'month'])
}

const counted = (kind: string) => sql<number>`count(*) filter (where kind = ${sql.lit(kind)})`

/** Of answers given at the same instant, the one with the greatest id. */
const lastScore = (concept: string) =>
  sql<number | null>`arg_max(score, row(answered_at, answer_id)) filter (where concept = ${sql.lit(concept)})`

/** The standard cut of the likelihood to recommend: 9–10, 7–8, 0–6. */
const scoreGroup = sql<
  'promoter' | 'passive' | 'detractor' | 'unknown'
>`case when nps is null then 'unknown' when nps >= 9 then 'promoter' when nps >= 7 then 'passive' else 'detractor' end`
