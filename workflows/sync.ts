/** Bring one stream up to date: land what is new, wait when the source asks to, remember how it ended. */
import {
  ApplicationFailure,
  continueAsNew,
  defineQuery,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities, LandInput, LandResult, StreamRef } from '#activities/index.ts'
import { failureOf } from './failure-of.ts'
import { patient, short } from './policy.ts'

export type SyncInput = StreamRef & {
  /** Half-open window in UTC to read again; absent for all that is new. */
  readonly slice?: LandInput['slice']
  /** Handed by a long sync to its next run, so that no history grows without end. */
  readonly soFar?: Landed & Pick<LandInput, 'ingestDate'>
}

export type Landed = { readonly rows: number; readonly rejected: number; readonly files: number }

export const syncProgress = defineQuery<Landed & { readonly waitingUntil?: string }>('progress')

const { land } = proxyActivities<Pick<Activities, 'land'>>(patient)
const { noteSync } = proxyActivities<Pick<Activities, 'noteSync'>>(short)

/** Answers with what was landed. When the source fails for good, that is noted first and then thrown. */
export async function sync({ source, stream, slice = {}, soFar }: SyncInput): Promise<Landed> {
  const ingestDate = soFar?.ingestDate ?? new Date().toISOString().slice(0, 10)
  let landed: Landed = soFar ?? { rows: 0, rejected: 0, files: 0 }
  let step: LandResult | undefined
  setHandler(syncProgress, () => ({ ...landed, ...(step?.until && { waitingUntil: step.until }) }))

  while (step?.status !== 'done') {
    step = await land({ source, stream, slice, ingestDate }).catch(noteFailure)
    landed = add(landed, step)
    setCurrentDetails(describe(landed, step))
    if (step.status === 'waiting') await sleep(msUntil(step.until))
    if (step.status !== 'done' && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof sync>({ source, stream, slice, soFar: { ...landed, ingestDate } })
    }
  }
  await noteSync({ source, stream, failure: null, rows: landed.rows, rejected: landed.rejected })
  return landed

  async function noteFailure(error: unknown): Promise<never> {
    if (isCancellation(error)) throw error
    const failure = failureOf(error)
    const { rows, rejected } = landed
    await noteSync({ source, stream, failure: { source, stream, ...failure }, rows, rejected })
    throw ApplicationFailure.nonRetryable(failure.error, failure.kind)
  }
}

function add(sum: Landed, step: Landed): Landed {
  return {
    rows: sum.rows + step.rows,
    rejected: sum.rejected + step.rejected,
    files: sum.files + step.files,
  }
}

function describe({ rows, rejected, files }: Landed, { status, until }: LandResult): string {
  const counts = `${rows} rows in ${files} files, ${rejected} in quarantine`
  return status === 'waiting' ? `${counts}; the source asks to come back at ${until}` : counts
}

/** At least a second: a source whose time has already come must not be asked in a tight loop. */
function msUntil(until: string | undefined): number {
  const ms = until === undefined ? NaN : Date.parse(until) - Date.now()
  return Number.isNaN(ms) ? 60_000 : Math.max(1000, ms)
}
