/** Runs the Temporal worker: the verbs of `activities/` and the paragraphs of `workflows/`, until it is told to stop. */
import { fileURLToPath } from 'node:url'
import { DefaultLogger, type LogEntry, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import type { Activities } from '#activities/index.ts'
import { activityGuard } from '#stack/activity-guard.ts'
import { redactor } from '#stack/redact.ts'
import { sdkOptions, type TemporalConnection } from '#stack/temporal-connection.ts'

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
  /** Stop taking work, give running verbs half a minute, then end. */
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
    workflowsPath: fileURLToPath(import.meta.resolve('#workflows/index.ts')),
    interceptors: { activity: [activityGuard({ redact, now: () => new Date() })] },
    maxConcurrentActivityTaskExecutions: options.concurrency ?? 8,
    maxHeartbeatThrottleInterval: '5 seconds',
    shutdownGraceTime: '30 seconds',
    shutdownForceTime: '45 seconds',
  })
  const ended = worker.run().finally(() => connection.close())
  ended.catch(() => {})
  say(`[worker] ready on task queue ${taskQueue}`)
  return { shutdown: () => stop(worker), done: () => ended }
}

function stop(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown()
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
  const what = [
    meta?.['activityType'] ?? meta?.['workflowType'],
    meta?.['attempt'] && `attempt ${meta['attempt']}`,
  ]
  const error = meta?.['error']
  return [message, ...what, error instanceof Error ? error.message : undefined].filter(Boolean).join(', ')
}
