/** Why a workflow run ended badly, in the words of the step that failed. */
import { WorkflowFailedError } from '@temporalio/client'
import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/common'

/** A run that failed: exit code 1. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed'
}

/** The innermost cause that says something. */
export function runFailure(error: unknown): unknown {
  if (
    error instanceof WorkflowFailedError ||
    error instanceof ActivityFailure ||
    error instanceof ChildWorkflowFailure
  )
    return runFailure(error.cause)
  if (error instanceof ApplicationFailure || error instanceof TimeoutFailure)
    return new RunFailed(error.message)
  return error
}
