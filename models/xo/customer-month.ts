/** One row per person and local month: what they did, what they last said, and whether they came back. */
import { sql } from 'kysely'
import { refersTo } from '#models/audit.ts'
import { defineModel, type Model } from '#models/define-model.ts'
import { daysLater, lastKnown, localMonth, nextMonthStart } from '#models/dialect.ts'
import { strongestKey } from '#models/people/person-of.ts'
import { CustomerMonth } from '#models/tables.ts'

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
        .with('purchase', (db) =>
          db
            .selectFrom('order')
            .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('order')))
            .where((eb) =>
              eb.or([eb('status', 'is', null), eb('status', 'not in', ['cancelled', 'canceled'])]),
            )
            .select(['person_id', 'ordered_at', 'revenue']),
        )
        .with('happening', (db) =>
          db
            .selectFrom('purchase')
            .select(['person_id', 'ordered_at as happened_at', sql<string>`'order'`.as('kind'), 'revenue'])
            .unionAll(
              db
                .selectFrom('call')
                .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('call')))
                .select([
                  'person_id',
                  'called_at as happened_at',
                  sql<string>`'call'`.as('kind'),
                  none.as('revenue'),
                ]),
            )
            .unionAll(
              db
                .selectFrom('support_ticket')
                .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('support_ticket')))
                .select([
                  'person_id',
                  'opened_at as happened_at',
                  sql<string>`'ticket'`.as('kind'),
                  none.as('revenue'),
                ]),
            )
            .unionAll(
              db
                .selectFrom('submission')
                .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('submission')))
                .select([
                  'person_id',
                  'submitted_at as happened_at',
                  sql<string>`'submission'`.as('kind'),
                  none.as('revenue'),
                ]),
            ),
        )
        .with('deeds', (db) =>
          db
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
            .groupBy(['person_id', 'month']),
        )
        .with('words', (db) =>
          db
            .selectFrom('xo.response_context')
            .where('person_id', 'is not', null)
            .select((eb) => [
              'person_id',
              localMonth(eb.ref('answered_at'), timezone).as('month'),
              lastScore('nps').as('nps'),
              lastScore('csat').as('csat'),
            ])
            .groupBy(['person_id', 'month']),
        )
        .with('known', (db) =>
          db
            .selectFrom('deeds')
            .leftJoin('words', (join) =>
              join.onRef('words.person_id', '=', 'deeds.person_id').onRef('words.month', '=', 'deeds.month'),
            )
            .selectAll('deeds')
            .select((eb) => [
              lastKnown(eb.ref('nps'), eb.ref('deeds.person_id'), eb.ref('deeds.month')).as('nps'),
              lastKnown(eb.ref('csat'), eb.ref('deeds.person_id'), eb.ref('deeds.month')).as('csat'),
              nextMonthStart(eb.ref('deeds.month'), timezone).as('ends_at'),
            ]),
        )
        .with('afterwards', (db) =>
          db
            .selectFrom('known')
            .innerJoin('purchase', (join) =>
              join
                .onRef('purchase.person_id', '=', 'known.person_id')
                .onRef('ordered_at', '>=', 'ends_at')
                .on((eb) => eb('ordered_at', '<', daysLater(eb.ref('ends_at'), outcomeDays))),
            )
            .select([
              'known.person_id',
              'month',
              sql<string>`coalesce(sum(purchase.revenue), 0)`.as('next_revenue'),
            ])
            .groupBy(['known.person_id', 'month']),
        )
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

const none = sql<string | null>`cast(null as DECIMAL(18,2))`

const counted = (kind: string) => sql<number>`count(*) filter (where kind = ${sql.lit(kind)})`

const lastScore = (concept: string) =>
  sql<number | null>`arg_max(score, answered_at) filter (where concept = ${sql.lit(concept)})`

/** The standard cut of the likelihood to recommend: 9–10, 7–8, 0–6. */
const scoreGroup = sql<
  'promoter' | 'passive' | 'detractor' | 'unknown'
>`case when nps is null then 'unknown' when nps >= 9 then 'promoter' when nps >= 7 then 'passive' else 'detractor' end`
