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

const URL_OF_CALLS = '/api/v2/channels/voice/stats/incremental/calls'
const Page = z.looseObject({ calls: z.array(z.unknown()), count: z.int() })
const Call = z.looseObject({ id: z.int(), updated_at: z.iso.datetime({ offset: true }) })

type Timed = {
  readonly record: unknown
  readonly id: number | undefined
  readonly second: number | undefined
}

/** Ends when neither the second reached nor the time after it holds anything unseen, since the vendor's own links never end. */
export async function* readCalls(ask: Ask, { slice, checkpoint }: ReadRequest): AsyncGenerator<SourceEvent> {
  const window = createWindow(slice)
  let { start, seen } = CallsCheckpoint.parse(checkpoint ?? { start: window.fromSecond ?? 0, seen: [] })

  async function page(from: number): Promise<{ timed: Timed[]; unseen: Timed[] }> {
    const { calls } = await ask(URL_OF_CALLS, { start_time: from }, Page)
    const timed = calls.map(timedCall)
    const known = new Set(seen)
    const unseen = timed.filter(
      ({ id, second }) =>
        second !== undefined && (second > start || (second === start && !known.has(id ?? 0))),
    )
    return { timed, unseen }
  }

  for (;;) {
    let { timed, unseen } = await page(start)
    // A full page of one second would come again and again; the time after it tells whether that was all.
    if (unseen.length === 0 && timed.length > 0) ({ timed, unseen } = await page(start + 1))
    const latest = unseen.reduce((most, { second = 0 }) => Math.max(most, second), start)
    const atLatest = unseen.flatMap(({ id, second }) => (second === latest && id !== undefined ? [id] : []))
    seen = latest > start ? atLatest : [...seen, ...atLatest]
    start = latest
    const unreadable = timed.filter(({ second }) => second === undefined)
    const records = [...unseen, ...unreadable]
      .filter(({ second }) => window.has(second === undefined ? undefined : second * 1000))
      .map(({ record }) => record)
    yield { type: 'page', records, checkpoint: { start, seen } }
    if (unseen.length === 0 || window.isPast(latest * 1000)) return
  }
}

function timedCall(record: unknown): Timed {
  const call = Call.safeParse(record).data
  return { record, id: call?.id, second: call && Math.floor(Date.parse(call.updated_at) / 1000) }
}
