/** A stand-in of Mastodon's hashtag timelines: snowflake ids, pages by Link header, limits that reset at an ISO instant. */
import type { Company, Post } from './company.ts'
import { firstIndex } from './first-index.ts'
import { standIn } from './stand-in.ts'
import type { Answer, Asked, StandIn, StandInOptions } from './stand-in.ts'

export type MastodonOptions = StandInOptions & { readonly token?: string }

type Status = { readonly id: bigint; readonly post: Post }

/** Serve the company's public posts by tag. */
export function startMastodon(company: Company, options: MastodonOptions = {}): Promise<StandIn> {
  const token = options.token ?? 'mst_simulated_4Gk'
  const now = options.now ?? (() => new Date())
  const timelines = timelinesOf(company.posts)
  return standIn(
    {
      authorized: ({ headers }) => headers.authorization === `Bearer ${token}`,
      unauthorized: { status: 401, body: { error: 'The access token is invalid' } },
      answer: (asked) => answer(asked, timelines, now()),
    },
    options,
  )
}

/** Mastodon tells the end of its five-minute window as an ISO instant. */
export function mastodonLimit(reset: Date): Record<string, string> {
  return {
    'x-ratelimit-limit': '300',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': reset.toISOString().replace('Z', '000Z'),
  }
}

/** By tag in lower case, oldest first. An id is its instant in milliseconds, shifted, and a number that tells apart what fell on one. */
function timelinesOf(posts: readonly Post[]): Map<string, Status[]> {
  const timelines = new Map<string, Status[]>()
  const ordered = posts.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
  for (const [index, post] of ordered.entries()) {
    const id = (BigInt(post.createdAt.getTime()) << 16n) + BigInt(index % 65_536)
    const tag = post.tag.toLowerCase()
    const timeline = timelines.get(tag)
    if (timeline === undefined) timelines.set(tag, [{ id, post }])
    else timeline.push({ id, post })
  }
  return timelines
}

function answer(asked: Asked, timelines: ReadonlyMap<string, readonly Status[]>, now: Date): Answer {
  const tag = /^\/api\/v1\/timelines\/tag\/([^/]+)$/.exec(asked.path)?.[1]
  if (tag === undefined) return { status: 404, body: { error: 'Record not found' } }
  const page = pageOf(timelines.get(decodeURIComponent(tag).toLowerCase()) ?? [], asked.query)
  const [first, last] = [page[0], page.at(-1)]
  const link = (key: string, id: bigint, rel: string): string =>
    `<${asked.origin}${asked.path}?${key}=${id}>; rel="${rel}"`
  return {
    status: 200,
    headers: {
      'x-ratelimit-limit': '300',
      'x-ratelimit-remaining': '299',
      'x-ratelimit-reset': new Date(now.getTime() + 300_000).toISOString(),
      ...(first !== undefined &&
        last !== undefined && {
          link: `${link('max_id', last.id, 'next')}, ${link('min_id', first.id, 'prev')}`,
        }),
    },
    body: page.map((status) => write(status, asked.origin)),
  }
}

/** `min_id` takes the oldest above it, `since_id` the newest; a page is newest first all the same. */
function pageOf(timeline: readonly Status[], query: URLSearchParams): Status[] {
  const limit = Math.min(40, Number(query.get('limit') ?? 20))
  const [min, since, max] = ['min_id', 'since_id', 'max_id'].map((name) => query.get(name))
  const above = BigInt(min ?? since ?? 0)
  const below = max === null || max === undefined ? undefined : BigInt(max)
  const start = firstIndex(timeline, ({ id }) => id > above)
  const end = below === undefined ? timeline.length : firstIndex(timeline, ({ id }) => id >= below)
  const forward = min !== null && min !== undefined
  const page = forward
    ? timeline.slice(start, Math.min(end, start + limit))
    : timeline.slice(Math.max(start, end - limit), end)
  return page.toReversed()
}

function write({ id, post }: Status, origin: string): unknown {
  const { account, createdAt, editedAt, language, text, tag } = post
  const profile = `${origin}/@${account}`
  return {
    id: String(id),
    created_at: createdAt.toISOString(),
    edited_at: editedAt?.toISOString() ?? null,
    in_reply_to_id: null,
    in_reply_to_account_id: null,
    sensitive: false,
    spoiler_text: '',
    visibility: 'public',
    language,
    uri: `${origin}/users/${account}/statuses/${id}`,
    url: `${profile}/${id}`,
    replies_count: 0,
    reblogs_count: 0,
    favourites_count: 0,
    content: `<p>${html(text, origin)}</p>`,
    reblog: null,
    account: {
      id: accountId(account),
      username: account,
      acct: account,
      display_name: account,
      locked: false,
      bot: false,
      discoverable: true,
      indexable: true,
      group: false,
      created_at: '2024-01-01T00:00:00.000Z',
      note: `<p>${account}</p>`,
      url: profile,
      uri: `${origin}/users/${account}`,
      avatar: `${origin}/avatars/${account}.png`,
      avatar_static: `${origin}/avatars/${account}.png`,
      avatar_description: '',
      header: `${origin}/headers/missing.png`,
      header_static: `${origin}/headers/missing.png`,
      header_description: '',
      followers_count: 12,
      following_count: 10,
      statuses_count: 40,
      last_status_at: createdAt.toISOString().slice(0, 10),
      emojis: [],
      fields: [],
      roles: [],
    },
    media_attachments: [],
    mentions: [],
    tags: [{ name: tag.toLowerCase(), url: `${origin}/tags/${tag}` }],
    emojis: [],
    card: null,
    poll: null,
  }
}

/** The same number for the same handle. */
function accountId(account: string): string {
  const number = Buffer.from(account).reduce((sum, byte) => (sum * 31 + byte) % 1e12, 7)
  return String(1e14 + number)
}

/** Text as Mastodon keeps it: escaped, hashtags as links. */
function html(text: string, origin: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped.replaceAll(
    /#([\p{L}\p{N}_]+)/gu,
    (_, name: string) =>
      `<a href="${origin}/tags/${name}" class="mention hashtag" rel="tag">#<span>${name}</span></a>`,
  )
}
