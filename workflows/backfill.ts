/** Read a window of the past again, slice by slice, then build and publish once. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  CancellationScope,
  continueAsNew,
  defineQuery,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow'
import type { Activities, StreamFailure, StreamRef } from '#activities/index.ts'
import { allEnded } from './all-ended.ts'
import type { Built } from './build.ts'
import { buildAlone } from './build-alone.ts'
import { failureOf } from './failure-of.ts'
import { short } from './policy.ts'
import { syncId } from './run-id.ts'
import { Source } from './search-attributes.ts'
import { type Slice, type SliceLength, slicesOf } from './slices.ts'
import { sync } from './sync.ts'

export type BackfillInput = {
  /** Days, half-open. */
  readonly from: string
  readonly to: string
  readonly slice: SliceLength
  readonly sources?: readonly string[]
  readonly environment?: string
  /** Handed by a long backfill to its next run, so that no history grows without end. */
  readonly soFar?: SoFar
}

type Read = { readonly rows: number; readonly rejected: number }

export type SliceFailure = StreamFailure & Slice

type SoFar = Read & { readonly done: number; readonly failures: readonly SliceFailure[] }

export type BackfillSummary = SoFar & { readonly slices: number } & Built

export const backfillProgress = defineQuery<{ readonly done: number; readonly slices: number }>('progress')

/** Slices read at once: enough to keep a source busy, few enough to leave it some air. */
const atOnce = 4

const { streams } = proxyActivities<Pick<Activities, 'streams'>>(short)

/** Each slice has a state of its own: one that was cut short goes on where it was. A failing slice is part of the answer, as in a refresh. */
export async function backfill(input: BackfillInput): Promise<BackfillSummary> {
  const { from, to, slice, sources, environment, soFar } = input
  const refs = await streams(sources === undefined ? {} : { sources })
  const work = slicesOf({ from, to }, slice).flatMap((slice) => refs.map((ref) => ({ ref, slice })))
  let sums = { rows: 0, rejected: 0, ...soFar }
  const failures = [...(soFar?.failures ?? [])]
  let next = soFar?.done ?? 0
  let done = next
  setHandler(backfillProgress, () => ({ done, slices: work.length }))
  await allEnded(Array.from({ length: atOnce }, readOn))
  if (next < work.length)
    await continueAsNew<typeof backfill>({ ...input, soFar: { ...sums, done: next, failures } })
  const built = await buildAlone(environment === undefined ? {} : { environment })
  return { ...sums, done, failures, slices: work.length, ...built }

  async function readOn(): Promise<void> {
    while (next < work.length && !workflowInfo().continueAsNewSuggested) {
      const each = work[next++]
      if (each === undefined) return
      const end = await readSlice(each.ref, each.slice)
      if ('error' in end) failures.push({ ...each.ref, ...each.slice, ...end })
      else sums = { rows: sums.rows + end.rows, rejected: sums.rejected + end.rejected }
      done += 1
      setCurrentDetails(`${done} of ${work.length} slices read, ${failures.length} failed`)
    }
  }
}

async function readSlice(
  ref: StreamRef,
  slice: Slice,
): Promise<Read | Pick<StreamFailure, 'error' | 'kind'>> {
  try {
    return await executeChild(sync, {
      workflowId: syncId(ref, slice),
      args: [{ ...ref, slice }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      typedSearchAttributes: [{ key: Source, value: ref.source }],
      staticSummary: `${ref.source} ${ref.stream} ${slice.from.slice(0, 10)} to ${slice.to.slice(0, 10)}`,
    })
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error
    return error instanceof WorkflowExecutionAlreadyStartedError
      ? { kind: 'AlreadyRunning', error: 'another run is reading this slice' }
      : failureOf(error)
  }
}
