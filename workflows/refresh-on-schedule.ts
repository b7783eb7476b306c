/** What a schedule starts: it hands over to the one run called `refresh`, or leaves it alone when a person started it already. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { executeChild, ParentClosePolicy } from '@temporalio/workflow'
import { refreshId } from './run-id.ts'
import { refresh, type RefreshInput, type RefreshSummary } from './refresh.ts'

/** Scheduled runs get an instant added to their id, so they cannot themselves be the lock. */
export async function refreshOnSchedule(
  input: RefreshInput = {},
): Promise<RefreshSummary | 'already running'> {
  try {
    return await executeChild(refresh, {
      workflowId: refreshId,
      args: [input],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: 'refresh all sources',
    })
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already running'
    throw error
  }
}
