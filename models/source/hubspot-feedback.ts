/** HubSpot feedback as submissions and answers, and what customers wrote there and in tickets. */
import { type RawBuilder, sql } from 'kysely'
import { defineSourceModel, type Model } from '#models/define-model.ts'
import { asNumber, asTimestamp, eachKey, jsonText, jsonTextAt, noText } from '#models/dialect.ts'
import { same, time } from '#models/partition.ts'
import { Comment, Submission } from '#models/tables.ts'
import { AnswerPart } from '#models/x/answer-part.ts'
import { crm, filled, property } from './hubspot-object.ts'
import { idIn, sourceName } from './source-id.ts'

/** Properties of a feedback submission that say where it comes from; every other one of the company's own is an answer. */
const context = ['member_id', 'channel', 'touchpoint', 'store_id', 'order_number', 'language', 'phone']

type Property = ReturnType<typeof property>

const surveyOf = (of: Property) => sql<string>`coalesce(${of('hs_survey_id')}, 'feedback')`

const submittedAt = (of: Property): RawBuilder<string> =>
  sql<string>`coalesce(${asTimestamp(of('hs_submission_timestamp'))}, "createdAt")`

export function feedbackSubmission(source: string): Model {
  return defineSourceModel({
    name: `${source}.submission`,
    description: 'HubSpot feedback submissions.',
    owner: 'saydo',
    grain: ['submission_id'],
    contract: Submission,
    raw: { feedback: crm(source, 'feedback_submissions') },
    time: 'submitted_at',
    query: (db) =>
      db
        .selectFrom('feedback')
        .where('archived', '=', false)
        .select((eb) => {
          const of = property(eb.ref('properties'))
          return [
            idIn(source, 'id').as('submission_id'),
            sourceName(source).as('source'),
            surveyOf(of).as('survey_id'),
            submittedAt(of).as('submitted_at'),
            of('hs_language').as('language'),
            of('channel').as('channel'),
            of('touchpoint').as('touchpoint'),
            of('store_id').as('store_id'),
            filled(of('order_number')).as('about_id'),
            of('hs_contact_email_rollup').as('email_key'),
            of('phone').as('phone_key'),
            of('member_id').as('member_key'),
          ]
        }),
  })
}

export function feedbackAnswer(source: string): Model {
  return defineSourceModel({
    name: `${source}.answer`,
    description: 'Scores and choices of HubSpot feedback submissions.',
    owner: 'saydo',
    grain: ['answer_id'],
    contract: AnswerPart,
    raw: { feedback: crm(source, 'feedback_submissions') },
    time: 'answered_at',
    query: (db) =>
      db
        .with('property', (db) =>
          db
            .selectFrom('feedback')
            .where('archived', '=', false)
            .select((eb) => ['id', 'properties', 'createdAt', eachKey(eb.ref('properties')).as('name')]),
        )
        .with('given', (db) =>
          db
            .selectFrom('property')
            .where((eb) =>
              eb.or([
                eb('name', '=', 'hs_value'),
                eb.and([
                  eb(sql<boolean>`starts_with(name, 'hs_')`, '=', false),
                  eb('name', 'not in', context),
                ]),
              ]),
            )
            .select((eb) => [
              'id',
              'properties',
              'createdAt',
              'name',
              filled(jsonTextAt(eb.ref('properties'), eb.ref('name'))).as('value'),
            ]),
        )
        .selectFrom('given')
        .where('value', 'is not', null)
        .select((eb) => {
          const of = property(eb.ref('properties'))
          const number = asNumber(eb.ref('value'))
          return [
            sql<string>`${idIn(source, 'id')} || ':' || name`.as('answer_id'),
            idIn(source, 'id').as('submission_id'),
            sourceName(source).as('source'),
            surveyOf(of).as('survey_id'),
            sql<string>`case name when 'hs_value' then lower(coalesce(${of('hs_survey_type')}, 'hs_value')) else name end`.as(
              'question_id',
            ),
            number.as('number'),
            sql<string | null>`case when ${number} is null then value end`.as('choice'),
            submittedAt(of).as('answered_at'),
          ]
        }),
  })
}

export function comment(source: string): Model {
  return defineSourceModel({
    name: `${source}.comment`,
    description: 'What customers wrote in HubSpot: feedback and tickets.',
    owner: 'saydo',
    grain: ['comment_id'],
    contract: Comment,
    raw: { feedback: crm(source, 'feedback_submissions'), tickets: crm(source, 'tickets') },
    partition: time('written_at'),
    inputs: () => ({ feedback: same(), tickets: same() }),
    query: (db) => {
      const written = (table: 'feedback' | 'tickets', kind: 'survey' | 'ticket', content: string) =>
        db
          .selectFrom(table)
          .where('archived', '=', false)
          .where((eb) => sql<boolean>`trim(coalesce(${jsonText(eb.ref('properties'), content)}, '')) <> ''`)
          .select((eb) => {
            const of = property(eb.ref('properties'))
            const id = idIn(source, 'id')
            return [
              sql<string>`${id} || ${sql.lit(`:${kind}`)}`.as('comment_id'),
              sourceName(source).as('source'),
              sql<'survey' | 'ticket'>`${sql.lit(kind)}`.as('kind'),
              (kind === 'survey' ? sql<string | null>`${id}` : noText).as('submission_id'),
              'createdAt as written_at',
              sql<string | null>`coalesce(${of('hs_language')}, ${of('language')})`.as('language'),
              of('channel').as('channel'),
              sql<string>`${of(content)}`.as('text'),
              of('hs_contact_email_rollup').as('email_key'),
              of('phone').as('phone_key'),
              of('member_id').as('member_key'),
            ]
          })
      return written('feedback', 'survey', 'hs_content').unionAll(written('tickets', 'ticket', 'content'))
    },
  })
}
