/** A made-up source whose every record is known, for tests that count what arrives: pages of given sizes, some records broken. */
import { z } from 'zod'
import { defineConnector } from '#connectors/connector.ts'
import type { Connector, ConnectorContext, Stream } from '#connectors/connector.ts'

export const answers: Stream = {
  name: 'answers',
  record: z.object({ id: z.string(), score: z.int(), email: z.string(), answered_at: z.iso.datetime() }),
  primaryKey: ['id'],
  cursorField: 'answered_at',
  eventTime: 'answered_at',
  checkpoint: z.object({ page: z.int() }),
  privacy: { email: { policy: 'hash', as: 'email' } },
}

/** Every tenth record breaks its contract. */
export function recordOf(number: number): Record<string, unknown> {
  return {
    id: `r${number}`,
    score: number % 10 === 9 ? 'ten' : number % 11,
    email: `person${number}@example.com`,
    answered_at: new Date(1_700_000_000_000 + number * 1000).toISOString(),
  }
}

export type SourceOptions = {
  /** Records per page; record numbers run on from page to page. */
  readonly pages: readonly number[]
  /** Runs before each page is handed over. */
  readonly beforePage?: (page: number) => Promise<void> | void
}

export function pagedSource({ pages, beforePage }: SourceOptions): Connector {
  return defineConnector({
    name: 'tool',
    title: { en: 'Tool', zh: '工具' },
    kind: 'survey',
    config: z.unknown(),
    secrets: [],
    streams: () => [answers],
    check: async () => {},
    async *read(_context, { checkpoint }) {
      const done = z.object({ page: z.int() }).nullable().parse(checkpoint)?.page ?? 0
      for (let page = done + 1; page <= pages.length; page++) {
        await beforePage?.(page)
        const first = pages.slice(0, page - 1).reduce((sum, size) => sum + size, 0)
        const records = Array.from({ length: pages[page - 1] ?? 0 }, (_, index) => recordOf(first + index))
        yield { type: 'page', records, checkpoint: { page } }
      }
    },
  })
}

export const sourceContext: ConnectorContext = {
  source: 'tool',
  config: {},
  http: { json: () => Promise.reject(new Error('this source speaks no HTTP')) },
  secret: () => '',
  now: () => new Date(),
}

export const landInput = { source: 'tool', stream: 'answers', slice: {}, ingestDate: '2026-03-01' }
export const TEST_KEY = 'a-key-for-tests-of-forty-characters-long'
