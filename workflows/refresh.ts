/** The main run: every stream is brought up to date side by side, then the models are rebuilt, audited and published. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import {
  CancellationScope,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
} from '@temporalio/workflow'
import type { Activities, StreamFailure, StreamRef } from '#activities/index.ts'
import { allEnded } from './all-ended.ts'
import type { Built } from './build.ts'
import { buildAlone } from './build-alone.ts'
import { failureOf } from './failure-of.ts'
import { short } from './policy.ts'
import { syncId } from './run-id.ts'
import { Source } from './search-attributes.ts'
import { sync, type Landed } from './sync.ts'

export type RefreshInput = {
  readonly sources?: readonly string[]
  /** Where the models are built and published; `production` when absent. */
  readonly environment?: string
}

export type RefreshSummary = {
  readonly streams: number
  readonly rows: number
  readonly rejected: number
  /** Streams that could not be read; the others went on without them. */
  readonly failures: readonly StreamFailure[]
} & Built

const { streams } = proxyActivities<Pick<Activities, 'streams'>>(short)

/** A failing source is part of the answer, not an error; a failing model or audit is thrown and nothing is published. */
export async function refresh(input: RefreshInput = {}): Promise<RefreshSummary> {
  const all = await streams(input)
  setCurrentDetails(`reading ${all.length} streams`)
  const ends = await allEnded(all.map(syncOne))
  const landed = ends.flatMap((end) => ('landed' in end ? [end.landed] : []))
  const failures = ends.flatMap((end) => ('failure' in end ? [end.failure] : []))

  setCurrentDetails(`building models\n\n${describe(all, failures)}`)
  const built = await buildAlone(input.environment === undefined ? {} : { environment: input.environment })
  setCurrentDetails(`published version ${built.published.version}\n\n${describe(all, failures)}`)
  return {
    streams: all.length,
    rows: landed.reduce((sum, { rows }) => sum + rows, 0),
    rejected: landed.reduce((sum, { rejected }) => sum + rejected, 0),
    failures,
    ...built,
  }
}

/** For the Temporal UI, in Markdown. */
function describe(all: readonly StreamRef[], failures: readonly StreamFailure[]): string {
  const failed = failures.map(({ source, stream, kind }) => `- ${source} ${stream}: ${kind}`)
  return [`${all.length - failures.length} of ${all.length} streams read`, ...failed].join('\n')
}

async function syncOne(ref: StreamRef): Promise<{ landed: Landed } | { failure: StreamFailure }> {
  try {
    const landed = await executeChild(sync, {
      workflowId: syncId(ref),
      args: [ref],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      typedSearchAttributes: [{ key: Source, value: ref.source }],
      staticSummary: `${ref.source} ${ref.stream}`,
    })
    return { landed }
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error
    return { failure: { ...ref, ...explain(error) } }
  }
}

function explain(error: unknown) {
  return error instanceof WorkflowExecutionAlreadyStartedError
    ? {
        kind: 'AlreadyRunning',
        error: 'another sync of this stream is running; what it lands later is in the next run',
      }
    : failureOf(error)
}
