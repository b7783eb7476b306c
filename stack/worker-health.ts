/** `node stack/worker-health.ts`: ends with 0 when a worker polls our task queue, else 1; the container's healthcheck. */
import { connectionFrom, withConnection } from './temporal-connection.ts'

const env = process.env

try {
  const server = connectionFrom(env, env['TEMPORAL_ADDRESS'] || 'localhost:7233')
  const { pollers } = await withConnection(server, ({ workflowService }) =>
    workflowService.describeTaskQueue({
      namespace: env['TEMPORAL_NAMESPACE'] || 'default',
      taskQueue: { name: env['SAYDO_TASK_QUEUE'] || 'saydo' },
    }),
  )
  if (pollers.length === 0) throw new Error('nobody polls the task queue')
} catch (error) {
  console.error(`[worker] not healthy: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
