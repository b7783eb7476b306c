/** Zendesk tickets, users, ratings and calls as contacts, tickets, calls, submissions and comments. */
import { sql } from 'kysely'
import { z } from 'zod'
import { defineSourceModel, type Model } from '#models/define-model.ts'
import { jsonText, noNumber, noText } from '#models/dialect.ts'
import { lookup, same, time } from '#models/partition.ts'
import { Call, Comment, Contact, Submission, SupportTicket } from '#models/tables.ts'
import { AnswerPart } from '#models/x/answer-part.ts'
import { idIn, sourceName } from './source-id.ts'

const at = z.iso.datetime()
const text = z.string().nullable()

const Ticket = z.object({
  id: z.int(),
  subject: text,
  description: text,
  priority: text,
  status: z.string(),
  requester_id: z.int().nullable(),
  via: z.looseObject({}).nullable(),
  created_at: at,
})
const User = z.object({
  id: z.int(),
  email: text,
  phone: text,
  external_id: text,
  locale: text,
  created_at: at,
})
const Rating = z.object({
  id: z.int(),
  score: z.string(),
  comment: text,
  ticket_id: z.int(),
  requester_id: z.int().nullable(),
  created_at: at,
})
const TalkCall = z.object({
  id: z.int(),
  created_at: at,
  direction: z.string(),
  completion_status: z.string(),
  talk_time: z.number().nullable(),
  wait_time: z.number().nullable(),
  customer_id: z.int().nullable(),
  ticket_id: z.int().nullable(),
})

const users = { stream: 'users', record: User }
const tickets = { stream: 'tickets', record: Ticket, time: 'created_at' }
const ratings = { stream: 'satisfaction_ratings', record: Rating, time: 'created_at' }
const calls = { stream: 'calls', record: TalkCall, time: 'created_at' }

/** A user's contact keys; the external id is where help desks keep the member number. */
const keys = ['email as email_key', 'phone as phone_key', 'external_id as member_key'] as const

/** Before the customer answers, a rating is `offered` or `unoffered`. */
const rated = sql<boolean>`score in ('good', 'bad')`

/** The help desk's own thumbs (`good`, `bad`) become a survey called `satisfaction_rating` with one choice question. */
export function zendeskModels(source: string): Model[] {
  return [contact, supportTicket, call, submission, answer, comment].map((model) => model(source))
}

function contact(source: string): Model {
  return defineSourceModel({
    name: `${source}.contact`,
    description: 'Zendesk users, by the contact keys the help desk knows.',
    owner: 'saydo',
    grain: ['source', 'source_id'],
    contract: Contact,
    time: 'seen_at',
    raw: { users: { source, ...users } },
    query: (db) =>
      db
        .selectFrom('users')
        .select([
          sourceName(source).as('source'),
          sql<string>`cast(id as VARCHAR)`.as('source_id'),
          ...keys,
          'created_at as seen_at',
        ]),
  })
}

function supportTicket(source: string): Model {
  return defineSourceModel({
    name: `${source}.support_ticket`,
    description: 'Zendesk tickets that were not deleted.',
    owner: 'saydo',
    grain: ['ticket_id'],
    contract: SupportTicket,
    raw: { tickets: { source, ...tickets }, users: { source, ...users } },
    partition: time('opened_at'),
    inputs: (db) => ({
      tickets: same(),
      users: lookup('id', db.selectFrom('tickets').select('requester_id')),
    }),
    query: (db) =>
      db
        .selectFrom('tickets')
        .leftJoin('users', 'users.id', 'requester_id')
        .where('status', '<>', 'deleted')
        .select((eb) => [
          idIn(source, 'tickets.id').as('ticket_id'),
          sourceName(source).as('source'),
          sql<string>`cast(tickets.id as VARCHAR)`.as('ticket_number'),
          'tickets.created_at as opened_at',
          'status',
          'priority',
          jsonText(eb.ref('via'), 'channel').as('channel'),
          ...keys,
        ]),
  })
}

function call(source: string): Model {
  return defineSourceModel({
    name: `${source}.call`,
    description: 'Zendesk Talk calls.',
    owner: 'saydo',
    grain: ['call_id'],
    contract: Call,
    raw: { calls: { source, ...calls }, users: { source, ...users } },
    partition: time('called_at'),
    inputs: (db) => ({
      calls: same(),
      users: lookup('id', db.selectFrom('calls').select('customer_id')),
    }),
    query: (db) =>
      db
        .selectFrom('calls')
        .leftJoin('users', 'users.id', 'customer_id')
        .select([
          idIn(source, 'calls.id').as('call_id'),
          sourceName(source).as('source'),
          'calls.created_at as called_at',
          'direction',
          'wait_time as wait_seconds',
          'talk_time as talk_seconds',
          'completion_status as completion',
          sql<string | null>`cast(ticket_id as VARCHAR)`.as('ticket_number'),
          ...keys,
        ]),
  })
}

function submission(source: string): Model {
  return defineSourceModel({
    name: `${source}.submission`,
    description: 'Zendesk satisfaction ratings that were answered.',
    owner: 'saydo',
    grain: ['submission_id'],
    contract: Submission,
    raw: { ratings: { source, ...ratings }, users: { source, ...users } },
    partition: time('submitted_at'),
    inputs: (db) => ({
      ratings: same(),
      users: lookup('id', db.selectFrom('ratings').select('requester_id')),
    }),
    query: (db) =>
      db
        .selectFrom('ratings')
        .leftJoin('users', 'users.id', 'requester_id')
        .where(rated)
        .select([
          idIn(source, 'ratings.id').as('submission_id'),
          sourceName(source).as('source'),
          sql<string>`'satisfaction_rating'`.as('survey_id'),
          'ratings.created_at as submitted_at',
          'locale as language',
          noText.as('channel'),
          sql<string | null>`'support'`.as('touchpoint'),
          noText.as('store_id'),
          sql<string | null>`cast(ticket_id as VARCHAR)`.as('about_id'),
          ...keys,
        ]),
  })
}

function answer(source: string): Model {
  return defineSourceModel({
    name: `${source}.answer`,
    description: 'The thumb of a Zendesk satisfaction rating.',
    owner: 'saydo',
    grain: ['answer_id'],
    contract: AnswerPart,
    raw: { ratings: { source, ...ratings } },
    partition: time('answered_at'),
    inputs: () => ({ ratings: same() }),
    query: (db) =>
      db
        .selectFrom('ratings')
        .where(rated)
        .select([
          sql<string>`${idIn(source, 'id')} || ':rating'`.as('answer_id'),
          idIn(source, 'id').as('submission_id'),
          sourceName(source).as('source'),
          sql<string>`'satisfaction_rating'`.as('survey_id'),
          sql<string>`'rating'`.as('question_id'),
          noNumber.as('number'),
          sql<string | null>`score`.as('choice'),
          'created_at as answered_at',
        ]),
  })
}

function comment(source: string): Model {
  return defineSourceModel({
    name: `${source}.comment`,
    description: 'What customers wrote: tickets and comments of ratings.',
    owner: 'saydo',
    grain: ['comment_id'],
    contract: Comment,
    raw: { tickets: { source, ...tickets }, ratings: { source, ...ratings }, users: { source, ...users } },
    partition: time('written_at'),
    inputs: (db) => ({
      tickets: same(),
      ratings: same(),
      users: lookup(
        'id',
        db
          .selectFrom('tickets')
          .select('requester_id')
          .unionAll(db.selectFrom('ratings').select('requester_id')),
      ),
    }),
    query: (db) =>
      db
        .selectFrom('tickets')
        .leftJoin('users', 'users.id', 'requester_id')
        .where('status', '<>', 'deleted')
        .where(sql<boolean>`trim(coalesce(description, '')) <> ''`)
        .select((eb) => [
          sql<string>`${idIn(source, 'tickets.id')} || ':ticket'`.as('comment_id'),
          sourceName(source).as('source'),
          sql<'survey' | 'ticket'>`'ticket'`.as('kind'),
          noText.as('submission_id'),
          'tickets.created_at as written_at',
          'locale as language',
          jsonText(eb.ref('via'), 'channel').as('channel'),
          sql<string>`description`.as('text'),
          ...keys,
        ])
        .unionAll(
          db
            .selectFrom('ratings')
            .leftJoin('users', 'users.id', 'requester_id')
            .where(rated)
            .where(sql<boolean>`trim(coalesce(comment, '')) <> ''`)
            .select([
              sql<string>`${idIn(source, 'ratings.id')} || ':rating'`.as('comment_id'),
              sourceName(source).as('source'),
              sql<'survey' | 'ticket'>`'survey'`.as('kind'),
              sql<string | null>`${idIn(source, 'ratings.id')}`.as('submission_id'),
              'ratings.created_at as written_at',
              'locale as language',
              noText.as('channel'),
              sql<string>`comment`.as('text'),
              ...keys,
            ]),
        ),
  })
}
