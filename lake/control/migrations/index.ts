/** Every step of the control database in order; a step is never changed once it has been released. */
import type { Migration } from 'kysely/migration'
import { landing } from './0001-landing.ts'
import { versions } from './0002-versions.ts'
import { partitions } from './0003-partitions.ts'
import { prepared } from './0004-prepared.ts'

export const migrations: Record<string, Migration> = {
  '0001-landing': landing,
  '0002-versions': versions,
  '0003-partitions': partitions,
  '0004-prepared': prepared,
}
