/** A Typeform response as it lands, and what of it is personal. */
import { z } from 'zod'
import type { Privacy } from './connector.ts'

const Field = z.looseObject({ id: z.string(), type: z.string(), ref: z.string().optional() })

const Choice = z.looseObject({
  id: z.string().nullish(),
  label: z.string().nullish(),
  ref: z.string().nullish(),
  other: z.string().nullish(),
})

/** One answer; which value key it has is told by `type`. */
export const TypeformAnswer = z.looseObject({
  type: z.string(),
  field: Field,
  number: z.number().optional(),
  text: z.string().optional(),
  boolean: z.boolean().optional(),
  date: z.string().optional(),
  email: z.string().optional(),
  phone_number: z.string().optional(),
  url: z.string().optional(),
  file_url: z.string().optional(),
  choice: Choice.optional(),
  choices: z
    .looseObject({
      ids: z.array(z.string()).optional(),
      labels: z.array(z.string()).optional(),
      refs: z.array(z.string()).optional(),
      other: z.string().nullish(),
    })
    .optional(),
})

/** `form_id` is added by the connector: the vendor gives it in the address only. */
export const TypeformResponse = z.object({
  response_id: z.string().min(1),
  form_id: z.string().min(1),
  token: z.string().nullish(),
  landing_id: z.string().nullish(),
  response_type: z.string().nullish(),
  landed_at: z.iso.datetime({ offset: true }),
  submitted_at: z.iso.datetime({ offset: true }),
  metadata: z.looseObject({}).nullish(),
  hidden: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish(),
  calculated: z.looseObject({ score: z.number().nullish() }).nullish(),
  variables: z.array(z.looseObject({ key: z.string() })).nullish(),
  answers: z.array(TypeformAnswer).nullish(),
})
export type TypeformResponse = z.infer<typeof TypeformResponse>

/** Open texts are kept, since they are what is analysed; a phone number typed into one stays there. */
export const typeformPrivacy: Readonly<Record<string, Privacy>> = {
  'hidden.email': { policy: 'hash', as: 'email' },
  'hidden.phone': { policy: 'hash', as: 'phone' },
  'hidden.member_id': { policy: 'hash', as: 'id' },
  'hidden.name': { policy: 'drop' },
  'metadata.network_id': { policy: 'drop' },
  // The page before may carry a customer's address in its query.
  'metadata.referer': { policy: 'drop' },
  'answers[].email': { policy: 'hash', as: 'email' },
  'answers[].phone_number': { policy: 'hash', as: 'phone' },
  'answers[].file_url': { policy: 'drop' },
  'answers[].text': { policy: 'keep' },
}
