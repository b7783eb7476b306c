/** Starts one Temporal worker in this process: the verbs it is given, and the paragraphs of `workflows/`. */
import { fileURLToPath } from 'node:url'
import {
  bundleWorkflowCode,
  DefaultLogger,
  type LogEntry,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker'
import type { Activities } from '#activities/index.ts'
import { activityGuard } from './activity-guard.ts'
import { redactor } from './redact.ts'
import { sdkOptions, type TemporalConnection } from './temporal-connection.ts'

export type StartWorker = TemporalConnection & {
  readonly namespace: string
  readonly taskQueue: string
  readonly activities: Activities
  readonly say: (line: string) => void
  /** Cleans error messages before they are logged or kept in a run's history. */
  readonly redact?: (text: string) => string
  /** How many verbs may run at once in this process. */
  readonly concurrency?: number
}

export type RunningWorker = {
  /** Stop taking work, give running verbs half a minute, then end. May be called again. */
  readonly shutdown: () => void
  /** Resolves when the worker has ended; rejects when it failed. */
  readonly done: () => Promise<void>
}

/** Answers when the worker is ready to take work. */
export async function startWorker(options: StartWorker): Promise<RunningWorker> {
  const { namespace, taskQueue, say, redact = redactor([]) } = options
  installRuntime(say, redact)
  const connection = await NativeConnection.connect(sdkOptions(options))
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    activities: options.activities,
    workflowBundle: await workflowBundle(),
    interceptors: { activity: [activityGuard({ redact, now: () => new Date() })] },
    maxConcurrentActivityTaskExecutions: options.concurrency ?? 8,
    // Far below the heartbeat timeout, so that a few lost heartbeats do not fail a healthy verb, and cancelling takes seconds.
    maxHeartbeatThrottleInterval: '5 seconds',
    shutdownGraceTime: '30 seconds',
    shutdownForceTime: '45 seconds',
  })
  const ended = worker.run().finally(() => connection.close())
  ended.catch((error: unknown) => say(redact(`[worker] ended: ${String(error)}`)))
  say(`[worker] ready on task queue ${taskQueue}`)
  return {
    shutdown: () => {
      if (worker.getState() === 'RUNNING') worker.shutdown()
    },
    done: () => ended,
  }
}

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined

/** Bundled once per process: it takes a second or two. */
function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(import.meta.resolve('#workflows/index.ts')),
    logger: new DefaultLogger('WARN'),
  })
  return bundle
}

let installed = false

/** Once per process: the SDK's warnings go through `say`, and signals stay ours to handle. */
function installRuntime(say: (line: string) => void, redact: (text: string) => string): void {
  if (installed) return
  installed = true
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', (entry) => say(redact(`[worker] ${describe(entry)}`))),
  })
}

function describe({ message, meta }: LogEntry): string {
  const { activityType, workflowType, attempt, error } = meta ?? {}
  const words = [message, activityType ?? workflowType, attempt && `attempt ${attempt}`]
  return [...words, error instanceof Error && error.message].filter(Boolean).join(', ')
}
