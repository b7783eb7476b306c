/** A second chance for quarantined records: opened, parsed by the contract of today, and landed when they now fit. */
import type { FlushLimits } from '#lake/landing.ts'
import { Overtaken, openLoad } from '#lake/load.ts'
import type { Load } from '#lake/load.ts'
import type { StreamRef } from './index.ts'
import type { LandDeps } from './land.ts'
import { createPageParser, landingStream, sealContext } from './parse-page.ts'
import { streamOf } from './stream-of.ts'

export type ReplayInput = StreamRef & {
  /** YYYY-MM-DD, the folder files are filed under. */
  readonly ingestDate: string
}

export type ReplayResult = {
  /** Landed now; marked, so that another run does not land them again. */
  readonly replayed: number
  /** Still broken; they stay in quarantine. */
  readonly pending: number
}

export type ReplayDeps = Pick<LandDeps, 'lake' | 'privacy' | 'sources'> & {
  readonly limits?: Partial<FlushLimits>
}

const BATCH = 1000

/** Replay one stream's quarantine as a load of its own. Records and marks are committed together: running it twice adds nothing. */
export async function replayQuarantine(deps: ReplayDeps, input: ReplayInput): Promise<ReplayResult> {
  let replayed = 0
  for (;;) {
    const load = await openLoad(deps.lake, {
      stream: landingStream(input.source, streamOf(deps.sources, input).stream),
      kind: 'replay',
      slice: 'replay',
      ingestDate: input.ingestDate,
      ...(deps.limits && { limits: deps.limits }),
    })
    try {
      await replayAll(deps, input, load)
      await load.finish()
      return { replayed: replayed + load.totals.rows, pending: await countPending(deps, input) }
    } catch (error) {
      // Another replay of this stream was faster; what it landed is no longer pending.
      if (!(error instanceof Overtaken)) throw error
      replayed += load.totals.rows
    } finally {
      await load.abort()
    }
  }
}

async function replayAll(deps: ReplayDeps, input: ReplayInput, load: Load): Promise<void> {
  const parser = createPageParser(input.source, streamOf(deps.sources, input).stream, deps.privacy)
  const context = sealContext(input.source, input.stream)
  let after = ''
  for (;;) {
    const batch = await pendingAfter(deps, input, after)
    const last = batch.at(-1)
    if (!last) return
    after = last.id
    const fitting = batch.flatMap(({ id, position, sealed }) => {
      const outcome = parser.record(JSON.parse(deps.privacy.open(sealed, context)) as unknown, position)
      return 'row' in outcome ? [{ id, row: outcome.row }] : []
    })
    if (fitting.length === 0) continue
    await load.add({
      rows: fitting.map(({ row }) => row),
      replayed: fitting.map(({ id }) => id),
      checkpoint: null,
    })
  }
}

function pendingAfter({ lake }: ReplayDeps, { source, stream }: ReplayInput, after: string) {
  return lake.control.db
    .selectFrom('quarantine')
    .select(['id', 'position', 'sealed'])
    .where('source', '=', source)
    .where('stream', '=', stream)
    .where('status', '=', 'pending')
    .where('id', '>', after)
    .orderBy('id')
    .limit(BATCH)
    .execute()
}

async function countPending({ lake }: ReplayDeps, { source, stream }: ReplayInput): Promise<number> {
  const { count } = await lake.control.db
    .selectFrom('quarantine')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('source', '=', source)
    .where('stream', '=', stream)
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow()
  return count
}
