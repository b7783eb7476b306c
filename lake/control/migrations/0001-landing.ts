/** Tables of the landing: state, loads, files, schemas, quarantine, sync status. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const landing: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await state(db)
    await loads(db)
    await schemas(db)
    await quarantine(db)
    await status(db)
  },
}

async function state(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('stream_state')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('slice', 'text', (c) => c.notNull())
    .addColumn('cursor', 'text')
    .addColumn('cursor_version', 'bigint', (c) => c.notNull())
    .addColumn('load_key', 'text')
    .addColumn('next_part', 'integer', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('stream_state_key', ['source', 'stream', 'slice'])
    .execute()
  await db.schema
    .createTable('counter')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .execute()
}

async function loads(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('load')
    .addColumn('load_key', 'text', (c) => c.primaryKey())
    .addColumn('sequence', 'bigint', (c) => c.notNull().unique())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('slice', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('rows', 'bigint', (c) => c.notNull())
    .addColumn('rejected', 'bigint', (c) => c.notNull())
    .addColumn('files', 'integer', (c) => c.notNull())
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    .addColumn('started_at', 'text', (c) => c.notNull())
    .addColumn('finished_at', 'text')
    .execute()
  await db.schema
    .createTable('load_file')
    .addColumn('load_key', 'text', (c) => c.notNull().references('load.load_key'))
    .addColumn('part', 'integer', (c) => c.notNull())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('path', 'text', (c) => c.notNull().unique())
    .addColumn('rows', 'bigint', (c) => c.notNull())
    .addColumn('bytes', 'bigint', (c) => c.notNull())
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('schema_hash', 'text', (c) => c.notNull())
    .addColumn('event_from', 'text')
    .addColumn('event_to', 'text')
    .addColumn('statistics', 'text', (c) => c.notNull())
    .addColumn('committed_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('load_file_key', ['load_key', 'part'])
    .execute()
  await db.schema.createIndex('load_file_stream').on('load_file').columns(['source', 'stream']).execute()
}

async function schemas(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('schema_version')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('schema_hash', 'text', (c) => c.notNull())
    .addColumn('columns', 'text', (c) => c.notNull())
    .addColumn('first_seen_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('schema_version_key', ['source', 'stream', 'schema_hash'])
    .execute()
  await db.schema
    .createTable('unknown_field')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('field', 'text', (c) => c.notNull())
    .addColumn('first_seen_at', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('unknown_field_key', ['source', 'stream', 'field'])
    .execute()
}

async function quarantine(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('quarantine')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('load_key', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('position', 'text', (c) => c.notNull())
    .addColumn('issues', 'text', (c) => c.notNull())
    .addColumn('shape', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('replayed_by', 'text')
    .addColumn('rejected_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('quarantine_stream')
    .on('quarantine')
    .columns(['source', 'stream', 'status'])
    .execute()
}

async function status(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sync_status')
    .addColumn('source', 'text', (c) => c.notNull())
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('last_success_at', 'text')
    .addColumn('last_failure_at', 'text')
    .addColumn('error', 'text')
    .addColumn('error_kind', 'text')
    .addColumn('rows', 'bigint', (c) => c.notNull())
    .addColumn('rejected', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('sync_status_key', ['source', 'stream'])
    .execute()
}
