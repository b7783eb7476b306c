/** The names operators see in the Temporal UI. */
export { backfill } from './backfill.ts'
export { build } from './build.ts'
export { refresh } from './refresh.ts'
export { refreshOnSchedule } from './refresh-on-schedule.ts'
export { sync } from './sync.ts'
