/** The control database: what is committed, up to where each stream was read, and how its last run ended. */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Dialect } from 'kysely'
import { Pool, types } from 'pg'
import type { ControlTables } from './control-tables.ts'
import { migrations } from './migrations/index.ts'
import { NodeSqliteDialect } from './sqlite-dialect.ts'

export type ControlDatabase = Kysely<ControlTables>

export type Control = {
  readonly engine: 'sqlite' | 'postgres'
  readonly db: ControlDatabase
  /** Bring the tables up to date; safe when several processes start at once. */
  readonly migrate: () => Promise<void>
  readonly close: () => Promise<void>
}

/** Open a control database: `postgres://…`, or the path of an SQLite file (its folder is made). Nothing is created before `migrate()`. */
export function openControl(urlOrPath: string): Control {
  const isPostgres = /^postgres(ql)?:\/\//.test(urlOrPath)
  const db = new Kysely<ControlTables>({ dialect: isPostgres ? postgres(urlOrPath) : sqlite(urlOrPath) })
  return {
    engine: isPostgres ? 'postgres' : 'sqlite',
    db,
    migrate: () => migrate(db),
    close: () => db.destroy(),
  }
}

async function migrate(db: ControlDatabase): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results } = await migrator.migrateToLatest()
  if (!error) return
  const message = error instanceof Error ? error.message : ''
  const newer = /previously executed migration (\S+) is missing/.exec(message)?.[1]
  if (newer !== undefined) throw new LakeTooNew(newer)
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName
  throw new Error(
    `[control] the control database could not be brought up to date${failed ? ` (step ${failed})` : ''}: ${error instanceof Error ? error.message : 'unknown error'}; check that it is reachable and was made by this version or an older one.`,
    { cause: error },
  )
}

/** The control database has been through a step that this version does not know; its lake may not be touched. */
export class LakeTooNew extends Error {
  override readonly name = 'LakeTooNew'
  constructor(step: string) {
    super(
      `[control] this lake was written by a newer saydo (step ${step} is not known here); use that version or a later one.`,
    )
  }
}

function sqlite(path: string): Dialect {
  mkdirSync(dirname(resolve(path)), { recursive: true })
  return new NodeSqliteDialect(path)
}

function postgres(url: string): Dialect {
  const pool = new Pool({
    connectionString: url,
    max: 8,
    connectionTimeoutMillis: 15_000,
    // Counts stay below 2^53, so both engines answer with numbers.
    types: {
      getTypeParser: (oid, format) =>
        oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
    },
  })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return new PostgresDialect({ pool })
}
