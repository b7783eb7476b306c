/** HubSpot objects as they land: the vendor's envelope, and `properties` as it sent them (every value a text or null). */
import { z } from 'zod'
import type { Privacy } from './connector.ts'

export const hubspotObjects = ['contacts', 'deals', 'tickets', 'feedback_submissions'] as const
export type HubspotObject = (typeof hubspotObjects)[number]

const Instant = z.iso.datetime({ offset: true })
const Text = z.string().nullish()
/** HubSpot clears a property by an empty text. */
const Numeric = z
  .string()
  .regex(/^(-?\d+(\.\d+)?([eE][+-]?\d+)?)?$/, 'Expected a number as text')
  .nullish()
const Time = z
  .union([z.literal(''), z.iso.datetime({ offset: true }), z.iso.date(), z.string().regex(/^\d{12,13}$/)])
  .nullish()

const properties = {
  contacts: z.looseObject({ lastmodifieddate: Time, createdate: Time, email: Text, phone: Text }),
  deals: z.looseObject({
    amount: Numeric,
    closedate: Time,
    hs_lastmodifieddate: Time,
    dealstage: Text,
    pipeline: Text,
  }),
  tickets: z.looseObject({
    subject: Text,
    content: Text,
    createdate: Time,
    closed_date: Time,
    hs_lastmodifieddate: Time,
  }),
  feedback_submissions: z.looseObject({
    hs_survey_id: Text,
    hs_survey_type: Text,
    hs_value: Numeric,
    hs_content: Text,
    hs_submission_timestamp: Time,
    hs_lastmodifieddate: Time,
  }),
}

/** The record of one kind of object. */
export function hubspotRecord(kind: HubspotObject) {
  return z.object({
    id: z.string().min(1),
    properties: properties[kind],
    createdAt: Instant,
    updatedAt: Instant,
    archived: z.boolean(),
    archivedAt: Instant.nullish(),
    url: Text,
  })
}

/** Properties asked for, beside those a project adds; texts of tickets and answers are kept, since they are what is analysed. */
export const standardProperties: Record<HubspotObject, Readonly<Record<string, Privacy>>> = {
  contacts: {
    email: { policy: 'hash', as: 'email' },
    hs_additional_emails: { policy: 'drop' },
    phone: { policy: 'hash', as: 'phone' },
    mobilephone: { policy: 'hash', as: 'phone' },
    firstname: { policy: 'drop' },
    lastname: { policy: 'drop' },
    createdate: { policy: 'keep' },
    lastmodifieddate: { policy: 'keep' },
    lifecyclestage: { policy: 'keep' },
    hs_language: { policy: 'keep' },
  },
  deals: {
    // Sales people write the customer's name into it.
    dealname: { policy: 'drop' },
    amount: { policy: 'keep' },
    deal_currency_code: { policy: 'keep' },
    createdate: { policy: 'keep' },
    closedate: { policy: 'keep' },
    dealstage: { policy: 'keep' },
    pipeline: { policy: 'keep' },
    hs_lastmodifieddate: { policy: 'keep' },
  },
  tickets: {
    subject: { policy: 'keep' },
    content: { policy: 'keep' },
    createdate: { policy: 'keep' },
    closed_date: { policy: 'keep' },
    hs_pipeline: { policy: 'keep' },
    hs_pipeline_stage: { policy: 'keep' },
    hs_ticket_priority: { policy: 'keep' },
    source_type: { policy: 'keep' },
    hs_lastmodifieddate: { policy: 'keep' },
  },
  feedback_submissions: {
    hs_survey_id: { policy: 'keep' },
    hs_survey_name: { policy: 'keep' },
    hs_survey_type: { policy: 'keep' },
    hs_survey_channel: { policy: 'keep' },
    hs_submission_timestamp: { policy: 'keep' },
    // Holds the contact's name or address.
    hs_submission_name: { policy: 'drop' },
    hs_value: { policy: 'keep' },
    hs_response_group: { policy: 'keep' },
    hs_content: { policy: 'keep' },
    hs_contact_id: { policy: 'keep' },
    hs_contact_email_rollup: { policy: 'hash', as: 'email' },
    hs_language: { policy: 'keep' },
    hs_createdate: { policy: 'keep' },
    hs_lastmodifieddate: { policy: 'keep' },
  },
}

/** The property by which HubSpot says when an object changed: contacts have a name of their own for it. */
export function modifiedProperty(kind: HubspotObject): string {
  return kind === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate'
}
