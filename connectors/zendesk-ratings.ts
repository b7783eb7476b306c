/** Zendesk's satisfaction ratings: cursor pages inside a time range, remembered by the newest rating seen. */
import { z } from 'zod'
import type { ReadRequest, SourceEvent } from './connector.ts'
import { SourceUnavailable } from './source-error.ts'
import { createWindow } from './window.ts'
import type { Ask } from './zendesk-ask.ts'

/** Unix seconds. */
export const RatingsCheckpoint = z.strictObject({
  /** Everything created before is covered. */
  since: z.number().nullable(),
  /** The page cursor of an unfinished run. */
  after: z.string().nullable(),
  newest: z.number().nullable(),
  startedAt: z.number().nullable(),
})

const Page = z.looseObject({
  satisfaction_ratings: z.array(z.unknown()),
  meta: z.looseObject({ has_more: z.boolean(), after_cursor: z.string().nullish() }),
})
const Created = z.looseObject({ created_at: z.iso.datetime({ offset: true }) })

/** Ratings given in the last minutes of a run may not be listed yet. */
const LOOKBACK_SECONDS = 300

type Listing = { readonly source: string; readonly pageSize: number; readonly now: () => Date }

export async function* readRatings(
  ask: Ask,
  { slice, checkpoint }: ReadRequest,
  { source, pageSize, now }: Listing,
): AsyncGenerator<SourceEvent> {
  const window = createWindow(slice)
  const state = RatingsCheckpoint.parse(
    checkpoint ?? { since: null, after: null, newest: null, startedAt: null },
  )
  const startedAt = state.startedAt ?? Math.floor(now().getTime() / 1000)
  const since = window.bounded ? null : state.since
  let { after, newest } = state
  for (;;) {
    const query = {
      start_time: since ?? window.fromSecond,
      end_time: window.lastSecond,
      'page[size]': pageSize,
      'page[after]': after ?? undefined,
    }
    const { satisfaction_ratings: all, meta } = await ask('/api/v2/satisfaction_ratings', query, Page)
    const timed = all.map((record) => ({ record, time: Created.safeParse(record).data?.created_at }))
    const records = timed.filter(({ time }) => window.has(time)).map(({ record }) => record)
    for (const { time } of timed)
      if (time !== undefined) newest = Math.max(newest ?? 0, Math.floor(Date.parse(time) / 1000))
    if (!meta.has_more) {
      const next = newest === null ? since : Math.min(newest + 1, startedAt - LOOKBACK_SECONDS)
      yield { type: 'page', records, checkpoint: { since: next, after: null, newest: null, startedAt: null } }
      return
    }
    if (typeof meta.after_cursor !== 'string' || meta.after_cursor === after)
      throw new SourceUnavailable('satisfaction_ratings: more is promised but no new cursor given.', {
        source,
      })
    after = meta.after_cursor
    yield { type: 'page', records, checkpoint: { since, after, newest, startedAt } }
  }
}
