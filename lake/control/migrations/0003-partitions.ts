/** Tables of partitions: what was built piece by piece, what each landed file holds, and what every environment served. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'

export const partitions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await built(db)
    await indexed(db)
    await db.schema
      .createTable('served')
      .addColumn('environment', 'text', (c) => c.notNull())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('served_key', ['environment', 'version'])
      .execute()
    await sql`insert into served select 'production', version from publish_version`.execute(db)
  },
}

async function built(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('model_partition')
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('files', 'text', (c) => c.notNull())
    .addColumn('index', 'text', (c) => c.notNull())
    .addColumn('rows', 'bigint', (c) => c.notNull())
    .addColumn('days', 'text', (c) => c.notNull())
    .addColumn('made_of', 'text', (c) => c.notNull())
    .addColumn('built_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('model_partition_key', ['model', 'fingerprint'])
    .execute()
  for (const column of ['time', 'partitions', 'inputs', 'lookups'])
    await db.schema.alterTable('model_build').addColumn(column, 'text').execute()
  await db.schema
    .createTable('model_plan')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('model', 'text', (c) => c.notNull())
    .addColumn('plan', 'text', (c) => c.notNull())
    .addColumn('planned_at', 'text', (c) => c.notNull())
    .execute()
}

async function indexed(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('raw_index')
    .addColumn('path', 'text', (c) => c.notNull())
    .addColumn('time', 'text', (c) => c.notNull())
    .addColumn('file', 'text', (c) => c.notNull())
    .addColumn('days', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('raw_index_key', ['path', 'time'])
    .execute()
  await db.schema
    .createTable('stream_ledger')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('time', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('ledger', 'text', (c) => c.notNull())
    .addColumn('made_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('stream_ledger_key', ['source', 'stream', 'time', 'id'])
    .execute()
  await db.schema
    .createTable('key_set')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('file', 'text', (c) => c.notNull())
    .addColumn('made_at', 'text', (c) => c.notNull())
    .execute()
}
