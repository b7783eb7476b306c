/** Vendors' records as they land become canonical rows, and the models rely only on columns that the connectors land. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connector } from '#connectors/connector.ts'
import { hubspot } from '#connectors/hubspot.ts'
import { mastodon } from '#connectors/mastodon.ts'
import { typeform } from '#connectors/typeform.ts'
import { zendesk } from '#connectors/zendesk.ts'
import { columnsOf } from '#lake/columns-of.ts'
import type { Row } from '#lake/engine.ts'
import { sourceModels } from './index.ts'
import { type SourceRows, sourceRows } from './source-rows.ts'

let rows: SourceRows
beforeAll(async () => {
  rows = await sourceRows()
})
afterAll(() => rows.close())

/** The rows that a vendor's records become in one canonical table; the source is called `s`. */
function build(vendor: string, table: string, records: Readonly<Record<string, readonly Row[]>>) {
  const models = sourceModels[vendor]?.('s') ?? []
  return rows.of(
    models.find(({ name }) => name === `s.${table}`),
    records,
  )
}

const at = '2026-03-01T08:00:00Z'
const instant = '2026-03-01T08:00:00.000Z'

describe.each([
  ['typeform', typeform, {}],
  ['hubspot', hubspot, {}],
  ['zendesk', zendesk, { url: 'https://x.zendesk.com' }],
  ['mastodon', mastodon, { url: 'https://mastodon.social', tags: ['x'] }],
] as const)('%s', (vendor, connector: Connector, config) => {
  const streams = connector.streams(connector.config.parse(config))

  it('lands every column its models rely on, in the same type', () => {
    for (const model of sourceModels[vendor]?.('s') ?? [])
      for (const { stream, record } of Object.values(model.raw)) {
        const found = streams.find(({ name }) => name === stream)
        const landed = found === undefined ? [] : columnsOf(found.record)
        expect(landed, `${model.name} reads ${stream}`).toEqual(expect.arrayContaining(columnsOf(record)))
      }
  })

  it('makes no rows of no records', async () => {
    for (const model of sourceModels[vendor]?.('s') ?? []) expect(await rows.of(model, {})).toEqual([])
  })
})

describe('Typeform', () => {
  const field = (ref: string, type: string) => ({ id: `id-${ref}`, ref, type })
  const responses = [
    {
      response_id: 'r1',
      form_id: 'after-order',
      submitted_at: at,
      hidden: {
        member_id: 'h1:m',
        email: 'h1:e',
        channel: '微信',
        order_id: 'A-7',
        lang: 'zh',
        store_id: 'sh01',
      },
      answers: [
        { type: 'number', number: 9, field: field('recommend', 'nps') },
        { type: 'choice', choice: { label: 'Price', ref: 'price' }, field: field('why', 'multiple_choice') },
        { type: 'choices', choices: { labels: ['Taste', '味道'] }, field: field('likes', 'multiple_choice') },
        { type: 'boolean', boolean: false, field: { id: 'f9', type: 'yes_no' } },
        { type: 'text', text: '太慢了', field: field('open', 'long_text') },
        { type: 'text', text: '  ', field: field('blank', 'long_text') },
      ],
    },
    { response_id: 'r2', form_id: 'after-order', submitted_at: at, hidden: null, answers: null },
  ]

  it('responses are submissions in the context their hidden fields name', async () => {
    expect(await build('typeform', 'submission', { responses })).toEqual([
      {
        submission_id: 's:r1',
        source: 's',
        survey_id: 'after-order',
        submitted_at: instant,
        language: 'zh',
        channel: '微信',
        touchpoint: null,
        store_id: 'sh01',
        about_id: 'A-7',
        email_key: 'h1:e',
        phone_key: null,
        member_key: 'h1:m',
      },
      expect.objectContaining({ submission_id: 's:r2', channel: null, member_key: null }),
    ])
  })

  it('numbers, choices and each of several choices are answers; a question without a ref is its field', async () => {
    const answers = await build('typeform', 'answer', { responses })
    expect(
      answers.map((row) => [row['answer_id'], row['question_id'], row['number'], row['choice']]),
    ).toEqual([
      ['s:r1:f9', 'f9', null, 'false'],
      ['s:r1:likes:Taste', 'likes', null, 'Taste'],
      ['s:r1:likes:味道', 'likes', null, '味道'],
      ['s:r1:recommend', 'recommend', 9, null],
      ['s:r1:why', 'why', null, 'price'],
    ])
    expect(answers[0]).toMatchObject({
      submission_id: 's:r1',
      survey_id: 'after-order',
      answered_at: instant,
    })
  })

  it('open answers are comments, blank ones are none', async () => {
    expect(await build('typeform', 'comment', { responses })).toEqual([
      expect.objectContaining({
        comment_id: 's:r1:open',
        kind: 'survey',
        submission_id: 's:r1',
        text: '太慢了',
        language: 'zh',
        email_key: 'h1:e',
      }),
    ])
  })
})

describe('HubSpot', () => {
  const record = (id: string, properties: Row, archived = false) => ({
    id,
    properties,
    createdAt: at,
    archived,
  })

  it('contacts that are not archived are sightings', async () => {
    const contacts = [
      record('1', { email: 'h1:e', phone: null, mobilephone: 'h1:p', member_id: 'h1:m' }),
      record('2', { email: 'h1:x' }, true),
    ]
    expect(await build('hubspot', 'contact', { contacts })).toEqual([
      {
        source: 's',
        source_id: '1',
        email_key: 'h1:e',
        phone_key: 'h1:p',
        member_key: 'h1:m',
        seen_at: instant,
      },
    ])
  })

  it('deals are orders: a lost one is cancelled, an unnumbered one has its id, an open one was ordered when made', async () => {
    const deals = [
      record('1', {
        order_number: 'A-7',
        closedate: '2026-02-01T00:30:00.000Z',
        promised_at: '2026-02-03',
        delivered_at: '',
        dealstage: 'closedwon',
        amount: '1234.5',
        deal_currency_code: 'CNY',
        store_id: 'sh01',
      }),
      record('2', { order_number: '', closedate: '', dealstage: 'closedlost', amount: '' }),
      record('3', { dealstage: 'closedwon' }, true),
    ]
    expect(await build('hubspot', 'order', { deals })).toEqual([
      expect.objectContaining({
        order_id: 's:1',
        order_number: 'A-7',
        ordered_at: '2026-02-01T00:30:00.000Z',
        promised_at: '2026-02-03T00:00:00.000Z',
        delivered_at: null,
        status: 'delivered',
        revenue: 1234.5,
        currency: 'CNY',
        store_id: 'sh01',
      }),
      expect.objectContaining({
        order_id: 's:2',
        order_number: '2',
        ordered_at: instant,
        status: 'cancelled',
        revenue: null,
      }),
    ])
  })

  const feedback_submissions = [
    record('1', {
      hs_survey_id: '77',
      hs_survey_type: 'NPS',
      hs_value: '10',
      hs_content: '很好',
      hs_submission_timestamp: '2026-03-02T00:00:00Z',
      hs_contact_email_rollup: 'h1:e',
      order_number: '',
      channel: 'app',
      staff: '4',
      intent: 'leave',
      price: '',
    }),
    record('2', { hs_value: '1' }, true),
  ]

  it('feedback is a submission, about no order when its number is cleared', async () => {
    expect(await build('hubspot', 'submission', { feedback_submissions })).toEqual([
      expect.objectContaining({
        submission_id: 's:1',
        survey_id: '77',
        submitted_at: '2026-03-02T00:00:00.000Z',
        channel: 'app',
        about_id: null,
        email_key: 'h1:e',
      }),
    ])
  })

  it('its score and the portal’s own properties are answers; context and cleared ones are none', async () => {
    const answers = await build('hubspot', 'answer', { feedback_submissions })
    expect(
      answers.map((row) => [row['answer_id'], row['question_id'], row['number'], row['choice']]),
    ).toEqual([
      ['s:1:hs_value', 'nps', 10, null],
      ['s:1:intent', 'intent', null, 'leave'],
      ['s:1:staff', 'staff', 4, null],
    ])
  })

  it('what customers wrote in feedback and tickets are comments', async () => {
    const tickets = [
      record('1', {
        content: 'Where is it?',
        hs_ticket_priority: 'HIGH',
        source_type: 'CHAT',
        language: 'en',
      }),
      record('2', { content: ' ' }),
    ]
    const comments = await build('hubspot', 'comment', { feedback_submissions, tickets })
    expect(
      comments.map((row) => [row['comment_id'], row['kind'], row['submission_id'], row['text']]),
    ).toEqual([
      ['s:1:survey', 'survey', 's:1', '很好'],
      ['s:1:ticket', 'ticket', null, 'Where is it?'],
    ])
    expect((await build('hubspot', 'support_ticket', { tickets }))[0]).toMatchObject({
      ticket_id: 's:1',
      ticket_number: '1',
      opened_at: instant,
      priority: 'high',
      channel: 'chat',
    })
  })
})

describe('Zendesk', () => {
  const users = [{ id: 5, email: 'h1:e', phone: null, external_id: 'h1:m', locale: 'zh-CN', created_at: at }]
  const ticket = (id: number, more: Row = {}) => ({
    id,
    subject: null,
    description: 'Broken cup',
    priority: 'urgent',
    status: 'open',
    requester_id: 5,
    via: { channel: 'web' },
    created_at: at,
    ...more,
  })
  const tickets = [
    ticket(1),
    ticket(2, { status: 'deleted' }),
    ticket(3, { requester_id: 9, description: ' ' }),
  ]
  const rating = (id: number, score: string, comment: string | null) => ({
    id,
    score,
    comment,
    ticket_id: 1,
    requester_id: 5,
    created_at: at,
  })
  const satisfaction_ratings = [rating(1, 'good', null), rating(2, 'bad', '慢'), rating(3, 'offered', 'x')]

  it('users are sightings, and tickets carry their requester’s keys where he is known', async () => {
    expect(await build('zendesk', 'contact', { users })).toEqual([
      {
        source: 's',
        source_id: '5',
        email_key: 'h1:e',
        phone_key: null,
        member_key: 'h1:m',
        seen_at: instant,
      },
    ])
    const built = await build('zendesk', 'support_ticket', { tickets, users })
    expect(
      built.map((row) => [row['ticket_id'], row['ticket_number'], row['channel'], row['member_key']]),
    ).toEqual([
      ['s:1', '1', 'web', 'h1:m'],
      ['s:3', '3', 'web', null],
    ])
  })

  it('calls carry their customer’s keys and their ticket’s number', async () => {
    const calls = [
      {
        id: 8,
        created_at: at,
        direction: 'inbound',
        completion_status: 'completed',
        talk_time: 61,
        wait_time: null,
        customer_id: 5,
        ticket_id: 1,
      },
    ]
    expect(await build('zendesk', 'call', { calls, users })).toEqual([
      {
        call_id: 's:8',
        source: 's',
        called_at: instant,
        direction: 'inbound',
        wait_seconds: null,
        talk_seconds: 61,
        completion: 'completed',
        ticket_number: '1',
        email_key: 'h1:e',
        phone_key: null,
        member_key: 'h1:m',
      },
    ])
  })

  it('ratings that were answered are submissions about their ticket, with a thumb as answer', async () => {
    const submissions = await build('zendesk', 'submission', { satisfaction_ratings, users })
    expect(submissions.map((row) => [row['submission_id'], row['about_id'], row['language']])).toEqual([
      ['s:1', '1', 'zh-CN'],
      ['s:2', '1', 'zh-CN'],
    ])
    const answers = await build('zendesk', 'answer', { satisfaction_ratings })
    expect(answers.map((row) => [row['answer_id'], row['survey_id'], row['choice']])).toEqual([
      ['s:1:rating', 'satisfaction_rating', 'good'],
      ['s:2:rating', 'satisfaction_rating', 'bad'],
    ])
  })

  it('tickets and words beside a thumb are comments', async () => {
    const comments = await build('zendesk', 'comment', { tickets, satisfaction_ratings, users })
    expect(
      comments.map((row) => [row['comment_id'], row['kind'], row['submission_id'], row['text']]),
    ).toEqual([
      ['s:1:ticket', 'ticket', null, 'Broken cup'],
      ['s:2:rating', 'survey', 's:2', '慢'],
    ])
  })
})

describe('Mastodon', () => {
  it('statuses are comments in plain text that join nobody', async () => {
    const content = '<p>茶 &amp; cake<br>too <b>slow</b> &lt;3</p>'
    const statuses = [{ id: '1', created_at: at, language: 'en', content }]
    expect(await build('mastodon', 'comment', { statuses })).toEqual([
      {
        comment_id: 's:1',
        source: 's',
        kind: 'post',
        submission_id: null,
        written_at: instant,
        language: 'en',
        channel: 'social',
        text: '茶 & cake too slow <3',
        email_key: null,
        phone_key: null,
        member_key: null,
      },
    ])
  })
})
