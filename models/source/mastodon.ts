/** Mastodon statuses as comments: what is said in public, by authors known only as a hashed handle. */
import { sql } from 'kysely'
import { z } from 'zod'
import { defineSourceModel, type Model } from '#models/define-model.ts'
import { noText, plainText } from '#models/dialect.ts'
import { same, time } from '#models/partition.ts'
import { Comment } from '#models/tables.ts'

const Status = z.object({
  id: z.string(),
  created_at: z.iso.datetime(),
  language: z.string().nullable(),
  content: z.string(),
})

/** A handle is no contact key of any other system, so a post joins nobody. */
export function mastodonModels(source: string): Model[] {
  return [
    defineSourceModel({
      name: `${source}.comment`,
      description: 'Mastodon statuses under the followed hashtags.',
      owner: 'saydo',
      grain: ['comment_id'],
      contract: Comment,
      raw: { statuses: { source, stream: 'statuses', record: Status, time: 'created_at' } },
      partition: time('written_at'),
      inputs: () => ({ statuses: same() }),
      query: (db) =>
        db
          .selectFrom('statuses')
          .select((eb) => [
            sql<string>`${sql.lit(`${source}:`)} || id`.as('comment_id'),
            sql<string>`${sql.lit(source)}`.as('source'),
            sql<'post'>`'post'`.as('kind'),
            noText.as('submission_id'),
            'created_at as written_at',
            'language',
            sql<string | null>`'social'`.as('channel'),
            plainText(eb.ref('content')).as('text'),
            noText.as('email_key'),
            noText.as('phone_key'),
            noText.as('member_key'),
          ]),
    }),
  ]
}
