/** What people say, joined to what it is about: every scored answer with its person and its event. */
import { type RawBuilder, sql } from 'kysely'
import { between, refersTo } from '#models/audit.ts'
import { defineModel, type Model } from '#models/define-model.ts'
import { daysBetween } from '#models/dialect.ts'
import type { Survey } from '#models/mapping.ts'
import { strongestKey } from '#models/people/person-of.ts'
import { ResponseContext } from '#models/tables.ts'

/**
 * An event the submission names is `linked`. Where the project says what a survey is about, a submission that names nothing is linked
 * to the person's only such event in the days before it; several candidates make it `ambiguous`, and no event is claimed.
 * A submission that names nobody is its event's person's.
 */
export function responseContext(surveys: readonly Survey[], timezone: string): Model {
  return defineModel({
    name: 'xo.response_context',
    description: 'A scored answer with its person, channel and the order, call or ticket it is about.',
    owner: 'saydo',
    grain: ['answer_id'],
    contract: ResponseContext,
    audits: [
      refersTo('submission_id', 'submission', 'submission_id'),
      refersTo('person_id', 'person', 'person_id'),
      between('link_candidates', 0, Number.MAX_SAFE_INTEGER),
    ],
    query: (db) => {
      const about = sql<string | null>`${surveyCase(surveys, (survey) => sql.lit(survey.about))}`
      const days = sql<number | null>`${surveyCase(surveys, (survey) => sql.lit(survey.withinDays))}`
      return db
        .with('event', (db) =>
          db
            .selectFrom('order')
            .select([
              sql<'order' | 'call' | 'ticket'>`'order'`.as('kind'),
              'order_id as event_id',
              'order_number as number',
              'ordered_at as happened_at',
              strongestKey('order').as('person_key'),
            ])
            .unionAll(
              db
                .selectFrom('call')
                .select([
                  sql<'order' | 'call' | 'ticket'>`'call'`.as('kind'),
                  'call_id as event_id',
                  sql<string>`coalesce(ticket_number, call_id)`.as('number'),
                  'called_at as happened_at',
                  strongestKey('call').as('person_key'),
                ]),
            )
            .unionAll(
              db
                .selectFrom('support_ticket')
                .select([
                  sql<'order' | 'call' | 'ticket'>`'ticket'`.as('kind'),
                  'ticket_id as event_id',
                  'ticket_number as number',
                  'opened_at as happened_at',
                  strongestKey('support_ticket').as('person_key'),
                ]),
            ),
        )
        .with('person_event', (db) =>
          db
            .selectFrom('event')
            .innerJoin('person_key', 'person_key.person_key', 'event.person_key')
            .select(['kind', 'event_id', 'happened_at', 'person_id']),
        )
        .with('respondent', (db) =>
          db
            .selectFrom('submission')
            .leftJoin('person_key', (join) =>
              join.on('person_key.person_key', '=', sql<string>`${strongestKey('submission')}`),
            )
            .select([
              'submission_id',
              'survey_id',
              'submitted_at',
              'channel',
              'touchpoint',
              'store_id',
              'about_id',
              'person_id',
              about.as('about'),
              days.as('within_days'),
            ]),
        )
        .with('named', (db) =>
          db
            .selectFrom('respondent')
            .innerJoin('event', 'event.number', 'about_id')
            .where((eb) => eb.or([eb('about', 'is', null), eb('about', '=', sql<string>`kind`)]))
            .select((eb) => [
              'submission_id',
              sql<number>`1`.as('candidates'),
              eb.fn.min('event_id').as('event_id'),
            ])
            .groupBy('submission_id'),
        )
        .with('guessed', (db) =>
          db
            .selectFrom('respondent')
            .innerJoin('person_event', (join) =>
              join
                .onRef('person_event.person_id', '=', 'respondent.person_id')
                .on('kind', '=', sql<'order'>`about`)
                .on('happened_at', '<=', sql<string>`submitted_at`)
                .on('happened_at', '>=', sql<string>`submitted_at - to_days(cast(within_days as integer))`),
            )
            .where('submission_id', 'not in', db.selectFrom('named').select('submission_id'))
            .select((eb) => [
              'submission_id',
              eb.fn.countAll<number>().as('candidates'),
              eb.fn.min('event_id').as('event_id'),
            ])
            .groupBy('submission_id'),
        )
        .with('link', (db) =>
          db.selectFrom('named').selectAll().unionAll(db.selectFrom('guessed').selectAll()),
        )
        .with('only', (db) =>
          db.selectFrom('link').select(['submission_id', 'event_id']).where('candidates', '=', 1),
        )
        .selectFrom('answer')
        .innerJoin('respondent', 'respondent.submission_id', 'answer.submission_id')
        .leftJoin('link', 'link.submission_id', 'answer.submission_id')
        .leftJoin('only', 'only.submission_id', 'answer.submission_id')
        .leftJoin('event', 'event.event_id', 'only.event_id')
        .leftJoin('person_event', 'person_event.event_id', 'only.event_id')
        .leftJoin('order', 'order.order_id', 'only.event_id')
        .where('concept', 'is not', null)
        .where('score', 'is not', null)
        .select((eb) => [
          'answer_id',
          'answer.submission_id',
          'answer.source',
          'survey_id',
          'question_id',
          sql<string>`${eb.ref('concept')}`.as('concept'),
          sql<number>`${eb.ref('score')}`.as('score'),
          'scale_min',
          'scale_max',
          'answered_at',
          sql<string | null>`coalesce(respondent.channel, "order".channel)`.as('channel'),
          'touchpoint',
          sql<string | null>`coalesce(respondent.store_id, "order".store_id)`.as('store_id'),
          sql<string | null>`coalesce(respondent.person_id, person_event.person_id)`.as('person_id'),
          sql<
            'linked' | 'ambiguous' | 'none'
          >`case when candidates = 1 then 'linked' when candidates > 1 then 'ambiguous' else 'none' end`.as(
            'link',
          ),
          sql<number>`coalesce(candidates, 0)`.as('link_candidates'),
          'event.kind as event_kind',
          'only.event_id',
          'event.happened_at as event_at',
          'revenue',
          daysBetween(eb.ref('promised_at'), eb.ref('delivered_at'), timezone).as('delay_days'),
          deliveryIn(daysBetween(eb.ref('promised_at'), eb.ref('delivered_at'), timezone)).as('delivery'),
        ])
    },
  })
}

type Delivery = 'on time' | '1-3 days late' | '4-7 days late' | '8+ days late'

function deliveryIn(days: RawBuilder<number | null>): RawBuilder<Delivery | null> {
  return sql<Delivery | null>`case when ${days} is null then null when ${days} <= 0 then 'on time' when ${days} <= 3 then '1-3 days late' when ${days} <= 7 then '4-7 days late' else '8+ days late' end`
}

function surveyCase(surveys: readonly Survey[], value: (survey: Survey) => ReturnType<typeof sql.lit>) {
  if (surveys.length === 0) return sql`null`
  const cases = surveys.map((survey) => sql`when ${sql.lit(survey.survey)} then ${value(survey)}`)
  return sql`case submission.survey_id ${sql.join(cases, sql` `)} end`
}
