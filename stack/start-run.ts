/** Starts runs under the ids that are their locks: whoever asks second joins the run that is already going. */
import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import type { LandInput, StreamRef } from '#activities/index.ts'
import type { backfill, build, refresh, sync } from '#workflows/index.ts'
import type { BackfillInput } from '#workflows/backfill.ts'
import type { BuildInput } from '#workflows/build.ts'
import type { RefreshInput } from '#workflows/refresh.ts'
import { backfillId, buildIdOf, refreshIdOf, syncId } from '#workflows/run-id.ts'
import { Source } from '#workflows/search-attributes.ts'

const joining = { workflowIdConflictPolicy: 'USE_EXISTING' } as const

/** Sync all sources or the named ones, then build, audit and publish. A run that is already going is joined as it is, whatever its sources. */
export function startRefresh(
  client: Client,
  taskQueue: string,
  input: RefreshInput = {},
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof refresh>> {
  return client.workflow.start<typeof refresh>('refresh', {
    ...joining,
    taskQueue,
    workflowId: refreshIdOf(input.environment),
    args: [input],
    staticSummary: input.sources ? `refresh ${input.sources.join(', ')}` : 'refresh all sources',
  })
}

/** Build, audit and publish from what is landed. */
export function startBuild(
  client: Client,
  taskQueue: string,
  input: BuildInput = {},
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof build>> {
  return client.workflow.start<typeof build>('build', {
    ...joining,
    taskQueue,
    workflowId: buildIdOf(input.environment),
    args: [input],
    staticSummary: input.hold ? 'build and audit all models' : 'build, audit and publish all models',
  })
}

/** Read a window of the past again in slices, then build and publish. */
export function startBackfill(
  client: Client,
  taskQueue: string,
  input: BackfillInput,
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof backfill>> {
  return client.workflow.start<typeof backfill>('backfill', {
    ...joining,
    taskQueue,
    workflowId: backfillId(input),
    args: [input],
    staticSummary: `read ${input.from} to ${input.to} again, then build and publish`,
  })
}

/** Sync one stream: all that is new, or one window again. */
export function startSync(
  client: Client,
  taskQueue: string,
  ref: StreamRef,
  slice: LandInput['slice'] = {},
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof sync>> {
  return client.workflow.start<typeof sync>('sync', {
    ...joining,
    taskQueue,
    workflowId: syncId(ref, slice),
    args: [{ ...ref, slice }],
    typedSearchAttributes: [{ key: Source, value: ref.source }],
    staticSummary: `${ref.source} ${ref.stream}`,
  })
}
