/** Tables of the models: what was built and audited, what was published, and which version is served. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const versions: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('model_build')
      .addColumn('model', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('grain', 'text', (c) => c.notNull())
      .addColumn('columns', 'text', (c) => c.notNull())
      .addColumn('files', 'text', (c) => c.notNull())
      .addColumn('rows', 'bigint', (c) => c.notNull())
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('content_hash', 'text', (c) => c.notNull())
      .addColumn('built_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('model_build_key', ['model', 'fingerprint'])
      .execute()
    await db.schema
      .createTable('audit_result')
      .addColumn('model', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('audit', 'text', (c) => c.notNull())
      .addColumn('severity', 'text', (c) => c.notNull())
      .addColumn('rows', 'bigint', (c) => c.notNull())
      .addColumn('audited_at', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('audit_result_key', ['model', 'fingerprint', 'audit'])
      .execute()
    await db.schema
      .createTable('publish_version')
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('models', 'text', (c) => c.notNull())
      .addColumn('published_at', 'text', (c) => c.notNull())
      .execute()
    await db.schema
      .createTable('pointer')
      .addColumn('environment', 'text', (c) => c.primaryKey())
      .addColumn('version', 'integer', (c) => c.notNull())
      .addColumn('moved_at', 'text', (c) => c.notNull())
      .execute()
  },
}
