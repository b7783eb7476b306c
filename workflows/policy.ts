/**
 * How long each verb may take, how often it is tried, and which errors are never tried again. Every running verb heartbeats by itself
 * every few seconds; a cancelled run ends when its verbs have really stopped.
 */
import type { ActivityOptions } from '@temporalio/workflow'

/** Errors that another attempt cannot mend: a person must change credentials, the project file, a model or the data. */
const neverRetried = [
  'SourceRejected',
  'SourceUnknown',
  'ConfigInvalid',
  'ConfigMissing',
  'ContractBroken',
  'ModelBroken',
  'ModelGraphBroken',
  'QueryRefused',
  'AuditFailed',
  'EnvironmentUnknown',
  'FileDamaged',
  'PartitionDamaged',
  'QueryUnresolved',
]

/** Short questions to the control database. */
export const short: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumAttempts: 8, nonRetryableErrorTypes: neverRetried },
}

/**
 * Reading a source. Five attempts over about a minute and a half (plus what the source itself asks to wait): a source that is down
 * for an hour fails this run, the failure is noted, and the next run goes on from the last committed page.
 */
export const patient: ActivityOptions = {
  startToCloseTimeout: '20 minutes',
  heartbeatTimeout: '30 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 5,
    nonRetryableErrorTypes: neverRetried,
  },
}

/** Building and auditing models: heavy, but what fails twice in the same way fails a third time. */
export const heavy: ActivityOptions = {
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '2 seconds', maximumAttempts: 3, nonRetryableErrorTypes: neverRetried },
}
