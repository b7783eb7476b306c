/** The only place where cadences are written: what runs by itself, and when (UTC). */
import {
  type Client,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
} from '@temporalio/client'
import type { refreshOnSchedule } from '#workflows/index.ts'

/** Declares or updates every schedule; running it again changes nothing. A schedule that a person paused stays paused. */
export async function declareSchedules(client: Client, taskQueue: string): Promise<string[]> {
  for (const schedule of schedules(taskQueue)) await declare(client, schedule)
  return schedules(taskQueue).map(({ scheduleId }) => scheduleId)
}

function schedules(taskQueue: string) {
  return [
    {
      scheduleId: 'hourly-refresh',
      spec: { intervals: [{ every: '1 hour' }], jitter: '2 minutes' },
      action: {
        type: 'startWorkflow',
        workflowType: 'refreshOnSchedule' satisfies typeof refreshOnSchedule.name,
        workflowId: 'hourly-refresh',
        args: [],
        taskQueue,
        staticSummary: 'hourly refresh of all sources',
      },
      // A run missed while everything was down is made up for once; the refresh after an outage reads all that is new anyway.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
      memo: {},
    },
  ] as const satisfies readonly ScheduleOptions[]
}

async function declare(client: Client, { scheduleId, ...wanted }: ScheduleOptions): Promise<void> {
  const handle = client.schedule.getHandle(scheduleId)
  try {
    await handle.update(({ state }) => ({ ...wanted, state }))
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
    await client.schedule.create({ scheduleId, ...wanted })
  }
}
