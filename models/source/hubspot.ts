/** HubSpot contacts, deals, tickets and feedback submissions as contacts, orders, tickets and submissions. */
import { type Expression, sql } from 'kysely'
import { z } from 'zod'
import { defineSourceModel, type Model } from '#models/define-model.ts'
import { asMoney, asNumber, asTimestamp, eachKey, jsonText, jsonTextAt, noText } from '#models/dialect.ts'
import { Comment, Contact, Order, Submission, SupportTicket } from '#models/tables.ts'
import { AnswerPart } from '#models/x/answer-part.ts'

const CrmObject = z.object({
  id: z.string(),
  properties: z.looseObject({}),
  createdAt: z.iso.datetime(),
  archived: z.boolean(),
})

/** Properties of a feedback submission that say where it comes from; every other one of the company's own is an answer. */
const context = ['member_id', 'channel', 'touchpoint', 'store_id', 'order_number', 'language', 'phone']

/**
 * Deals are orders. A portal's own properties carry what HubSpot has no field for: `member_id`, `channel`, `store_id`, `order_number`,
 * `promised_at`, `delivered_at`, `touchpoint`. Feedback answers are `hs_value` (question `nps`, `csat` or `ces`) and the portal's own
 * properties, one question each.
 */
export function hubspotModels(source: string): Model[] {
  const from = sql<string>`${sql.lit(source)}`
  const idOf = (column: string) => sql<string>`${sql.lit(`${source}:`)} || ${sql.ref(column)}`
  const stream = (name: string) => ({ source, stream: name, record: CrmObject })
  const property = (properties: Expression<unknown>) => (name: string) => jsonText(properties, name)
  const filled = (value: Expression<string | null>) => sql<string | null>`nullif(${value}, '')`

  return [
    defineSourceModel({
      name: `${source}.contact`,
      description: 'HubSpot contacts that are not archived.',
      owner: 'saydo',
      grain: ['source', 'source_id'],
      contract: Contact,
      raw: { contacts: stream('contacts') },
      query: (db) =>
        db
          .selectFrom('contacts')
          .where('archived', '=', false)
          .select((eb) => {
            const of = property(eb.ref('properties'))
            return [
              from.as('source'),
              'id as source_id',
              of('email').as('email_key'),
              sql<string | null>`coalesce(${of('phone')}, ${of('mobilephone')})`.as('phone_key'),
              of('member_id').as('member_key'),
              'createdAt as seen_at',
            ]
          }),
    }),
    defineSourceModel({
      name: `${source}.order`,
      description: 'HubSpot deals as orders.',
      owner: 'saydo',
      grain: ['order_id'],
      contract: Order,
      raw: { deals: stream('deals') },
      query: (db) =>
        db
          .selectFrom('deals')
          .where('archived', '=', false)
          .select((eb) => {
            const of = property(eb.ref('properties'))
            return [
              idOf('id').as('order_id'),
              from.as('source'),
              sql<string>`coalesce(${filled(of('order_number'))}, id)`.as('order_number'),
              sql<string>`coalesce(${asTimestamp(of('closedate'))}, ${eb.ref('createdAt')})`.as('ordered_at'),
              asTimestamp(of('promised_at')).as('promised_at'),
              asTimestamp(of('delivered_at')).as('delivered_at'),
              sql<
                string | null
              >`case ${of('dealstage')} when 'closedlost' then 'cancelled' when 'closedwon' then 'delivered' else ${of('dealstage')} end`.as(
                'status',
              ),
              of('channel').as('channel'),
              of('store_id').as('store_id'),
              asMoney(of('amount')).as('revenue'),
              of('deal_currency_code').as('currency'),
              of('email').as('email_key'),
              of('phone').as('phone_key'),
              of('member_id').as('member_key'),
            ]
          }),
    }),
    defineSourceModel({
      name: `${source}.support_ticket`,
      description: 'HubSpot tickets that are not archived.',
      owner: 'saydo',
      grain: ['ticket_id'],
      contract: SupportTicket,
      raw: { tickets: stream('tickets') },
      query: (db) =>
        db
          .selectFrom('tickets')
          .where('archived', '=', false)
          .select((eb) => {
            const of = property(eb.ref('properties'))
            return [
              idOf('id').as('ticket_id'),
              from.as('source'),
              'id as ticket_number',
              'createdAt as opened_at',
              of('hs_pipeline_stage').as('status'),
              sql<string | null>`lower(${of('hs_ticket_priority')})`.as('priority'),
              sql<string | null>`lower(${of('source_type')})`.as('channel'),
              of('email').as('email_key'),
              of('phone').as('phone_key'),
              of('member_id').as('member_key'),
            ]
          }),
    }),
    defineSourceModel({
      name: `${source}.submission`,
      description: 'HubSpot feedback submissions.',
      owner: 'saydo',
      grain: ['submission_id'],
      contract: Submission,
      raw: { feedback: stream('feedback_submissions') },
      query: (db) =>
        db
          .selectFrom('feedback')
          .where('archived', '=', false)
          .select((eb) => {
            const of = property(eb.ref('properties'))
            return [
              idOf('id').as('submission_id'),
              from.as('source'),
              sql<string>`coalesce(${of('hs_survey_id')}, 'feedback')`.as('survey_id'),
              sql<string>`coalesce(${asTimestamp(of('hs_submission_timestamp'))}, ${eb.ref('createdAt')})`.as(
                'submitted_at',
              ),
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
    }),
    defineSourceModel({
      name: `${source}.answer`,
      description: 'Scores and choices of HubSpot feedback submissions.',
      owner: 'saydo',
      grain: ['answer_id'],
      contract: AnswerPart,
      raw: { feedback: stream('feedback_submissions') },
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
              sql<string>`${idOf('id')} || ':' || name`.as('answer_id'),
              idOf('id').as('submission_id'),
              from.as('source'),
              sql<string>`coalesce(${of('hs_survey_id')}, 'feedback')`.as('survey_id'),
              sql<string>`case name when 'hs_value' then lower(coalesce(${of('hs_survey_type')}, 'hs_value')) else name end`.as(
                'question_id',
              ),
              number.as('number'),
              sql<string | null>`case when ${number} is null then value end`.as('choice'),
              sql<string>`coalesce(${asTimestamp(of('hs_submission_timestamp'))}, ${eb.ref('createdAt')})`.as(
                'answered_at',
              ),
            ]
          }),
    }),
    defineSourceModel({
      name: `${source}.comment`,
      description: 'What customers wrote in HubSpot: feedback and tickets.',
      owner: 'saydo',
      grain: ['comment_id'],
      contract: Comment,
      raw: { feedback: stream('feedback_submissions'), tickets: stream('tickets') },
      query: (db) => {
        const written = (table: 'feedback' | 'tickets', kind: 'survey' | 'ticket', content: string) =>
          db
            .selectFrom(table)
            .where('archived', '=', false)
            .where((eb) => sql<boolean>`trim(coalesce(${jsonText(eb.ref('properties'), content)}, '')) <> ''`)
            .select((eb) => {
              const of = property(eb.ref('properties'))
              const id = idOf('id')
              return [
                sql<string>`${id} || ${sql.lit(`:${kind}`)}`.as('comment_id'),
                from.as('source'),
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
    }),
  ]
}
