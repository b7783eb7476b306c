/** Every table on one page: the contracts (zod) that models are held to, and the Warehouse type that queries are written against. */
import { z } from 'zod'

const at = () => z.iso.datetime() // TIMESTAMP, UTC
const money = () => z.string().meta({ column: 'DECIMAL(18,2)' })

/** Contact keys are keyed hashes made before landing (`h1:…`); equal keys mean equal normalised values, in any source. */
const contactKeys = {
  email_key: z.string().nullable(),
  phone_key: z.string().nullable(),
  member_key: z.string().nullable(),
}

// ── people ──

/** Grain: source × source_id. A sighting of a person's contact keys; the edges identity is derived from. */
export const Contact = z.object({
  source: z.string(),
  source_id: z.string(),
  ...contactKeys,
  seen_at: at().nullable(),
})

/** Grain: person_key. Which person a contact key belongs to; null for a key that many share, which is nobody's. */
export const PersonKey = z.object({ person_key: z.string(), person_id: z.string().nullable() })

/** Grain: person_id. A cluster of contact keys that occur together (deterministic keys only). */
export const Person = z.object({
  person_id: z.string(),
  keys: z.int(),
  contacts: z.int(),
  sources: z.int(),
  first_seen_at: at().nullable(),
})

// ── x: what people say ──

/** Grain: submission_id (`<source>:<id>`). One filled-in questionnaire. */
export const Submission = z.object({
  submission_id: z.string(),
  source: z.string(),
  survey_id: z.string(),
  submitted_at: at(),
  language: z.string().nullable(),
  channel: z.string().nullable(),
  touchpoint: z.string().nullable(),
  store_id: z.string().nullable(),
  /** The order, call or ticket the questionnaire says it is about, in its own system's id. */
  about_id: z.string().nullable(),
  ...contactKeys,
})

/** Grain: answer_id. One scored or chosen answer; verbatims are in `comment`. */
export const Answer = z.object({
  answer_id: z.string(),
  submission_id: z.string(),
  source: z.string(),
  question_id: z.string(),
  /** What the question measures (`nps`, `csat`, `ces`, `intent_leave`, …); null when the registry does not know it. */
  concept: z.string().nullable(),
  scale_min: z.number().nullable(),
  scale_max: z.number().nullable(),
  score: z.number().nullable(),
  choice: z.string().nullable(),
  answered_at: at(),
})

/** Grain: comment_id. Every verbatim: open answers, tickets, posts. */
export const Comment = z.object({
  comment_id: z.string(),
  source: z.string(),
  kind: z.enum(['survey', 'ticket', 'call', 'post']),
  submission_id: z.string().nullable(),
  written_at: at(),
  language: z.string().nullable(),
  channel: z.string().nullable(),
  text: z.string(),
  ...contactKeys,
})

// ── o: what people do ──

/** Grain: order_id (`<source>:<id>`). */
export const Order = z.object({
  order_id: z.string(),
  source: z.string(),
  /** The order's number in its own system, as surveys quote it. */
  order_number: z.string(),
  ordered_at: at(),
  promised_at: at().nullable(),
  delivered_at: at().nullable(),
  status: z.string().nullable(),
  channel: z.string().nullable(),
  store_id: z.string().nullable(),
  revenue: money().nullable(),
  currency: z.string().nullable(),
  ...contactKeys,
})

/** Grain: call_id (`<source>:<id>`). */
export const Call = z.object({
  call_id: z.string(),
  source: z.string(),
  called_at: at(),
  direction: z.string().nullable(),
  wait_seconds: z.number().nullable(),
  talk_seconds: z.number().nullable(),
  completion: z.string().nullable(),
  ticket_number: z.string().nullable(),
  ...contactKeys,
})

/** Grain: ticket_id (`<source>:<id>`). */
export const SupportTicket = z.object({
  ticket_id: z.string(),
  source: z.string(),
  ticket_number: z.string(),
  opened_at: at(),
  status: z.string().nullable(),
  priority: z.string().nullable(),
  channel: z.string().nullable(),
  ...contactKeys,
})

// ── xo: the two joined ──

/** Grain: answer_id. A scored answer with its person and the event it is about. */
export const ResponseContext = z.object({
  answer_id: z.string(),
  submission_id: z.string(),
  source: z.string(),
  survey_id: z.string(),
  question_id: z.string(),
  concept: z.string(),
  score: z.number(),
  scale_min: z.number().nullable(),
  scale_max: z.number().nullable(),
  answered_at: at(),
  channel: z.string().nullable(),
  touchpoint: z.string().nullable(),
  store_id: z.string().nullable(),
  person_id: z.string().nullable(),
  /** `linked` (named, or the only candidate), `ambiguous` (several candidates), `none`. */
  link: z.enum(['linked', 'ambiguous', 'none']),
  link_candidates: z.int(),
  event_kind: z.enum(['order', 'call', 'ticket']).nullable(),
  event_id: z.string().nullable(),
  event_at: at().nullable(),
  /** Of the linked order. */
  revenue: money().nullable(),
  /** Calendar days between promise and delivery of the linked order, positive when late. */
  delay_days: z.number().nullable(),
  /** The same in words; null when the linked order has no promise or was not delivered. */
  delivery: z.enum(['on time', '1-3 days late', '4-7 days late', '8+ days late']).nullable(),
})

/** Grain: quarter. Quarters of an hour (UTC) in which anything happened. */
export const Activity = z.object({
  quarter: at(),
  /** The last order of the quarter; null without one. */
  last_ordered_at: at().nullable(),
})

/** Grain: month. Local months in which anything happened. */
export const OutcomeMonth = z.object({
  /** First day of the month in the project's time zone. */
  month: z.iso.date(),
  /** Whether the 90 days after it lie behind the last order seen anywhere. */
  observed: z.boolean(),
})

/** Grain: month. Those of them that are fully observed. */
export const ObservedMonth = z.object({ month: z.iso.date() })

/** Grain: person_id × month. Orders in the 90 days after a month, of months for which those days are fully observed. */
export const Outcome = z.object({ person_id: z.string(), month: z.iso.date(), next_revenue: money() })

/** Grain: person_id × month. The last scores a person gave in a month; null where none was given. */
export const MonthScore = z.object({
  person_id: z.string(),
  month: z.iso.date(),
  nps: z.number().nullable(),
  csat: z.number().nullable(),
})

/** Grain: person_id × month. What a person said and did in a month, features as known at its end. */
export const CustomerMonth = z.object({
  person_id: z.string(),
  /** First instant of the month in the project's time zone, as a date. */
  month: z.iso.date(),
  orders: z.int(),
  revenue: money(),
  calls: z.int(),
  tickets: z.int(),
  submissions: z.int(),
  /** Last NPS and satisfaction answers known at the end of the month. */
  nps: z.number().nullable(),
  csat: z.number().nullable(),
  score_group: z.enum(['promoter', 'passive', 'detractor', 'unknown']),
  /** Whether an order follows within 90 days after the month; null while that window is not fully observed. */
  repurchased: z.boolean().nullable(),
  /** Revenue in those 90 days; null while not fully observed. */
  next_revenue: money().nullable(),
})

/** Every table a query may name. */
export interface Warehouse {
  contact: z.infer<typeof Contact>
  person_key: z.infer<typeof PersonKey>
  person: z.infer<typeof Person>
  submission: z.infer<typeof Submission>
  answer: z.infer<typeof Answer>
  comment: z.infer<typeof Comment>
  order: z.infer<typeof Order>
  call: z.infer<typeof Call>
  support_ticket: z.infer<typeof SupportTicket>
  'xo.response_context': z.infer<typeof ResponseContext>
  'xo.activity': z.infer<typeof Activity>
  'xo.outcome_month': z.infer<typeof OutcomeMonth>
  'xo.observed_month': z.infer<typeof ObservedMonth>
  'xo.outcome': z.infer<typeof Outcome>
  'xo.month_score': z.infer<typeof MonthScore>
  'xo.customer_month': z.infer<typeof CustomerMonth>
}
