/** What every connector must do, as one vitest suite: a connector's own test names its source and calls this. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Connector, Stream } from './connector.ts'
import { countAdded, withAddedFields } from './conformance-drift.ts'
import { conformanceOverNetwork } from './conformance-network.ts'
import { leaks } from './conformance-privacy.ts'
import { createReader, identities } from './conformance-subject.ts'
import type { Outcome, Reader, Subject } from './conformance-subject.ts'

const CHECKPOINT_BYTES = 16 * 1024

/** Runs the suite; `start` gives a fresh source for each test. Connectors that speak HTTP are also tried under faults. */
export function conformance(connector: Connector, start: () => Promise<Subject>): void {
  describe(`${connector.name} keeps the connector contract`, () => {
    let reader: Reader
    beforeEach(async () => {
      reader = createReader(connector, await start())
    })
    afterEach(() => reader.subject.close())

    /** Every stream, read whole and without an error. */
    async function eachStream(look: (stream: Stream, whole: Outcome) => void | Promise<void>): Promise<void> {
      for (const stream of reader.streams) {
        const whole = await reader.read(stream)
        expect(whole.error, stream.name).toBeUndefined()
        await look(stream, whole)
      }
    }

    test('its source can be reached', async () => {
      await expect(connector.check(reader.context)).resolves.toBeUndefined()
    })

    test('every stream is named once, and its key, cursor and event time are fields of its record', () => {
      const names = reader.streams.map(({ name }) => name)
      expect(names.length).toBeGreaterThan(0)
      expect(new Set(names).size).toBe(names.length)
      for (const { name, record, primaryKey, cursorField, eventTime } of reader.streams)
        for (const field of [...primaryKey, cursorField, eventTime])
          if (field !== undefined) expect(Object.keys(record.shape), name).toContain(field)
    })

    test('reading ends after several pages', () =>
      eachStream((stream, { pages }) => {
        expect(pages.length, stream.name).toBeGreaterThanOrEqual(2)
      }))

    test('every checkpoint is small, is plain JSON and has its stream’s shape', () =>
      eachStream((stream, { pages }) => {
        for (const { checkpoint } of pages) {
          const text = JSON.stringify(checkpoint)
          expect(Buffer.byteLength(text), stream.name).toBeLessThanOrEqual(CHECKPOINT_BYTES)
          expect(stream.checkpoint.parse(JSON.parse(text)), stream.name).toEqual(checkpoint)
        }
      }))

    test('reading on from any checkpoint gives the same records', () =>
      eachStream(async (stream, { pages, records }) => {
        const all = identities(stream, records)
        for (const [index, { checkpoint }] of pages.entries()) {
          const before = pages.slice(0, index + 1).flatMap((page) => page.records)
          const rest = await reader.read(stream, { checkpoint })
          expect(rest.error, stream.name).toBeUndefined()
          expect(identities(stream, [...before, ...rest.records]), stream.name).toEqual(all)
        }
      }))

    test('the last checkpoint has nothing new behind it', () =>
      eachStream(async (stream, { pages, records }) => {
        const again = await reader.read(stream, { checkpoint: pages.at(-1)?.checkpoint ?? null })
        expect(again.error, stream.name).toBeUndefined()
        expect(again.records.length, stream.name).toBeLessThan(Math.max(1, records.length / 2))
      }))

    test('the same window twice gives the same rows', async () => {
      for (const stream of reader.streams) {
        const slice = { from: '2000-01-01T00:00:00Z', to: reader.subject.middle }
        const [first, second] = [await reader.read(stream, { slice }), await reader.read(stream, { slice })]
        expect(first.error ?? second.error, stream.name).toBeUndefined()
        expect(first.records.length, stream.name).toBeGreaterThan(0)
        expect(second.records, stream.name).toEqual(first.records)
      }
    })

    test('two windows that meet share no record and make the whole', () =>
      eachStream(async (stream, { records }) => {
        const { middle } = reader.subject
        const early = await reader.read(stream, { slice: { to: middle } })
        const late = await reader.read(stream, { slice: { from: middle } })
        expect(early.error ?? late.error, stream.name).toBeUndefined()
        const both = [...identities(stream, early.records), ...identities(stream, late.records)]
        expect(both.toSorted(), stream.name).toEqual(identities(stream, records))
      }))

    test('a window can be read on from any of its checkpoints', async () => {
      for (const stream of reader.streams) {
        const slice = { from: '2000-01-01T00:00:00Z', to: reader.subject.middle }
        const whole = await reader.read(stream, { slice })
        for (const [index, { checkpoint }] of whole.pages.entries()) {
          const before = whole.pages.slice(0, index + 1).flatMap((page) => page.records)
          const rest = await reader.read(stream, { slice, checkpoint })
          expect(identities(stream, [...before, ...rest.records]), stream.name).toEqual(
            identities(stream, whole.records),
          )
        }
      }
    })

    test('every record has its stream’s shape, but for those broken on purpose', () =>
      eachStream((stream, { records }) => {
        const broken = records.filter((record) => !stream.record.safeParse(record).success)
        expect(identities(stream, broken).length, stream.name).toBe(reader.subject.broken?.[stream.name] ?? 0)
      }))

    test('fields the vendor adds are kept', () =>
      eachStream((stream, { records }) => {
        for (const record of records.filter((one) => stream.record.safeParse(one).success)) {
          const grown = withAddedFields(record)
          const known = Object.keys(stream.record.shape)
          const expected = Object.fromEntries(
            Object.entries(grown as object).filter(([key]) => known.includes(key)),
          )
          const parsed = stream.record.safeParse({ ...(grown as object), added_by_the_vendor: 'new' })
          expect(parsed.error, stream.name).toBeUndefined()
          expect(countAdded(parsed.data), stream.name).toBe(countAdded(expected))
        }
      }))

    test('nothing personal stands in a field without a privacy policy', () =>
      eachStream((stream, { records }) => {
        const found = records.flatMap((record) => leaks(stream, record, reader.subject.personal))
        expect([...new Set(found)], stream.name).toEqual([])
      }))

    if (connector.http !== undefined) conformanceOverNetwork(connector, () => reader)
  })
}
