/** The small company's landed streams: one by instants, one by dates with a numbered cursor, one without a time. */
import { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import type { LandingStream } from '#lake/record-columns.ts'
import type { RawInput } from '#models/define-model.ts'

export type CompanyStream = LandingStream & { readonly record: z.ZodObject }

function streamOf(
  stream: Pick<CompanyStream, 'source' | 'stream' | 'record' | 'eventTime' | 'cursorField'>,
): CompanyStream {
  return { ...stream, columns: columnsOf(stream.record), primaryKey: ['id'] }
}

const happened = { id: z.string(), key: z.string().nullable(), value: z.int() }

export const answers = streamOf({
  source: 'survey',
  stream: 'answers',
  record: z.object({ ...happened, ts: z.iso.datetime().nullable(), updated: z.iso.datetime() }),
  eventTime: 'ts',
  cursorField: 'updated',
})

export const orders = streamOf({
  source: 'shop',
  stream: 'orders',
  record: z.object({ ...happened, ts: z.iso.date().nullable(), revision: z.int() }),
  eventTime: 'ts',
  cursorField: 'revision',
})

/** A contact links two keys of a person. */
export const contacts = streamOf({
  source: 'crm',
  stream: 'contacts',
  record: z.object({
    id: z.string(),
    key: z.string().nullable(),
    other: z.string().nullable(),
    seen: z.iso.datetime().nullable(),
    updated: z.iso.datetime(),
  }),
  cursorField: 'updated',
})

export const streams = { answers, orders, contacts } as const
export type StreamName = keyof typeof streams

export function rawInputOf({ source, stream, record, eventTime }: CompanyStream): RawInput {
  return { source, stream, record, time: eventTime }
}
