/** Zendesk Talk's incremental calls: by time, the last record again on every page, and a `next_page` that is never null. */
import { z } from 'zod'
import type { ReadRequest, SourceEvent } from './connector.ts'
import { createWindow } from './window.ts'
import type { Ask } from './zendesk-ask.ts'

export const CallsCheckpoint = z.strictObject({
  /** Unix second asked from; everything changed before is covered. */
  start: z.number(),
  /** Calls changed in that very second which were already handed over. */
  seen: z.array(z.number()),
})

const Page = z.looseObject({ calls: z.array(z.unknown()), count: z.int() })
const Call = z.looseObject({ id: z.int(), updated_at: z.iso.datetime({ offset: true }) })

/** Ends when a page holds nothing unseen, since the vendor's own links never end. */
export async function* readCalls(ask: Ask, { slice, checkpoint }: ReadRequest): AsyncGenerator<SourceEvent> {
  const window = createWindow(slice)
  let { start, seen } = CallsCheckpoint.parse(checkpoint ?? { start: window.fromSecond ?? 0, seen: [] })
  for (;;) {
    const { calls } = await ask('/api/v2/channels/voice/stats/incremental/calls', { start_time: start }, Page)
    const known = new Set(seen)
    const timed = calls.map((record) => {
      const call = Call.safeParse(record).data
      return {
        record,
        id: call?.id,
        time: call?.updated_at,
        second: call && Math.floor(Date.parse(call.updated_at) / 1000),
      }
    })
    const unseen = timed.filter(({ id, second }) => !(second === start && id !== undefined && known.has(id)))
    const latest = timed.reduce((most, { second }) => Math.max(most, second ?? 0), start)
    const atLatest = timed.filter(({ second }) => second === latest).flatMap(({ id }) => id ?? [])
    const moved = latest > start
    seen = moved ? atLatest : [...new Set([...seen, ...atLatest])]
    start = latest
    const records = unseen.filter(({ time }) => window.has(time)).map(({ record }) => record)
    yield { type: 'page', records, checkpoint: { start, seen } }
    if (unseen.length === 0 || !moved || window.isPast(latest * 1000)) return
  }
}
