/** Kysely on `node:sqlite`, so that several processes and several connections of one process can share a control file. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue } from 'node:sqlite'
import {
  CompiledQuery,
  IdentifierNode,
  RawNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  createQueryId,
} from 'kysely'
import type {
  DatabaseConnection,
  DatabaseIntrospector,
  Dialect,
  DialectAdapter,
  Driver,
  Kysely,
  QueryCompiler,
  QueryResult,
} from 'kysely'

/** How long a statement waits for another writer before it gives up, in milliseconds. */
const PATIENCE_MS = 30_000
const SQLITE_BUSY = 5

export class NodeSqliteDialect implements Dialect {
  readonly #path: string
  constructor(path: string) {
    this.#path = path
  }
  createAdapter(): DialectAdapter {
    return new TransactionalDdlAdapter()
  }
  createDriver(): Driver {
    return new NodeSqliteDriver(this.#path)
  }
  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }
  // Kysely's own signature: an introspector works on a database of any shape.
  createIntrospector(db: Kysely<never>): DatabaseIntrospector {
    return new SqliteIntrospector(db)
  }
}

class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class NodeSqliteDriver implements Driver {
  readonly #path: string
  #connection: NodeSqliteConnection | undefined
  constructor(path: string) {
    this.#path = path
  }
  async init(): Promise<void> {
    const database = new DatabaseSync(this.#path)
    // Waiting is done between tries (below): a blocking wait would stop the other connection of this process that holds the lock.
    database.exec('pragma busy_timeout = 0')
    this.#connection = new NodeSqliteConnection(database)
    for (const pragma of ['journal_mode = wal', 'synchronous = full', 'foreign_keys = on'])
      await this.#connection.executeQuery(CompiledQuery.raw(`pragma ${pragma}`))
  }
  async acquireConnection(): Promise<DatabaseConnection> {
    if (!this.#connection) throw new Error('The control database is not open.')
    return this.#connection
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // Taking the write lock first makes a lost race wait instead of failing half-way.
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }
  async savepoint(connection: DatabaseConnection, name: string, compile: QueryCompiler['compileQuery']) {
    await connection.executeQuery(compile(savepointCommand('savepoint', name), createQueryId()))
  }
  async rollbackToSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ) {
    await connection.executeQuery(compile(savepointCommand('rollback to', name), createQueryId()))
  }
  async releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ) {
    await connection.executeQuery(compile(savepointCommand('release', name), createQueryId()))
  }
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {
    this.#connection?.close()
  }
}

function savepointCommand(command: string, name: string): RawNode {
  return RawNode.createWithChildren([RawNode.createWithSql(`${command} `), IdentifierNode.create(name)])
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  constructor(database: DatabaseSync) {
    this.#database = database
  }
  close(): void {
    this.#database.close()
  }
  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const deadline = performance.now() + PATIENCE_MS
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      try {
        return this.#execute<Row>(query)
      } catch (error) {
        if (!isBusy(error)) throw error
        if (performance.now() > deadline)
          throw new Error(
            '[control] the control database is locked by another process for over 30 s; see which saydo processes run.',
            { cause: error },
          )
        await sleep(pause)
      }
    }
  }
  #execute<Row>(query: CompiledQuery): QueryResult<Row> {
    const statement = this.#database.prepare(query.sql)
    const parameters = query.parameters as SQLInputValue[]
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) as Row[] }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }
  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    for (const row of this.#database.prepare(query.sql).iterate(...(query.parameters as SQLInputValue[])))
      yield { rows: [row as Row] }
  }
}

function isBusy(error: unknown): boolean {
  // Extended codes (SQLITE_BUSY_SNAPSHOT, SQLITE_BUSY_RECOVERY) carry the primary code in their low byte.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY
}
