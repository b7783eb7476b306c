/** Mastodon: public statuses by hashtag, forward from the oldest with `min_id` as the Link header says. */
import { z } from 'zod'
import { defineConnector } from './connector.ts'
import type { ConnectorContext } from './connector.ts'
import { expectShape } from './expect-shape.ts'
import { MastodonStatus, statusPrivacy } from './mastodon-record.ts'
import { SourceUnavailable } from './source-error.ts'
import { Rate } from './token-bucket.ts'
import { createWindow } from './window.ts'

const Config = z.strictObject({
  /** The server whose timelines are read, such as `https://mastodon.social`. */
  url: z.url(),
  /** Hashtags without `#`. A status edited after it was read keeps its first wording. */
  tags: z.array(z.string().regex(/^[^#\s]+$/, 'Expected a hashtag without #')).min(1),
  /** Statuses of this server only. */
  local: z.boolean().default(false),
  pageSize: z.int().min(1).max(40).default(40),
  rate: Rate.default({ requests: 300, perSeconds: 300 }),
})
type Context = ConnectorContext<z.output<typeof Config>>

/** The newest status read, by tag. */
const Checkpoint = z.strictObject({ newest: z.record(z.string(), z.string()) })

const Page = z.array(z.unknown())
const Created = z.looseObject({ created_at: z.iso.datetime({ offset: true }) })

/** Below every id. */
const OLDEST = '0'

export const mastodon = defineConnector({
  name: 'mastodon',
  title: { en: 'Mastodon', zh: 'Mastodon 社交' },
  kind: 'social',
  config: Config,
  secrets: ['token'],
  http: ({ url, rate }) => ({ baseUrl: url, rate }),
  streams: () => [
    {
      name: 'statuses',
      record: MastodonStatus,
      primaryKey: ['id'],
      eventTime: 'created_at',
      checkpoint: Checkpoint,
      privacy: statusPrivacy,
    },
  ],
  check: async (context) => {
    const signal = AbortSignal.timeout(30_000)
    for (const tag of context.config.tags) await ask(context, tag, OLDEST, signal)
  },
  async *read(context, { slice, checkpoint, signal }) {
    const window = createWindow(slice)
    let { newest } = Checkpoint.parse(checkpoint ?? { newest: {} })
    for (const tag of context.config.tags) {
      for (;;) {
        const from = newest[tag] ?? OLDEST
        const { statuses, next } = await ask(context, tag, from, signal)
        if (statuses.length === 0) break
        if (next === undefined || next === from)
          throw new SourceUnavailable(`tag ${tag}: the page links to no newer one; paging stands still.`, {
            source: context.source,
          })
        const timed = statuses.map((record) => ({ record, time: Created.safeParse(record).data?.created_at }))
        const records = timed.filter(({ time }) => window.has(time)).map(({ record }) => record)
        newest = { ...newest, [tag]: next }
        yield { type: 'page', records, checkpoint: { newest } }
        if (timed.every(({ time }) => window.isPast(time))) break
      }
    }
  },
})

/** The statuses right after `from`, newest first as the vendor sends them, and where the page after them begins. */
async function ask(
  context: Context,
  tag: string,
  from: string,
  signal: AbortSignal,
): Promise<{ statuses: readonly unknown[]; next: string | undefined }> {
  const { local, pageSize } = context.config
  const url = `/api/v1/timelines/tag/${encodeURIComponent(tag)}`
  const { body, headers } = await context.http.json({
    url,
    query: { min_id: from, limit: pageSize, ...(local && { local }) },
    headers: { authorization: `Bearer ${context.secret('token')}` },
    signal,
  })
  const statuses = expectShape(Page, body, { source: context.source, what: url })
  return { statuses, next: newerThan(headers.get('link')) }
}

/** `min_id` of the link called `prev`, which in Mastodon leads to newer statuses. */
function newerThan(link: string | null): string | undefined {
  const address = link === null ? undefined : /<([^>]+)>\s*;\s*rel="?prev"?/.exec(link)?.[1]
  if (address === undefined || !URL.canParse(address)) return undefined
  return new URL(address).searchParams.get('min_id') ?? undefined
}
