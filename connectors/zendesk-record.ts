/** Zendesk's tickets, users, ratings and calls as they land, and what of them is personal. */
import { z } from 'zod'
import type { Privacy } from './connector.ts'

const Instant = z.iso.datetime({ offset: true })

export const ZendeskTicket = z.object({
  id: z.int(),
  url: z.string().nullish(),
  external_id: z.string().nullish(),
  type: z.string().nullish(),
  subject: z.string().nullish(),
  raw_subject: z.string().nullish(),
  description: z.string().nullish(),
  priority: z.string().nullish(),
  /** `deleted` tickets come too, until the vendor scrubs them. */
  status: z.string(),
  recipient: z.string().nullish(),
  requester_id: z.int().nullish(),
  submitter_id: z.int().nullish(),
  assignee_id: z.int().nullish(),
  organization_id: z.int().nullish(),
  group_id: z.int().nullish(),
  via: z.looseObject({ channel: z.union([z.string(), z.number()]).nullish() }).nullish(),
  tags: z.array(z.string()).nullish(),
  custom_fields: z.array(z.looseObject({ id: z.int() })).nullish(),
  satisfaction_rating: z.looseObject({ score: z.string() }).nullish(),
  created_at: Instant,
  updated_at: Instant,
  /** Unix seconds; moves on every change, system updates too, which `updated_at` does not. */
  generated_timestamp: z.int(),
})

/** Subject and description are kept, since they are what is analysed; `via.source` holds addresses and names. */
export const ticketPrivacy: Readonly<Record<string, Privacy>> = {
  subject: { policy: 'keep' },
  raw_subject: { policy: 'keep' },
  description: { policy: 'keep' },
  recipient: { policy: 'drop' },
  'via.source': { policy: 'drop' },
  'satisfaction_rating.comment': { policy: 'keep' },
}

export const ZendeskUser = z.object({
  id: z.int(),
  url: z.string().nullish(),
  name: z.string().nullish(),
  alias: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  external_id: z.string().nullish(),
  role: z.string(),
  /** False for deleted users. */
  active: z.boolean(),
  verified: z.boolean().nullish(),
  suspended: z.boolean().nullish(),
  locale: z.string().nullish(),
  time_zone: z.string().nullish(),
  organization_id: z.int().nullish(),
  tags: z.array(z.string()).nullish(),
  details: z.string().nullish(),
  notes: z.string().nullish(),
  signature: z.string().nullish(),
  photo: z.looseObject({}).nullish(),
  user_fields: z.looseObject({}).nullish(),
  created_at: Instant,
  updated_at: Instant,
})

/** The external id is where help desks keep the member number. */
export const userPrivacy: Readonly<Record<string, Privacy>> = {
  name: { policy: 'drop' },
  alias: { policy: 'drop' },
  email: { policy: 'hash', as: 'email' },
  phone: { policy: 'hash', as: 'phone' },
  external_id: { policy: 'hash', as: 'id' },
  details: { policy: 'drop' },
  notes: { policy: 'drop' },
  signature: { policy: 'drop' },
  photo: { policy: 'drop' },
  // Fields a company adds to its users may hold anything.
  user_fields: { policy: 'drop' },
}

export const ZendeskRating = z.object({
  id: z.int(),
  url: z.string().nullish(),
  /** `good` or `bad` when the customer answered, `offered` or `unoffered` before. */
  score: z.string(),
  comment: z.string().nullish(),
  reason: z.string().nullish(),
  reason_id: z.int().nullish(),
  ticket_id: z.int(),
  requester_id: z.int().nullish(),
  assignee_id: z.int().nullish(),
  group_id: z.int().nullish(),
  created_at: Instant,
  updated_at: Instant,
})

export const ratingPrivacy: Readonly<Record<string, Privacy>> = { comment: { policy: 'keep' } }

/** Durations in seconds. */
export const ZendeskCall = z.object({
  id: z.int(),
  created_at: Instant,
  updated_at: Instant,
  direction: z.string(),
  completion_status: z.string(),
  duration: z.number(),
  talk_time: z.number().nullish(),
  wait_time: z.number().nullish(),
  hold_time: z.number().nullish(),
  wrap_up_time: z.number().nullish(),
  time_to_answer: z.number().nullish(),
  customer_id: z.int().nullish(),
  agent_id: z.int().nullish(),
  ticket_id: z.int().nullish(),
  phone_number_id: z.int().nullish(),
  phone_number: z.string().nullish(),
  callback: z.boolean().nullish(),
  voicemail: z.boolean().nullish(),
})

/** The number is the company's own line by the vendor's word; some accounts see the caller's there. */
export const callPrivacy: Readonly<Record<string, Privacy>> = {
  phone_number: { policy: 'hash', as: 'phone' },
}
