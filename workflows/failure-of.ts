/** Reads a failed step as people should see it: the kind of error that ended it, and its message. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow'

export type Failure = { readonly kind: string; readonly error: string }

/** The innermost cause that says something: the activity's own error rather than the wrappers around it. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure) return failureOf(error.cause)
  if (error instanceof ApplicationFailure) return { kind: error.type ?? 'Error', error: error.message }
  if (error instanceof TimeoutFailure) return { kind: 'TimedOut', error: error.message }
  if (error instanceof CancelledFailure) return { kind: 'Cancelled', error: error.message }
  return { kind: 'Error', error: error instanceof Error ? error.message : String(error) }
}
