/** Real files with known facts, where they are at hand: every row is read, none is merged, none is lost. */
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createContext } from './context.ts'
import { files } from './files.ts'

const folder = '../shared/data'

async function read(stream: object): Promise<{ rows: Record<string, unknown>[]; refused: number }> {
  const config = files.config.parse({ folder, streams: { s: stream } })
  const context = createContext({ source: 'real', connector: files, config, secrets: {}, random: () => 0.5 })
  const request = { stream: 's', slice: {}, checkpoint: null, signal: AbortSignal.timeout(30_000) }
  const record = files.streams(config)[0]?.record
  const rows: Record<string, unknown>[] = []
  let refused = 0
  for await (const event of files.read({ ...context, config }, request)) {
    if (event.type !== 'page') continue
    refused += event.unreadable?.length ?? 0
    for (const raw of event.records) {
      const parsed = record?.safeParse(raw)
      if (parsed?.success === true) rows.push(parsed.data)
      else refused += 1
    }
  }
  return { rows, refused }
}

describe.skipIf(!existsSync(folder))('real files', () => {
  test('Olist: orders and reviews, comments with line ends included', async () => {
    const orders = await read({
      match: 'olist-8pct/olist_orders_dataset.csv',
      others: 'drop',
      columns: {
        order_id: 'text',
        order_purchase_timestamp: 'timestamp',
        order_delivered_customer_date: 'timestamp',
      },
    })
    const reviews = await read({
      match: 'olist-8pct/olist_order_reviews_dataset.csv',
      columns: {
        review_id: 'text',
        order_id: 'text',
        review_score: 'integer',
        review_comment_title: 'text',
        review_comment_message: 'text',
        review_creation_date: 'date',
        review_answer_timestamp: 'timestamp',
      },
    })
    expect([orders.rows.length, reviews.rows.length]).toEqual([8_135, 8_225])
    expect(orders.refused + reviews.refused).toBe(0)
    const scores = reviews.rows.map(({ review_score }) => Number(review_score))
    expect(scores.every((score) => score >= 1 && score <= 5)).toBe(true)
  })

  test('NPS verbatims: NA is no score, replacement characters in the text are text', async () => {
    const { rows, refused } = await read({
      match: 'nps-verbatims/*.csv',
      others: 'drop',
      columns: {
        at: {
          type: 'timestamp',
          from: 'CUSTOMER_RESPONSE_DATE',
          format: 'dd/MM/yyyy HH:mm',
          timezone: 'Europe/London',
        },
        score: { type: 'integer', from: 'NPS_SCORE', nulls: ['NA'] },
        text: 'text',
      },
    })
    const scores = rows.flatMap(({ score }) => (typeof score === 'number' ? [score] : []))
    expect([rows.length, scores.length, refused]).toEqual([2_385, 2_353, 0])
    expect(scores.filter((score) => score >= 9).length).toBe(690)
    expect(scores.filter((score) => score <= 6).length).toBe(1_271)
  })

  test('Chinese reviews in TSV with unbalanced quotes, plain and in a zip: every line is a row', async () => {
    const columns = { label: 'integer', text_a: 'text' }
    const plain = await read({ match: 'chnsenticorp-split/*.tsv', columns })
    const packed = await read({ match: 'chnsenticorp-split/*.zip', columns })
    expect([plain.rows.length, packed.rows.length, plain.refused + packed.refused]).toEqual([
      12_000, 12_000, 0,
    ])
  })

  test('Telco: eleven customers have no total, written as a blank', async () => {
    const { rows } = await read({
      match: 'telco/Telco-Customer-Churn.csv',
      others: 'drop',
      columns: { id: { type: 'text', from: 'customerID' }, total: { type: 'money', from: 'TotalCharges' } },
    })
    expect([rows.length, rows.filter(({ total }) => total === null).length]).toEqual([7_043, 11])
  })

  test('tweet ids rounded by a spreadsheet are refused as keys', async () => {
    const columns = { tweet_id: 'text', airline_sentiment: 'text' }
    const tweets = { key: ['tweet_id'], others: 'drop', columns }
    const sound = await read({ ...tweets, match: 'airline-tweets/Tweets.csv' })
    const rounded = await read({ ...tweets, match: 'airline-tweets/Tweets_v2.csv' })
    expect([sound.rows.length, rounded.rows.length]).toEqual([14_638, 0])
    expect(rounded.refused).toBe(14_640)
  })
})
