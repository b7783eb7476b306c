/** One published version as Cube's database: views over exactly its files, nothing else readable, queries side by side. */
import { DuckDBDriver } from '@cubejs-backend/duckdb-driver'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { PublishedModel, PublishedVersion } from '#lake/published-version.ts'
import type { Storage } from '#lake/storage.ts'
import { publishedVersionTable } from '#metrics/compile-cube.ts'
import type { PrepareSession } from './prepare-session.ts'

/** Queries of one version that run at the same time; one connection would queue them. */
const connections = 4

/** The lake's files as DuckDB opens them. */
export type PublishedFiles = Pick<Storage, 'absolute'> & { readonly prepare: PrepareSession | undefined }

type State = { readonly instance: DuckDBInstance; readonly defaultConnection: DuckDBConnection }

/**
 * DuckDB in memory, opened at the first query and reopened after `release()`, so that an idle version costs nothing.
 * Throws when a file of the version is missing or unreadable.
 */
export class PublishedDriver extends DuckDBDriver {
  readonly #files: PublishedFiles
  readonly published: PublishedVersion
  readonly #now: () => number
  #pool: DuckDBConnection[] = []
  #turn = 0
  #running = 0
  #lastUse: number

  constructor(files: PublishedFiles, published: PublishedVersion, now: () => number) {
    super({})
    this.#files = files
    this.published = published
    this.#now = now
    this.#lastUse = now()
  }

  /** Whether nothing runs and nothing has run since `before`, in milliseconds of the clock given. */
  isIdleSince(before: number): boolean {
    return this.#running === 0 && this.#lastUse < before
  }

  protected override async init(): Promise<State> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    try {
      const defaultConnection = await instance.connect()
      await this.#files.prepare?.(defaultConnection)
      for (const statement of this.#statements()) await defaultConnection.run(statement)
      this.#pool = await Promise.all(Array.from({ length: connections }, () => instance.connect()))
      return { instance, defaultConnection }
    } catch (error) {
      instance.closeSync()
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(
        `[cube] published version ${this.published.version} cannot be opened: ${reason}; publish again or roll back.`,
        { cause: error },
      )
    }
  }

  /** The state, with the next connection of the pool as the one to query on. */
  protected override async getInitiatedState(): Promise<State> {
    const state = await super.getInitiatedState()
    const connection = this.#pool[this.#turn++ % this.#pool.length] ?? state.defaultConnection
    return { ...state, defaultConnection: connection }
  }

  override async query<R = unknown>(sql: string, values?: unknown[]): Promise<R[]> {
    this.#running += 1
    try {
      return await super.query<R>(sql, values)
    } finally {
      this.#running -= 1
      this.#lastUse = this.#now()
    }
  }

  override async release(): Promise<void> {
    const pool = this.#pool
    this.#pool = []
    for (const connection of pool) connection.closeSync()
    await super.release()
  }

  #statements(): string[] {
    const models = Object.entries(this.published.models)
    const files = models.flatMap(([, model]) => this.#paths(model))
    return [
      "SET GLOBAL TimeZone = 'UTC'",
      `CREATE TABLE ${publishedVersionTable} AS SELECT ${this.published.version} AS version`,
      ...new Set(
        models
          .flatMap(([name]) => schemaOf(name))
          .map((schema) => `CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`),
      ),
      `SET allowed_paths = [${files.map(text).join(', ')}]`,
      'SET enable_external_access = false',
      ...models.map(([name, model]) => this.#view(name, model)),
      'SET lock_configuration = true',
    ]
  }

  #view(name: string, model: PublishedModel): string {
    const files = this.#paths(model)
    const columns = model.columns.map((column) =>
      files.length > 0
        ? `CAST(${quote(column.name)} AS ${column.type}) AS ${quote(column.name)}`
        : `CAST(NULL AS ${column.type}) AS ${quote(column.name)}`,
    )
    const rows = files.length > 0 ? `FROM read_parquet([${files.map(text).join(', ')}])` : 'WHERE false'
    return `CREATE VIEW ${name.split('.').map(quote).join('.')} AS SELECT ${columns.join(', ')} ${rows}`
  }

  #paths(model: PublishedModel): string[] {
    return model.files.map((file) => this.#files.absolute(file))
  }
}

function schemaOf(model: string): string[] {
  return model.includes('.') ? [model.slice(0, model.indexOf('.'))] : []
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
