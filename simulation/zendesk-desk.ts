/** How Zendesk writes a company's tickets, users, ratings and calls. */
import type { Call, Company, ContactRecord, Ticket } from './company.ts'
import { isCrmTicket } from './crm-tickets.ts'

/** One exported thing: when the export says it changed (unix seconds), and how it is written. */
export type Row = {
  readonly second: number
  readonly id: number
  readonly write: (origin: string) => unknown
}

export type Desk = {
  readonly tickets: readonly Row[]
  readonly users: readonly Row[]
  readonly ratings: readonly Row[]
  readonly calls: readonly Row[]
}

/** Every list ordered by second, then id; things are spelled out only when a page asks for them. */
export function deskOf(company: Company): Desk {
  const users = company.contacts.map((contact, index) => ({ contact, id: 360_000_000_000 + index }))
  const userOf = new Map<string, { contact: ContactRecord; id: number }>()
  for (const user of users)
    if (!userOf.has(user.contact.customerId)) userOf.set(user.contact.customerId, user)
  const tickets = company.tickets.filter((ticket) => !isCrmTicket(ticket))
  const ordered = (rows: Row[]): Row[] => rows.sort((a, b) => a.second - b.second || a.id - b.id)
  return {
    tickets: ordered(
      tickets.map((ticket) => ({
        second: secondOf(ticket.updatedAt),
        id: ticket.id,
        write: (origin) => ticketOf(ticket, userOf.get(ticket.customerId), origin),
      })),
    ),
    users: ordered(
      users.map(({ contact, id }) => ({
        second: secondOf(contact.updatedAt),
        id,
        write: (origin) => userRecordOf(contact, id, origin),
      })),
    ),
    ratings: ordered(
      tickets.flatMap((ticket) =>
        ticket.rating === null
          ? []
          : [
              {
                second: secondOf(ticket.rating.createdAt),
                id: ratingId(ticket),
                write: (origin) => ratingOf(ticket, ticket.rating, userOf.get(ticket.customerId)?.id, origin),
              },
            ],
      ),
    ),
    calls: ordered(
      company.calls.map((call) => ({
        second: secondOf(call.updatedAt),
        id: call.id,
        write: () => callOf(call, userOf.get(call.customerId)?.id),
      })),
    ),
  }
}

const secondOf = (date: Date): number => Math.floor(date.getTime() / 1000)
const ratingId = (ticket: Ticket): number => 62_000_000 + ticket.id
const AGENT = 350_000_000_001
const LINE = '+864000000000'

function ticketOf(
  ticket: Ticket,
  requester: { contact: ContactRecord; id: number } | undefined,
  origin: string,
): unknown {
  const { contact, id = null } = requester ?? {}
  return {
    id: ticket.id,
    url: `${origin}/api/v2/tickets/${ticket.id}.json`,
    external_id: null,
    type: 'problem',
    subject: ticket.subject,
    raw_subject: ticket.subject,
    description: ticket.description,
    priority: ticket.priority,
    status: ticket.status,
    recipient: null,
    requester_id: id,
    submitter_id: id,
    assignee_id: AGENT,
    organization_id: null,
    group_id: 98_738,
    collaborator_ids: [],
    follower_ids: [],
    has_incidents: false,
    problem_id: null,
    due_at: null,
    via: { channel: ticket.channel, source: viaSource(ticket, contact) },
    tags: [`lang_${ticket.language}`],
    custom_fields: [],
    satisfaction_rating:
      ticket.rating === null
        ? { score: 'unoffered' }
        : { id: ratingId(ticket), score: ticket.rating.score, comment: ticket.rating.comment },
    sharing_agreement_ids: [],
    created_at: second(ticket.createdAt),
    updated_at: second(ticket.updatedAt),
    generated_timestamp: secondOf(ticket.updatedAt),
  }
}

function viaSource({ channel }: Ticket, contact: ContactRecord | undefined): unknown {
  if (channel === 'email')
    return { from: { address: contact?.email ?? null, name: contact?.name ?? null }, to: {}, rel: null }
  if (channel === 'voice')
    return {
      from: { formatted_phone: contact?.phone ?? null, phone: contact?.phone ?? null },
      to: { phone: LINE },
      rel: 'inbound',
    }
  return { from: {}, to: {}, rel: null }
}

/** A caller nobody knows by name is named after the number. */
function userRecordOf(contact: ContactRecord, id: number, origin: string): unknown {
  return {
    id,
    url: `${origin}/api/v2/users/${id}.json`,
    name: contact.name ?? `Caller ${contact.phone ?? 'unknown'}`,
    alias: null,
    email: contact.email,
    phone: contact.phone,
    external_id: contact.memberId,
    role: 'end-user',
    active: true,
    verified: contact.email !== null,
    suspended: false,
    shared: false,
    locale: 'zh-CN',
    locale_id: 10,
    last_login_at: null,
    role_type: null,
    custom_role_id: null,
    moderator: false,
    restricted_agent: true,
    only_private_comments: false,
    ticket_restriction: 'requested',
    shared_agent: false,
    time_zone: 'Asia/Shanghai',
    organization_id: null,
    tags: [],
    details: contact.name === null ? null : `Asked for by ${contact.name}`,
    notes: null,
    signature: null,
    photo: null,
    user_fields: {},
    created_at: second(contact.createdAt),
    updated_at: second(contact.updatedAt),
  }
}

function ratingOf(
  ticket: Ticket,
  rating: Ticket['rating'],
  requester: number | undefined,
  origin: string,
): unknown {
  if (rating === null) return null
  return {
    id: ratingId(ticket),
    url: `${origin}/api/v2/satisfaction_ratings/${ratingId(ticket)}.json`,
    score: rating.score,
    comment: rating.comment,
    reason: rating.score === 'bad' ? 'No reason provided' : null,
    ticket_id: ticket.id,
    requester_id: requester ?? null,
    assignee_id: AGENT,
    group_id: 98_738,
    created_at: second(rating.createdAt),
    updated_at: second(rating.createdAt),
  }
}

function callOf(call: Call, customer: number | undefined): unknown {
  return {
    id: call.id,
    created_at: second(call.startedAt),
    updated_at: second(call.updatedAt),
    direction: call.direction,
    completion_status: call.completion,
    duration: call.waitSeconds + call.talkSeconds,
    talk_time: call.talkSeconds,
    wait_time: call.waitSeconds,
    hold_time: 0,
    wrap_up_time: 0,
    time_to_answer: call.completion === 'completed' ? call.waitSeconds : null,
    customer_id: customer ?? null,
    agent_id: call.completion === 'completed' ? AGENT : null,
    ticket_id: call.ticketId,
    phone_number_id: 1,
    phone_number: LINE,
    callback: false,
    voicemail: false,
  }
}

/** Zendesk writes whole seconds. */
function second(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
