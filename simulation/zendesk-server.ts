/** A stand-in of Zendesk Support and Talk: cursor exports, page cursors, time-based calls, and their traps. */
import type { Company } from './company.ts'
import { firstIndex } from './first-index.ts'
import { standIn } from './stand-in.ts'
import type { Answer, Asked, StandIn, StandInOptions } from './stand-in.ts'
import { deskOf } from './zendesk-desk.ts'
import type { Desk, Row } from './zendesk-desk.ts'

export type ZendeskOptions = StandInOptions & {
  readonly email?: string
  readonly token?: string
  /** Calls on one page; the vendor decides, not the caller. */
  readonly callsPerPage?: number
}

/** Serve the company's help desk: tickets with ratings, contacts as users, calls. */
export function startZendesk(company: Company, options: ZendeskOptions = {}): Promise<StandIn> {
  const { email = 'cx@saydo.example', token = 'zd_simulated_9fQ2', callsPerPage = 1000 } = options
  const basic = `Basic ${Buffer.from(`${email}/token:${token}`).toString('base64')}`
  const desk = deskOf(company)
  const now = options.now ?? (() => new Date())
  return standIn(
    {
      authorized: ({ headers }) => headers.authorization === basic,
      unauthorized: { status: 401, body: { error: "Couldn't authenticate you" } },
      answer: (asked, empty) => answer(asked, desk, { empty, callsPerPage, now: now() }),
    },
    options,
  )
}

type Serving = { readonly empty: boolean; readonly callsPerPage: number; readonly now: Date }

function answer(asked: Asked, desk: Desk, serving: Serving): Answer {
  switch (asked.path.replace(/\.json$/, '')) {
    case '/api/v2/users/me':
      return ok({ user: { id: 1, role: 'admin', name: 'saydo' } })
    case '/api/v2/incremental/tickets/cursor':
      return cursorPage(asked, 'tickets', desk.tickets, serving)
    case '/api/v2/incremental/users/cursor':
      return cursorPage(asked, 'users', desk.users, serving)
    case '/api/v2/satisfaction_ratings':
      return ratingsPage(asked, desk.ratings)
    case '/api/v2/channels/voice/stats/incremental/calls':
      return callsPage(asked, desk.calls, serving.callsPerPage)
    default:
      return { status: 404, body: { error: 'RecordNotFound', description: 'Not found' } }
  }
}

/** The cursor is `<second>.0||<id>|` in base64; the last minute is withheld. */
function cursorPage(asked: Asked, kind: 'tickets' | 'users', rows: readonly Row[], serving: Serving): Answer {
  const cursor = asked.query.get('cursor')
  const startTime = asked.query.get('start_time')
  const minuteAgo = Math.floor(serving.now.getTime() / 1000) - 60
  if (cursor === null && startTime === null)
    return { status: 400, body: { error: 'BadRequest', description: 'start_time is missing' } }
  if (cursor === null && Number(startTime) > minuteAgo)
    return { status: 422, body: { error: 'InvalidValue', description: 'Too recent start_time' } }
  const from = cursor === null ? { second: Number(startTime), id: 0 } : decode(cursor)
  const start = firstAfter(rows, from)
  const end = firstIndex(rows, ({ second }) => second > minuteAgo)
  const size = Number(asked.query.get('per_page') ?? 1000)
  const page = serving.empty ? [] : rows.slice(start, Math.min(end, start + size))
  const after = encode(page.at(-1) ?? from)
  const isEnd = !serving.empty && start + page.length >= end
  return ok({
    [kind]: page.map((row) => row.write(asked.origin)),
    after_cursor: after,
    after_url: `${asked.origin}/api/v2/incremental/${kind}/cursor.json?cursor=${after}`,
    before_cursor: null,
    before_url: null,
    end_of_stream: isEnd,
  })
}

function encode({ second, id }: { second: number; id: number }): string {
  return Buffer.from(`${second}.0||${id}|`).toString('base64')
}

function decode(cursor: string): { second: number; id: number } {
  const [second = '0', , id = '0'] = Buffer.from(cursor, 'base64').toString().split('|')
  return { second: Number.parseFloat(second), id: Number(id) }
}

/** Index of the first row after a position; rows are ordered by second, then id. */
function firstAfter(rows: readonly Row[], { second, id }: { second: number; id: number }): number {
  return firstIndex(rows, (row) => row.second > second || (row.second === second && row.id > id))
}

function ratingsPage({ query, origin }: Asked, rows: readonly Row[]): Answer {
  const from = Number(query.get('start_time') ?? 0)
  const to = Number(query.get('end_time') ?? Infinity)
  const size = Math.min(100, Number(query.get('page[size]') ?? 100))
  const after = query.get('page[after]')
  const start =
    after === null ? firstAfter(rows, { second: from - 1, id: Infinity }) : firstAfter(rows, decode(after))
  const end = firstIndex(rows, ({ second }) => second > to)
  const page = rows.slice(start, Math.min(end, start + size))
  const last = page.at(-1)
  const cursor = last === undefined ? null : encode(last)
  return ok({
    satisfaction_ratings: page.map((row) => row.write(origin)),
    meta: { has_more: start + page.length < end, after_cursor: cursor, before_cursor: null },
    links: {
      next: cursor && `${origin}/api/v2/satisfaction_ratings.json?page%5Bafter%5D=${cursor}`,
      prev: null,
    },
  })
}

/** Calls changed in one second are never split over pages; `next_page` goes on for ever. */
function callsPage({ query, origin }: Asked, rows: readonly Row[], size: number): Answer {
  const from = Number(query.get('start_time') ?? 0)
  const start = firstAfter(rows, { second: from - 1, id: Infinity })
  const edge = rows[start + size - 1]?.second ?? Infinity
  const page = rows.slice(
    start,
    firstIndex(rows, ({ second }) => second > edge),
  )
  const next = page.at(-1)?.second ?? from
  return ok({
    calls: page.map((row) => row.write(origin)),
    count: page.length,
    next_page: `${origin}/api/v2/channels/voice/stats/incremental/calls.json?start_time=${next}`,
  })
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}
