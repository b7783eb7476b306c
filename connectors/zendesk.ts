/** Zendesk: tickets and users by incremental cursor, satisfaction ratings by page cursor, Talk calls by time. */
import { z } from 'zod'
import { defineConnector } from './connector.ts'
import type { ConnectorContext, ReadRequest, SourceEvent } from './connector.ts'
import { expectShape } from './expect-shape.ts'
import { SourceRejected } from './source-error.ts'
import { Rate } from './token-bucket.ts'
import { CallsCheckpoint, readCalls } from './zendesk-calls.ts'
import { CursorCheckpoint, readIncremental } from './zendesk-incremental.ts'
import { RatingsCheckpoint, readRatings } from './zendesk-ratings.ts'
import {
  callPrivacy,
  ratingPrivacy,
  ticketPrivacy,
  userPrivacy,
  ZendeskCall,
  ZendeskRating,
  ZendeskTicket,
  ZendeskUser,
} from './zendesk-record.ts'
import type { Ask } from './zendesk-ask.ts'

const Config = z.strictObject({
  /** `https://<subdomain>.zendesk.com` */
  url: z.url(),
  pageSize: z.int().min(1).max(1000).default(1000),
  /** The incremental endpoints allow ten requests a minute. */
  rate: Rate.default({ requests: 10, perSeconds: 60 }),
})
type Context = ConnectorContext<z.output<typeof Config>>

const Me = z.looseObject({ user: z.looseObject({ id: z.int().nullable() }) })

export const zendesk = defineConnector({
  name: 'zendesk',
  title: { en: 'Zendesk Support and Talk', zh: 'Zendesk 客服与话务' },
  kind: 'call-centre',
  config: Config,
  secrets: ['email', 'token'],
  http: ({ url, rate }) => ({ baseUrl: url, rate }),
  streams: () => [
    {
      name: 'tickets',
      record: ZendeskTicket,
      primaryKey: ['id'],
      cursorField: 'generated_timestamp',
      eventTime: 'created_at',
      checkpoint: CursorCheckpoint,
      privacy: ticketPrivacy,
    },
    {
      name: 'users',
      record: ZendeskUser,
      primaryKey: ['id'],
      cursorField: 'updated_at',
      eventTime: 'created_at',
      checkpoint: CursorCheckpoint,
      privacy: userPrivacy,
    },
    {
      name: 'satisfaction_ratings',
      record: ZendeskRating,
      primaryKey: ['id'],
      cursorField: 'updated_at',
      eventTime: 'created_at',
      checkpoint: RatingsCheckpoint,
      privacy: ratingPrivacy,
    },
    {
      name: 'calls',
      record: ZendeskCall,
      primaryKey: ['id'],
      cursorField: 'updated_at',
      eventTime: 'created_at',
      checkpoint: CallsCheckpoint,
      privacy: callPrivacy,
    },
  ],
  check: async (context) => {
    const ask = askAs(context, AbortSignal.timeout(30_000))
    const { user } = await ask('/api/v2/users/me', {}, Me)
    // A wrong token can be answered as an anonymous visitor.
    if (user.id === null)
      throw new SourceRejected('answers as to a visitor; check the e-mail and the token.', {
        source: context.source,
      })
  },
  read: (context, request) => readStream(context, request),
})

function readStream(context: Context, request: ReadRequest): AsyncIterable<SourceEvent> {
  const ask = askAs(context, request.signal)
  const { pageSize } = context.config
  switch (request.stream) {
    case 'tickets':
    case 'users':
      return readIncremental(ask, request, { source: context.source, kind: request.stream, pageSize })
    case 'satisfaction_ratings':
      return readRatings(ask, request, {
        source: context.source,
        pageSize: Math.min(100, pageSize),
        now: context.now,
      })
    case 'calls':
      return readCalls(ask, request)
    default:
      throw new SourceRejected(`has no stream ${JSON.stringify(request.stream)}.`, { source: context.source })
  }
}

/** Basic authentication as `<email>/token:<token>`. */
function askAs(context: Context, signal: AbortSignal): Ask {
  const basic = Buffer.from(`${context.secret('email')}/token:${context.secret('token')}`).toString('base64')
  return async (url, query, shape) => {
    const { body } = await context.http.json({
      url,
      query,
      headers: { authorization: `Basic ${basic}` },
      signal,
    })
    return expectShape(shape, body, { source: context.source, what: url })
  }
}
