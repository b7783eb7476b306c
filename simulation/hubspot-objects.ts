/** How HubSpot writes a company's contacts, orders, chats and WeChat answers: every property a text or null. */
import type { Company, ContactRecord, Customer, Order, Submission, Ticket } from './company.ts'
import { isCrmTicket } from './crm-tickets.ts'

type Properties = Readonly<Record<string, string | null>>

export type HubspotRow = {
  readonly id: number
  /** Unix milliseconds. */
  readonly modified: number
  readonly createdAt: Date
  readonly properties: () => Properties
}

/** Rows by object type as addresses spell it, each list in order of change, then id. */
export function hubspotRows(company: Company): Map<string, HubspotRow[]> {
  const customers = new Map(company.customers.map((customer) => [customer.id, customer]))
  const contactOf = new Map<string, string>()
  for (const { customerId, id } of company.contacts)
    if (!contactOf.has(customerId)) contactOf.set(customerId, id)
  const online = company.orders.filter(({ channel }) => ['web', 'app', 'wechat'].includes(channel))
  const wechat = company.submissions.filter(({ survey }) => survey === 'wechat')
  const deals = online.map((order, index) =>
    row(30_000_001 + index, order.orderedAt, order.updatedAt, () =>
      deal(order, customers.get(order.customerId)),
    ),
  )
  const rows: [string, HubspotRow[]][] = [
    [
      'contacts',
      company.contacts.map((one, index) =>
        row(idOf(one, index), one.createdAt, one.updatedAt, () => contact(one)),
      ),
    ],
    ['deals', deals],
    ['0-3', deals],
    [
      'tickets',
      company.tickets
        .filter(isCrmTicket)
        .map((one) => row(50_000_000 + one.id, one.createdAt, one.updatedAt, () => ticket(one))),
    ],
    [
      'feedback_submissions',
      wechat.map((one, index) =>
        row(70_000_001 + index, one.submittedAt, one.submittedAt, () =>
          feedback(one, customers.get(one.customerId), contactOf.get(one.customerId)),
        ),
      ),
    ],
  ]
  for (const [, list] of rows) list.sort((a, b) => a.modified - b.modified || a.id - b.id)
  return new Map(rows)
}

function row(id: number, createdAt: Date, updatedAt: Date, properties: () => Properties): HubspotRow {
  return { id, createdAt, modified: updatedAt.getTime(), properties }
}

function idOf({ id }: ContactRecord, index: number): number {
  return /^\d+$/.test(id) ? Number(id) : 90_000_001 + index
}

function contact({ email, phone, name, memberId }: ContactRecord): Properties {
  // Chinese names are kept whole in the family name, as staff type them.
  const [first, ...rest] = (name ?? '').split(' ')
  return {
    email,
    phone,
    mobilephone: null,
    firstname: rest.length > 0 ? (first ?? null) : null,
    lastname: name === null ? null : rest.length > 0 ? rest.join(' ') : name,
    member_id: memberId,
    lifecyclestage: 'customer',
    hs_language: null,
    hs_additional_emails: null,
  }
}

const STAGES = { delivered: 'closedwon', shipped: 'contractsent', cancelled: 'closedlost' } as const

function deal(order: Order, customer: Customer | undefined): Properties {
  return {
    dealname: `${order.id} ${customer?.name ?? ''}`.trim(),
    amount: `${Math.floor(order.cents / 100)}.${String(order.cents % 100).padStart(2, '0')}`,
    deal_currency_code: order.currency,
    closedate: order.orderedAt.toISOString(),
    dealstage: STAGES[order.status],
    pipeline: 'default',
    channel: order.channel,
    store_id: order.storeId,
    member_id: order.customerId,
    promised_at: order.promisedAt?.toISOString() ?? null,
    delivered_at: order.deliveredAt?.toISOString() ?? null,
    order_number: order.id,
  }
}

function ticket(one: Ticket): Properties {
  const closed = one.status === 'solved' || one.status === 'closed'
  return {
    subject: one.subject,
    content: one.description,
    hs_pipeline: '0',
    hs_pipeline_stage: closed ? '4' : one.status === 'pending' ? '2' : '1',
    hs_ticket_priority: one.priority === 'normal' ? 'MEDIUM' : one.priority.toUpperCase(),
    source_type: 'CHAT',
    closed_date: closed ? one.updatedAt.toISOString() : null,
    member_id: one.customerId,
    language: one.language,
  }
}

/** A custom survey: its answers are properties named for their questions. */
function feedback(
  one: Submission,
  customer: Customer | undefined,
  contactId: string | undefined,
): Properties {
  return {
    hs_survey_id: one.survey,
    hs_survey_name: '微信订单调查 WeChat order survey',
    hs_survey_type: 'CUSTOM',
    hs_survey_channel: 'LINK',
    hs_submission_timestamp: one.submittedAt.toISOString(),
    hs_submission_name: customer?.name ?? null,
    hs_value: one.csat === null ? null : String(one.csat),
    hs_response_group: null,
    hs_content: one.comment,
    hs_contact_id: contactId ?? null,
    hs_contact_email_rollup: customer?.email ?? null,
    hs_language: one.language,
    member_id: one.customerId,
    channel: one.channel,
    touchpoint: one.touchpoint,
    store_id: one.storeId,
    order_number: one.orderId,
    recommend: one.nps === null ? null : String(one.nps),
    satisfaction: one.csat === null ? null : String(one.csat),
    intent: one.intent,
    ...Object.fromEntries(Object.entries(one.touchpoints).map(([name, score]) => [name, String(score)])),
  }
}
