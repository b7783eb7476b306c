/** HubSpot contacts, deals, tickets and feedback submissions as contacts, orders, tickets and submissions. */
import { sql } from 'kysely'
import { defineSourceModel, type Model } from '#models/define-model.ts'
import { asMoney, asTimestamp } from '#models/dialect.ts'
import { same, time } from '#models/partition.ts'
import { Contact, Order, SupportTicket } from '#models/tables.ts'
import { comment, feedbackAnswer, feedbackSubmission } from './hubspot-feedback.ts'
import { crm, filled, property } from './hubspot-object.ts'
import { idIn, sourceName } from './source-id.ts'

/**
 * Deals are orders. A portal's own properties carry what HubSpot has no field for: `member_id`, `channel`, `store_id`, `order_number`,
 * `promised_at`, `delivered_at`, `touchpoint`. Feedback answers are `hs_value` (question `nps`, `csat` or `ces`) and the portal's own
 * properties, one question each.
 */
export function hubspotModels(source: string): Model[] {
  return [contact, order, supportTicket, feedbackSubmission, feedbackAnswer, comment].map((model) =>
    model(source),
  )
}

function contact(source: string): Model {
  return defineSourceModel({
    name: `${source}.contact`,
    description: 'HubSpot contacts that are not archived.',
    owner: 'saydo',
    grain: ['source', 'source_id'],
    contract: Contact,
    time: 'seen_at',
    raw: { contacts: crm(source, 'contacts') },
    query: (db) =>
      db
        .selectFrom('contacts')
        .where('archived', '=', false)
        .select((eb) => {
          const of = property(eb.ref('properties'))
          return [
            sourceName(source).as('source'),
            'id as source_id',
            of('email').as('email_key'),
            sql<string | null>`coalesce(${of('phone')}, ${of('mobilephone')})`.as('phone_key'),
            of('member_id').as('member_key'),
            'createdAt as seen_at',
          ]
        }),
  })
}

function order(source: string): Model {
  return defineSourceModel({
    name: `${source}.order`,
    description: 'HubSpot deals as orders.',
    owner: 'saydo',
    grain: ['order_id'],
    contract: Order,
    raw: { deals: crm(source, 'deals') },
    // A deal is closed long after it was made, and only the latter is when it landed as.
    time: 'ordered_at',
    query: (db) =>
      db
        .selectFrom('deals')
        .where('archived', '=', false)
        .select((eb) => {
          const of = property(eb.ref('properties'))
          return [
            idIn(source, 'id').as('order_id'),
            sourceName(source).as('source'),
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
  })
}

function supportTicket(source: string): Model {
  return defineSourceModel({
    name: `${source}.support_ticket`,
    description: 'HubSpot tickets that are not archived.',
    owner: 'saydo',
    grain: ['ticket_id'],
    contract: SupportTicket,
    raw: { tickets: crm(source, 'tickets') },
    partition: time('opened_at'),
    inputs: () => ({ tickets: same() }),
    query: (db) =>
      db
        .selectFrom('tickets')
        .where('archived', '=', false)
        .select((eb) => {
          const of = property(eb.ref('properties'))
          return [
            idIn(source, 'id').as('ticket_id'),
            sourceName(source).as('source'),
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
  })
}
