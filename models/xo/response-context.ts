/** What people say, joined to what it is about: every scored answer with its person and its event. */
import { type Expression, type RawBuilder, sql } from 'kysely'
import { between, refersTo } from '#models/audit.ts'
import { defineModel, type Model } from '#models/define-model.ts'
import { daysBetween, daysLater } from '#models/dialect.ts'
import type { Survey } from '#models/mapping.ts'
import { time } from '#models/partition.ts'
import { ResponseContext } from '#models/tables.ts'
import { events } from './event.ts'
import { contextInputs } from './context-inputs.ts'
import { guessed, named, respondents } from './link.ts'

/**
 * An event the submission names is `linked`. Where the project says what a survey is about, a submission that names nothing is linked
 * to the person's only such event in the days before it; several candidates make it `ambiguous`, and no event is claimed.
 * A submission that names nobody is its event's person's. A guess holds for answers given when the questionnaire was sent, or within a day after.
 */
export function responseContext(surveys: readonly Survey[], timezone: string): Model {
  return defineModel({
    name: 'xo.response_context',
    description: 'A scored answer with its person, channel and the order, call or ticket it is about.',
    owner: 'saydo',
    grain: ['answer_id'],
    rowsOf: 'answer',
    contract: ResponseContext,
    audits: [
      refersTo('submission_id', 'submission', 'submission_id'),
      refersTo('person_id', 'person', 'person_id'),
      between('link_candidates', 0, Number.MAX_SAFE_INTEGER),
    ],
    partition: time('answered_at'),
    inputs: (db) => contextInputs(db, surveys),
    query: (db) =>
      db
        .with('event', events)
        // Read once for all that names keys.
        .with('keyed', (db) => db.selectFrom('person_key').selectAll())
        .with('person_event', (db) =>
          db
            .selectFrom('event')
            .innerJoin('keyed', 'keyed.person_key', 'event.person_key')
            .select(['kind', 'event_id', 'happened_at', 'person_id']),
        )
        .with('respondent', (db) => respondents(db, surveys))
        .with('named', named)
        .with('guessed', guessed)
        .with('link', (db) =>
          db.selectFrom('named').selectAll().unionAll(db.selectFrom('guessed').selectAll()),
        )
        .with('about', (db) =>
          db
            .selectFrom('link')
            .innerJoin('event', (join) =>
              join.onRef('event.kind', '=', 'link.kind').onRef('event.event_id', '=', 'link.event_id'),
            )
            .leftJoin('keyed', 'keyed.person_key', 'event.person_key')
            .leftJoin('order', (join) =>
              join.on(
                'order.order_id',
                '=',
                sql<string>`case when event.kind = 'order' then event.event_id end`,
              ),
            )
            .where('candidates', '=', 1)
            .select(['submission_id', 'guessed', 'event.kind', 'event.event_id', 'happened_at', 'person_id'])
            .select(['order.channel', 'order.store_id', 'revenue', 'promised_at', 'delivered_at']),
        )
        .with('answer_link', (db) =>
          db
            .selectFrom('answer')
            .innerJoin('respondent', 'respondent.submission_id', 'answer.submission_id')
            .innerJoin('link', 'link.submission_id', 'answer.submission_id')
            .where(holds(sql.ref('link.guessed')))
            .select(['answer_id', 'answer.submission_id', 'candidates']),
        )
        .selectFrom('answer')
        .innerJoin('respondent', 'respondent.submission_id', 'answer.submission_id')
        .leftJoin('answer_link', 'answer_link.answer_id', 'answer.answer_id')
        .leftJoin('about', 'about.submission_id', 'answer_link.submission_id')
        .where('concept', 'is not', null)
        .where('score', 'is not', null)
        .select((eb) => {
          const delay = daysBetween(eb.ref('promised_at'), eb.ref('delivered_at'), timezone)
          return [
            'answer.answer_id',
            'answer.submission_id',
            'answer.source',
            'survey_id',
            'question_id',
            sql<string>`concept`.as('concept'),
            sql<number>`score`.as('score'),
            'scale_min',
            'scale_max',
            'answered_at',
            eb.fn.coalesce('respondent.channel', 'about.channel').as('channel'),
            'touchpoint',
            eb.fn.coalesce('respondent.store_id', 'about.store_id').as('store_id'),
            eb.fn.coalesce('respondent.person_id', 'about.person_id').as('person_id'),
            linkIn(eb.ref('candidates')).as('link'),
            sql<number>`coalesce(candidates, 0)`.as('link_candidates'),
            'about.kind as event_kind',
            'about.event_id',
            'about.happened_at as event_at',
            'revenue',
            delay.as('delay_days'),
            deliveryIn(delay).as('delivery'),
          ]
        }),
  })
}

/** A guess is of the day the questionnaire was sent; an answer of another day keeps only what its submission names. */
function holds(guessed: Expression<unknown>): RawBuilder<boolean> {
  const end = daysLater(sql.ref('respondent.submitted_at'), 1)
  return sql<boolean>`(not ${guessed} or (answered_at >= respondent.submitted_at and answered_at <= ${end}))`
}

type Link = 'linked' | 'ambiguous' | 'none'

function linkIn(candidates: Expression<number | null>): RawBuilder<Link> {
  return sql<Link>`case when ${candidates} = 1 then 'linked' when ${candidates} > 1 then 'ambiguous' else 'none' end`
}

type Delivery = 'on time' | '1-3 days late' | '4-7 days late' | '8+ days late'

function deliveryIn(days: RawBuilder<number | null>): RawBuilder<Delivery | null> {
  return sql<Delivery | null>`case when ${days} is null then null when ${days} <= 0 then 'on time' when ${days} <= 3 then '1-3 days late' when ${days} <= 7 then '4-7 days late' else '8+ days late' end`
}
