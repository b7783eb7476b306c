/** The suite itself: a sound connector passes, and each way to be unsound is noticed by the check meant for it. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { contractChecks } from './conformance-contract.ts'
import { conformance } from './conformance.ts'
import { createReader } from './conformance-subject.ts'
import type { Subject } from './conformance-subject.ts'
import { defineConnector } from './connector.ts'
import type { Connector, SourceEvent, Stream } from './connector.ts'

type Visit = { id: number; at: string; email: string; place: { city: string } }

const visits: readonly Visit[] = Array.from({ length: 9 }, (_, index) => ({
  id: index,
  at: `2026-03-0${index + 1}T00:00:00Z`,
  email: 'somebody@marker.example',
  place: { city: 'X' },
}))

const stream: Stream = {
  name: 'visits',
  record: z.object({
    id: z.int(),
    at: z.iso.datetime(),
    email: z.string(),
    place: z.looseObject({ city: z.string() }),
  }),
  primaryKey: ['id'],
  eventTime: 'at',
  checkpoint: z.strictObject({ next: z.number() }),
  privacy: { email: { policy: 'hash', as: 'email' } },
}

/** A connector of a list in memory; `changes` break it in one way. */
type Changes = {
  readonly stream?: Partial<Stream>
  readonly page?: (event: Extract<SourceEvent, { type: 'page' }>, index: number) => SourceEvent
  readonly start?: (next: number) => number
  readonly inWindow?: (visit: Visit, slice: { from?: string | undefined; to?: string | undefined }) => boolean
}

function inWindow(
  { at }: Visit,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): boolean {
  return (from === undefined || at >= from) && (to === undefined || at < to)
}

function listConnector(changes: Changes = {}): Connector {
  return defineConnector({
    name: 'list',
    title: { en: 'List', zh: '列表' },
    kind: 'files',
    config: z.strictObject({}),
    secrets: [],
    streams: () => [{ ...stream, ...changes.stream }],
    check: () => Promise.resolve(),
    async *read(_, { slice, checkpoint }) {
      const next = z.object({ next: z.number() }).parse(checkpoint ?? { next: 0 }).next
      const begin = (changes.start ?? ((from: number) => from))(next)
      for (let at = begin, index = 0; at < visits.length; at += 3, index++) {
        const records = visits
          .slice(at, at + 3)
          .filter((visit) => (changes.inWindow ?? inWindow)(visit, slice))
        const event = { type: 'page' as const, records, checkpoint: { next: at + 3 } }
        yield changes.page?.(event, index) ?? event
      }
    },
  })
}

const subject: Subject = {
  config: {},
  secrets: {},
  personal: ['marker.example'],
  middle: '2026-03-05T00:00:00Z',
  close: () => Promise.resolve(),
}

conformance(listConnector(), () => Promise.resolve(subject))

const unsound: readonly [string, string, Changes][] = [
  ['names a key that no record has', 'every stream is named once', { stream: { primaryKey: ['uuid'] } }],
  [
    'gives everything as one page',
    'reading ends after three pages',
    {
      start: () => 6,
    },
  ],
  [
    'lets its checkpoint grow',
    'every checkpoint is small',
    {
      stream: { checkpoint: z.looseObject({ next: z.number() }) },
      page: (event) => ({ ...event, checkpoint: { ...event.checkpoint, all: 'x'.repeat(20_000) } }),
    },
  ],
  [
    'puts a date into its checkpoint',
    'every checkpoint is small',
    {
      stream: { checkpoint: z.looseObject({ next: z.number() }) },
      page: (event) => ({ ...event, checkpoint: { ...event.checkpoint, at: new Date(0) } }),
    },
  ],
  [
    'moves its checkpoint before its records',
    'reading on from any checkpoint',
    {
      page: (event) => ({ ...event, checkpoint: { next: Number(event.checkpoint['next']) + 3 } }),
    },
  ],
  ['starts over every time', 'the last checkpoint has nothing new behind it', { start: () => 0 }],
  ['ignores the window', 'two windows that meet', { inWindow: () => true }],
  [
    'takes both ends of a window in',
    'two windows that meet',
    {
      inWindow: ({ at }, { from, to }) =>
        (from === undefined || at >= from) && (to === undefined || at <= to),
    },
  ],
  [
    'knows another shape than it sends',
    'every record has its stream’s shape',
    {
      stream: { record: stream.record.extend({ id: z.string() }) },
    },
  ],
  [
    'loses fields it does not know',
    'fields the vendor adds are kept',
    {
      stream: { record: stream.record.extend({ place: z.object({ city: z.string() }) }) },
    },
  ],
  [
    'refuses fields it does not know',
    'fields the vendor adds are kept',
    {
      stream: { record: z.strictObject(stream.record.shape) },
    },
  ],
  ['forgets that an e-mail is personal', 'nothing personal stands', { stream: { privacy: {} } }],
]

describe('the suite notices a connector that', () => {
  test.each(unsound)('%s', async (_, title, changes) => {
    const check = contractChecks.find((one) => one.title.startsWith(title))
    expect(check).toBeDefined()
    const run = async () => check?.run(createReader(listConnector(changes), subject))
    const verdict = await run().then(
      () => 'passed',
      (error: Error) => error.name,
    )
    expect(verdict).toBe('AssertionError')
  })
})
