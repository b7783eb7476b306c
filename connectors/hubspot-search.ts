/** Reading HubSpot's search to the end: seek by (time of change, id), since deep pages stop at 10,000 and shift when records change. */
import { z } from 'zod'
import type { ReadRequest, SourceEvent } from './connector.ts'
import { SourceUnavailable } from './source-error.ts'

/** Times are unix milliseconds, the vendor's grain. */
export const SearchCheckpoint = z.strictObject({
  /** Everything changed before is covered. */
  from: z.number().nullable(),
  /** Objects changed at that very instant which were already handed over. */
  seen: z.array(z.string()),
  /** Set while more objects share that instant than fit a page: they are sought by id, this one being the last. */
  tie: z.string().nullable(),
  /** When the unfinished run began; null between runs. */
  startedAt: z.number().nullable(),
  /** Every deletion before is covered; null until a first run is through, which has nothing to take back. */
  deletionsFrom: z.number().nullable(),
})
type State = z.output<typeof SearchCheckpoint>

const Found = z.looseObject({
  id: z.string(),
  updatedAt: z.iso.datetime({ offset: true }),
  properties: z.record(z.string(), z.unknown()),
})
type Found = z.output<typeof Found>
export const SearchPage = z.looseObject({ results: z.array(Found) })

type Filter = {
  readonly propertyName: string
  readonly operator: 'GTE' | 'GT' | 'LT' | 'EQ'
  readonly value: string
}
export type Search = (question: {
  readonly filters: readonly Filter[]
  readonly sortBy: string
}) => Promise<z.output<typeof SearchPage>>

type Seeking = {
  readonly source: string
  /** The property that says when an object changed. */
  readonly modified: string
  readonly pageSize: number
  readonly lookbackMs: number
  readonly now: () => Date
}

export async function* readSearch(
  search: Search,
  { slice, checkpoint }: ReadRequest,
  seeking: Seeking,
): AsyncGenerator<SourceEvent> {
  const until = slice.to === undefined ? undefined : Math.ceil(Date.parse(slice.to))
  let state = SearchCheckpoint.parse(
    checkpoint ?? {
      from: slice.from === undefined ? null : Math.max(0, Math.ceil(Date.parse(slice.from))),
      seen: [],
      tie: null,
      startedAt: null,
      deletionsFrom: null,
    },
  )
  const startedAt = state.startedAt ?? seeking.now().getTime()
  for (;;) {
    const step = await (state.tie === null
      ? byTime(search, state, until, seeking)
      : byId(search, state, seeking))
    state = { ...step.state, startedAt }
    if (!step.done) {
      if (step.records.length > 0) yield { type: 'page', records: step.records, checkpoint: state }
      continue
    }
    const bounded = slice.from !== undefined || slice.to !== undefined
    yield { type: 'page', records: step.records, checkpoint: finished(state, step.newest, bounded, seeking) }
    return
  }
}

type Step = {
  readonly records: readonly Found[]
  readonly state: State
  readonly newest: number | null
  readonly done: boolean
}

/** The next page in order of change. */
async function byTime(
  search: Search,
  state: State,
  until: number | undefined,
  seeking: Seeking,
): Promise<Step> {
  const { modified, pageSize } = seeking
  const { results } = await search({
    filters: [
      ...(state.from === null
        ? []
        : [{ propertyName: modified, operator: 'GTE' as const, value: String(state.from) }]),
      ...(until === undefined
        ? []
        : [{ propertyName: modified, operator: 'LT' as const, value: String(until) }]),
    ],
    sortBy: modified,
  })
  const times = results.map((found) => changedAt(found, modified))
  const seen = new Set(state.seen)
  const records = results.filter((found, index) => !(times[index] === state.from && seen.has(found.id)))
  const last = times.at(-1) ?? null
  const done = results.length < pageSize
  if (last === null) return { records, state, newest: state.from, done: true }
  if (!done && times[0] === last) {
    if (state.from !== null && last < state.from) throw standsStill(seeking)
    return {
      records: [],
      state: { ...state, from: last, seen: last === state.from ? state.seen : [], tie: '0' },
      newest: last,
      done,
    }
  }
  if (!done && state.from !== null && last <= state.from) throw standsStill(seeking)
  const atLast = results.flatMap((found, index) => (times[index] === last ? [found.id] : []))
  return { records, state: { ...state, from: last, seen: atLast }, newest: last, done }
}

/** The next page of objects that share one instant, in order of id; afterwards time goes on. */
async function byId(search: Search, state: State, seeking: Seeking): Promise<Step> {
  const from = state.from ?? 0
  const { results } = await search({
    filters: [
      { propertyName: seeking.modified, operator: 'EQ', value: String(from) },
      { propertyName: 'hs_object_id', operator: 'GT', value: state.tie ?? '0' },
    ],
    sortBy: 'hs_object_id',
  })
  const seen = new Set(state.seen)
  const records = results.filter(({ id }) => !seen.has(id))
  const last = results.at(-1)?.id
  if (last === undefined || results.length < seeking.pageSize)
    return {
      records,
      state: { ...state, from: from + 1, seen: [], tie: null },
      newest: from,
      done: false,
    }
  if (last === state.tie) throw standsStill(seeking)
  return { records, state: { ...state, tie: last }, newest: from, done: false }
}

/** Where the next run starts: after the newest change, but never later than the lookback before this run began. */
function finished(state: State, newest: number | null, bounded: boolean, { lookbackMs }: Seeking): State {
  const done = { ...state, tie: null, startedAt: null }
  if (bounded || state.startedAt === null) return done
  const horizon = state.startedAt - lookbackMs
  const covered = { ...done, deletionsFrom: horizon }
  return newest === null || newest < horizon ? covered : { ...covered, from: horizon, seen: [] }
}

function changedAt({ properties, updatedAt }: Found, modified: string): number {
  const value = properties[modified]
  return Date.parse(typeof value === 'string' && value !== '' ? value : updatedAt)
}

function standsStill({ source, modified }: Seeking): SourceUnavailable {
  return new SourceUnavailable(`search by ${modified} gives the same page again; paging stands still.`, {
    source,
  })
}
