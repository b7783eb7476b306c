/** Starts runs under the ids that are their locks: whoever asks second joins the run that is already going. */
import type { Client, WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client'
import type { LandInput, StreamRef } from '#activities/index.ts'
import type { build, refresh, sync } from '#workflows/index.ts'
import type { RefreshInput } from '#workflows/refresh.ts'
import { buildId, refreshId, syncId } from '#workflows/run-id.ts'
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
    workflowId: refreshId,
    args: [input],
    staticSummary: input.sources ? `refresh ${input.sources.join(', ')}` : 'refresh all sources',
  })
}

/** Build, audit and publish from what is landed. */
export function startBuild(
  client: Client,
  taskQueue: string,
): Promise<WorkflowHandleWithFirstExecutionRunId<typeof build>> {
  return client.workflow.start<typeof build>('build', {
    ...joining,
    taskQueue,
    workflowId: buildId,
    args: [],
    staticSummary: 'build, audit and publish all models',
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
