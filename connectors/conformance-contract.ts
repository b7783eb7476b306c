/** What every connector must do, whatever it reads from: end, resume, repeat itself, keep to its schemas, hide what is personal. */
import { expect } from 'vitest'
import { eachStream } from './conformance-check.ts'
import type { Check } from './conformance-check.ts'
import { countAdded, withAddedFields } from './conformance-drift.ts'
import { leaks } from './conformance-privacy.ts'
import { identities } from './conformance-subject.ts'

const CHECKPOINT_BYTES = 16 * 1024
const ALWAYS = '1900-01-01T00:00:00Z'

export const contractChecks: readonly Check[] = [
  {
    title: 'its source can be reached',
    run: async ({ check }) => expect(check()).resolves.toBeUndefined(),
  },
  {
    title: 'every stream is named once, and its key, cursor and event time are fields of its record',
    run: ({ streams }) => {
      const names = streams.map(({ name }) => name)
      expect(names.length).toBeGreaterThan(0)
      expect(new Set(names).size).toBe(names.length)
      for (const { name, record, primaryKey, cursorField, eventTime } of streams)
        for (const field of [...primaryKey, cursorField, eventTime])
          if (field !== undefined) expect(Object.keys(record.shape), name).toContain(field)
    },
  },
  {
    title: 'reading ends after three pages or more',
    run: (reader) =>
      eachStream(reader, (stream, { pages }) => {
        expect(pages.length, stream.name).toBeGreaterThanOrEqual(3)
      }),
  },
  {
    title: 'every checkpoint is small, is plain JSON and has its stream’s shape',
    run: (reader) =>
      eachStream(reader, (stream, { pages }) => {
        for (const { checkpoint } of pages) {
          const text = JSON.stringify(checkpoint)
          expect(Buffer.byteLength(text), stream.name).toBeLessThanOrEqual(CHECKPOINT_BYTES)
          expect(stream.checkpoint.parse(JSON.parse(text)), stream.name).toEqual(checkpoint)
        }
      }),
  },
  {
    title: 'reading on from any checkpoint gives the same records',
    run: (reader) =>
      eachStream(reader, async (stream, { pages, records }) => {
        const all = identities(stream, records)
        for (const [index, { checkpoint }] of pages.entries()) {
          const before = pages.slice(0, index + 1).flatMap((page) => page.records)
          const rest = await reader.read(stream, { checkpoint })
          expect(rest.error, stream.name).toBeUndefined()
          expect(identities(stream, [...before, ...rest.records]), stream.name).toEqual(all)
        }
      }),
  },
  {
    title: 'the last checkpoint has nothing new behind it',
    run: (reader) =>
      eachStream(reader, async (stream, { pages, records }) => {
        const again = await reader.read(stream, { checkpoint: pages.at(-1)?.checkpoint ?? null })
        expect(again.error, stream.name).toBeUndefined()
        expect(again.records.length, stream.name).toBeLessThan(Math.max(1, records.length / 2))
      }),
  },
  {
    title: 'the same window twice gives the same rows',
    run: async ({ streams, read, subject }) => {
      for (const stream of streams) {
        const slice = { from: ALWAYS, to: subject.middle }
        const [first, second] = [await read(stream, { slice }), await read(stream, { slice })]
        expect(first.error ?? second.error, stream.name).toBeUndefined()
        expect(first.records.length, stream.name).toBeGreaterThan(0)
        expect(second.records, stream.name).toEqual(first.records)
      }
    },
  },
  {
    title: 'two windows that meet share no record and make the whole',
    run: (reader) =>
      eachStream(reader, async (stream, { records }) => {
        const { middle } = reader.subject
        const early = await reader.read(stream, { slice: { to: middle } })
        const late = await reader.read(stream, { slice: { from: middle } })
        expect(early.error ?? late.error, stream.name).toBeUndefined()
        const both = [...identities(stream, early.records), ...identities(stream, late.records)]
        expect(both.toSorted(), stream.name).toEqual(identities(stream, records))
      }),
  },
  {
    title: 'a window can be read on from any of its checkpoints',
    run: async ({ streams, read, subject }) => {
      for (const stream of streams) {
        const slice = { from: ALWAYS, to: subject.middle }
        const { pages, records } = await read(stream, { slice })
        for (const [index, { checkpoint }] of pages.entries()) {
          const before = pages.slice(0, index + 1).flatMap((page) => page.records)
          const rest = await read(stream, { slice, checkpoint })
          const both = identities(stream, [...before, ...rest.records])
          expect(both, stream.name).toEqual(identities(stream, records))
        }
      }
    },
  },
  {
    title: 'every record has its stream’s shape, but for those broken on purpose',
    run: (reader) =>
      eachStream(reader, (stream, { records }) => {
        const broken = records.filter((record) => !stream.record.safeParse(record).success)
        const expected = reader.subject.broken?.[stream.name] ?? 0
        expect(identities(stream, broken).length, stream.name).toBe(expected)
      }),
  },
  {
    title: 'fields the vendor adds are kept',
    run: (reader) =>
      eachStream(reader, (stream, { records }) => {
        const known = Object.keys(stream.record.shape)
        for (const record of records.filter((one) => stream.record.safeParse(one).success)) {
          const grown = withAddedFields(record) as object
          const landing = Object.fromEntries(Object.entries(grown).filter(([key]) => known.includes(key)))
          const parsed = stream.record.safeParse({ ...grown, added_by_the_vendor: 'new' })
          expect(parsed.error, stream.name).toBeUndefined()
          expect(countAdded(parsed.data), stream.name).toBe(countAdded(landing))
        }
      }),
  },
  {
    title: 'nothing personal stands in a field without a privacy policy',
    run: (reader) =>
      eachStream(reader, (stream, { records }) => {
        const found = records.flatMap((record) => leaks(stream, record, reader.subject.personal))
        expect([...new Set(found)], stream.name).toEqual([])
      }),
  },
]
