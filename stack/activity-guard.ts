/** Stands between Temporal and every verb: keeps it alive with heartbeats, and turns what it throws into a clean failure. */
import { ApplicationFailure, CompleteAsyncError } from '@temporalio/activity'
import { CancelledFailure } from '@temporalio/common'
import type { ActivityInterceptorsFactory } from '@temporalio/worker'

const heartbeatEveryMs = 4000

export type GuardOptions = {
  /** Takes secrets and personal data out of a message. */
  readonly redact: (text: string) => string
  readonly now: () => Date
}

/**
 * The heartbeat says that this process lives and lets cancellation in; a verb's own heartbeats and their details come through unchanged.
 * A failure keeps the error's class name (what `workflows/policy.ts` decides by) and its redacted message, nothing else.
 */
export function activityGuard({ redact, now }: GuardOptions): ActivityInterceptorsFactory {
  return (context) => {
    let details: unknown = context.info.heartbeatDetails
    const send = context.heartbeat
    // Otherwise our own heartbeat would wipe what the verb last told.
    Object.assign(context, { heartbeat: (latest?: unknown) => send((details = latest)) })
    return {
      inbound: {
        async execute(input, next) {
          const beating = setInterval(() => send(details), heartbeatEveryMs)
          try {
            return await next(input)
          } catch (error) {
            if (error instanceof CancelledFailure || error instanceof CompleteAsyncError) throw error
            if (context.cancellationSignal.aborted) return context.cancelled
            throw cleanFailure(error, redact, now())
          } finally {
            clearInterval(beating)
          }
        },
      },
    }
  }
}

/** An error as Temporal may keep it. A source that asks to come back later is tried again then, not before. */
export function cleanFailure(
  error: unknown,
  redact: (text: string) => string,
  now: Date,
): ApplicationFailure {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  const until = error instanceof Error && 'until' in error && error.until instanceof Date ? error.until : null
  const failure = ApplicationFailure.create({
    message: redact(message),
    type: error instanceof ApplicationFailure ? (error.type ?? name) : name,
    nonRetryable: error instanceof ApplicationFailure && error.nonRetryable === true,
    ...(until && { nextRetryDelay: Math.max(1000, until.getTime() - now.getTime()) }),
  })
  if (error instanceof Error && error.stack) failure.stack = frames(error.stack)
  return failure
}

/** The stack without the message it begins with. */
function frames(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
