/** A Mastodon status as it lands, and what of it names a person. */
import { z } from 'zod'
import type { Privacy } from './connector.ts'

const Instant = z.iso.datetime({ offset: true })

export const MastodonStatus = z.object({
  id: z.string().min(1),
  created_at: Instant,
  edited_at: Instant.nullish(),
  language: z.string().nullish(),
  visibility: z.string(),
  /** HTML. */
  content: z.string(),
  spoiler_text: z.string().nullish(),
  sensitive: z.boolean().nullish(),
  uri: z.string().nullish(),
  url: z.string().nullish(),
  in_reply_to_id: z.string().nullish(),
  in_reply_to_account_id: z.string().nullish(),
  replies_count: z.int().nullish(),
  reblogs_count: z.int().nullish(),
  favourites_count: z.int().nullish(),
  account: z.looseObject({ id: z.string(), acct: z.string() }),
  tags: z.array(z.looseObject({ name: z.string() })),
  mentions: z.array(z.looseObject({})).nullish(),
  media_attachments: z.array(z.looseObject({})).nullish(),
  reblog: z.looseObject({}).nullish(),
  quote: z.looseObject({}).nullish(),
  card: z.looseObject({}).nullish(),
})

/** The account stays one hashed handle; a handle written inside the text stays there, since the text is what is analysed. */
export const statusPrivacy: Readonly<Record<string, Privacy>> = {
  content: { policy: 'keep' },
  spoiler_text: { policy: 'keep' },
  // Addresses of a status contain its author's handle.
  uri: { policy: 'drop' },
  url: { policy: 'drop' },
  in_reply_to_account_id: { policy: 'hash', as: 'id' },
  mentions: { policy: 'drop' },
  reblog: { policy: 'drop' },
  quote: { policy: 'drop' },
  'account.id': { policy: 'hash', as: 'id' },
  'account.acct': { policy: 'hash', as: 'id' },
  'account.username': { policy: 'drop' },
  'account.display_name': { policy: 'drop' },
  'account.note': { policy: 'drop' },
  'account.url': { policy: 'drop' },
  'account.uri': { policy: 'drop' },
  'account.avatar': { policy: 'drop' },
  'account.avatar_static': { policy: 'drop' },
  'account.header': { policy: 'drop' },
  'account.header_static': { policy: 'drop' },
  'account.fields': { policy: 'drop' },
  'account.emojis': { policy: 'drop' },
}
