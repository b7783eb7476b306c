/** Zendesk's cursor-based incremental exports: `end_of_stream` alone ends them, an empty page does not. */
import { z } from 'zod'
import type { ReadRequest, SourceEvent } from './connector.ts'
import { SourceUnavailable } from './source-error.ts'
import { createWindow } from './window.ts'
import type { Ask } from './zendesk-ask.ts'

export const CursorCheckpoint = z.strictObject({ cursor: z.string().nullable() })

const Page = z.looseObject({
  tickets: z.array(z.unknown()).optional(),
  users: z.array(z.unknown()).optional(),
  after_cursor: z.string().nullish(),
  end_of_stream: z.boolean(),
})

/** Tickets are ordered by the time the export saw them change, users by their update. */
const changed = {
  tickets: z
    .looseObject({ generated_timestamp: z.number() })
    .transform((ticket) => ticket.generated_timestamp * 1000),
  users: z.looseObject({ updated_at: z.iso.datetime({ offset: true }) }).transform((user) => user.updated_at),
}

/** Empty pages in a row, at the same cursor, before we say that paging stands still. */
const PATIENCE = 3

type Export = { readonly source: string; readonly kind: 'tickets' | 'users'; readonly pageSize: number }

export async function* readIncremental(
  ask: Ask,
  { slice, checkpoint }: ReadRequest,
  { source, kind, pageSize }: Export,
): AsyncGenerator<SourceEvent> {
  const window = createWindow(slice)
  let { cursor } = CursorCheckpoint.parse(checkpoint ?? { cursor: null })
  let stalls = 0
  for (;;) {
    const start = cursor === null ? { start_time: window.fromSecond ?? 0 } : { cursor }
    const page = await ask(`/api/v2/incremental/${kind}/cursor`, { ...start, per_page: pageSize }, Page)
    const all = page[kind] ?? []
    const timed = all.map((record) => ({ record, time: changed[kind].safeParse(record).data }))
    const records = timed.filter(({ time }) => window.has(time)).map(({ record }) => record)
    const next: string | null = page.after_cursor ?? cursor
    stalls = next === cursor ? stalls + 1 : 0
    const done = page.end_of_stream || (all.length > 0 && timed.every(({ time }) => window.isPast(time)))
    if (!done && stalls > (all.length === 0 ? PATIENCE : 0))
      throw new SourceUnavailable(`${kind}: the export’s cursor does not move; paging stands still.`, {
        source,
      })
    cursor = next
    yield { type: 'page', records, checkpoint: { cursor } }
    if (done) return
  }
}
