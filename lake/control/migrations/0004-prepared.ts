/** Builds that passed their audits and wait to be published. */
import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

export const prepared: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('prepared')
      .addColumn('environment', 'text', (c) => c.primaryKey())
      .addColumn('models', 'text', (c) => c.notNull())
      .addColumn('prepared_at', 'text', (c) => c.notNull())
      .execute()
  },
}
