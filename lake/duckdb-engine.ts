/** The default model engine: private in-memory DuckDBs, fed with explicit file lists, writing Parquet files. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance, StatementType } from '@duckdb/node-api'
import { atMost } from './at-most.ts'
import type { Column } from './column.ts'
import { contractSelect } from './duckdb-contract.ts'
import { parquetOptions } from './duckdb-parquet.ts'
import { writeProgram } from './duckdb-program.ts'
import { bound, rowsOf } from './duckdb-rows.ts'
import {
  type CompiledQuery,
  type Engine,
  type EngineSession,
  QueryRefused,
  type Row,
  type Slice,
  type WriteRequest,
} from './engine.ts'
import { duckdbSpelling } from './engine-spelling.ts'
import { createMemoryGuard } from './memory-guard.ts'
import { literal } from './quote.ts'
import { condition, type Exposure, exposure, filesOf, naming, views } from './slice-sql.ts'
import { withoutValues } from './value-refused.ts'

export type DuckdbEngineOptions = {
  /** DuckDB's own limit per session, in millions of bytes; larger work spills to `tempFolder`. */
  readonly memoryMb: number
  /** Of all sessions together: those that work at the same time share them, since more threads than processors wait for each other. */
  readonly threads: number
  readonly tempFolder: string
  /** Readies a fresh session for the files it will be given, such as those on S3. */
  readonly prepare?: (session: DuckDBConnection) => Promise<void>
}

/** Rows are encoded in groups of this many: what is read of a file is a group at least, what is held while writing one or two. */
const ROW_GROUP = 122_880

export function createDuckdbEngine(options: DuckdbEngineOptions): Engine {
  const threads = sharedThreads(options.threads)
  const databases = spareDatabases(options)
  const guarded = createMemoryGuard(options)
  return {
    name: 'duckdb',
    majorVersion: 'duckdb-1',
    spelling: duckdbSpelling,
    open: (signal) => openSession(options, signal, { threads, databases, guarded }),
    rows: async (query, inputs, signal) => {
      await using opened = await openDatabase(options)
      return await interruptible(opened.session, signal, async () => {
        const { create } = await views(opened.session, inputs)
        if (create !== '') await opened.session.run(create)
        return readOnly(opened.session, query, inputs)
      })
    },
  }
}

/** The threads of an engine, shared by the sessions that are open. */
type Threads = {
  readonly join: () => void
  readonly leave: () => void
  /** Give a session its share, as it is now. */
  readonly share: (session: DuckDBConnection) => Promise<void>
  /** Work of one session, once one of the threads is free for it: more at a time would only take the processors' caches from each other. */
  readonly use: <T>(work: () => Promise<T>) => Promise<T>
}

function sharedThreads(threads: number): Threads {
  let open = 0
  const given = new WeakMap<DuckDBConnection, number>()
  return {
    join: () => (open += 1),
    leave: () => (open -= 1),
    async share(session) {
      const share = Math.max(1, Math.floor(threads / open))
      if ((given.get(session) ?? threads) !== share) await session.run(`SET threads = ${share}`)
      given.set(session, share)
    },
    use: atMost(threads + 1),
  }
}

type Database = Awaited<ReturnType<typeof openDatabase>>

/** Milliseconds that a database waits for its next session. */
const SPARE = 500

/** Databases between two sessions: opening one takes longer than many a query. */
function spareDatabases(options: DuckdbEngineOptions) {
  const spare = new Set<Database>()
  return {
    async take(): Promise<Database> {
      const [database] = spare
      if (database === undefined) return openDatabase(options)
      spare.delete(database)
      return database
    },
    keep(database: Database) {
      spare.add(database)
      setTimeout(() => {
        if (spare.delete(database)) void database[Symbol.asyncDispose]()
      }, SPARE).unref()
    },
  }
}

type Shared = {
  readonly threads: Threads
  readonly databases: ReturnType<typeof spareDatabases>
  readonly guarded: ReturnType<typeof createMemoryGuard>
}

async function openSession(
  options: DuckdbEngineOptions,
  signal: AbortSignal | undefined,
  { threads, databases, guarded }: Shared,
): Promise<EngineSession> {
  const opened = await databases.take()
  threads.join()
  const { session, connect, giveBack } = opened
  const held = new Map<string, string>()
  const inTurn = atMost(1)
  const within = <T>(work: () => Promise<T>) =>
    interruptible(session, signal, async () => {
      await threads.share(session)
      return guarded(giveBack, work)
    })
  const asked = <T>(work: () => Promise<T>) => inTurn(() => threads.use(() => within(work)))
  return {
    write: (request) =>
      asked(async () =>
        exposing(session, await exposure(session, request.query.sql, request.inputs), (names) =>
          write(session, request, names, held),
        ),
      ).catch(withoutValuesOf(request)),
    // A program may wait for others than DuckDB.
    writeRows: (request) =>
      inTurn(() =>
        within(async () =>
          exposing(session, { names: [], ...(await views(session, request.inputs)) }, () =>
            writeProgram(session, request, { ...options, signal, connect }),
          ),
        ),
      ),
    rows: (query, inputs) =>
      asked(async () =>
        exposing(session, await exposure(session, query.sql, inputs), (names) =>
          rowsOf(session, { ...query, sql: naming(names, query.sql) }),
        ),
      ),
    async [Symbol.asyncDispose]() {
      threads.leave()
      // One that was interrupted may still be at work.
      if (signal?.aborted) await opened[Symbol.asyncDispose]()
      else databases.keep(opened)
    },
  }
}

async function openDatabase(options: DuckdbEngineOptions) {
  // DuckDB makes it when something is spilled.
  const spill = join(options.tempFolder, `duckdb-${randomUUID()}`)
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: `${options.memoryMb}MB`,
    threads: String(options.threads),
    temp_directory: spill,
    // Rows of a table have no order, so none is kept.
    preserve_insertion_order: 'false',
    // The system keeps the files of a folder in memory that it can have back.
    enable_external_file_cache: String(options.prepare !== undefined),
    // What is freed goes back at once: several sessions share one memory, one after the other.
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '64MB',
  })
  const connect = async () => {
    const connection = await instance.connect()
    await connection.run("SET TimeZone = 'UTC'")
    return connection
  }
  const session = await connect()
  await options.prepare?.(session)
  return {
    session,
    /** To the same views, for what is read while other work is done. */
    connect,
    /** Setting the limit, be it to the same, makes the allocator let go of what is free. */
    giveBack: async () => {
      const beside = await connect()
      await beside.run(`SET memory_limit = '${options.memoryMb}MB'`).finally(() => beside.closeSync())
    },
    async [Symbol.asyncDispose]() {
      session.closeSync()
      instance.closeSync()
      await rm(spill, { recursive: true, force: true })
    },
  }
}

/** The inputs are visible to a select that begins with `names`, and nothing else is. */
async function exposing<T>(
  session: DuckDBConnection,
  { create, drop, names }: Exposure,
  work: (names: Exposure['names']) => Promise<T>,
): Promise<T> {
  if (create === '') return work(names)
  try {
    await session.run(create)
    return await work(names)
  } finally {
    await session.run(drop)
  }
}

async function write(
  session: DuckDBConnection,
  { query, inputs, columns, only, file }: WriteRequest,
  names: Exposure['names'],
  held: Map<string, string>,
): Promise<number> {
  const select =
    columns === undefined ? query.sql : await heldTo(session, { query, inputs, columns }, names, held)
  const kept = only === undefined ? select : `SELECT * FROM (${select}) WHERE ${condition(only)}`
  const result = await session.runAndReadAll(
    `COPY (${naming(names, kept)}) TO ${literal(file)} (${parquetOptions}, ROW_GROUP_SIZE ${ROW_GROUP})`,
    bound(query),
  )
  return Number(result.getRowsJson()[0]?.[0] ?? 0)
}

type Held = Pick<WriteRequest, 'query' | 'inputs'> & { readonly columns: readonly Column[] }

/** Partitions of a model differ in their rows only, so its query is held to its contract once. */
async function heldTo(
  session: DuckDBConnection,
  { query, inputs, columns }: Held,
  names: Exposure['names'],
  held: Map<string, string>,
): Promise<string> {
  const asked = JSON.stringify([query, columns, inputs.map(({ table, columns: given }) => [table, given])])
  const known = held.get(asked)
  if (known !== undefined) return known
  const described = await rowsOf(session, { ...query, sql: `DESCRIBE ${naming(names, query.sql)}` })
  const found = described.map((row) => ({
    name: String(row['column_name']),
    type: String(row['column_type']),
  }))
  const select = contractSelect(query, columns, found)
  held.set(asked, select)
  return select
}

function withoutValuesOf({ columns = [], inputs }: WriteRequest): (error: unknown) => never {
  return (error) => {
    throw withoutValues(error, [...columns, ...inputs.flatMap((input) => input.columns)])
  }
}

/** Work that ends with the signal's reason once it is aborted. */
async function interruptible<T>(
  session: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  let again: NodeJS.Timeout | undefined
  // An interrupt between two statements is forgotten by the second, so it is repeated until the work has ended.
  const interrupt = () => {
    session.interrupt()
    again = setTimeout(interrupt, 20)
  }
  signal?.addEventListener('abort', interrupt, { once: true })
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    clearTimeout(again)
    signal?.removeEventListener('abort', interrupt)
  }
}

/** Rows of one select that can reach nothing but its inputs. */
async function readOnly(
  session: DuckDBConnection,
  query: CompiledQuery,
  inputs: readonly Slice[],
): Promise<Row[]> {
  await session.run(`SET allowed_paths = [${inputs.flatMap(filesOf).map(literal).join(', ')}]`)
  await session.run('SET enable_external_access = false')
  await session.run('SET lock_configuration = true')
  try {
    const statements = await session.extractStatements(query.sql)
    const statement = statements.count === 1 ? await statements.prepare(0) : undefined
    if (statement?.statementType !== StatementType.SELECT)
      throw new QueryRefused('[sql] only one select statement is answered; publish a model to change data.')
    return await rowsOf(session, query)
  } catch (error) {
    if (error instanceof QueryRefused || !(error instanceof Error) || error.message.startsWith('INTERRUPT'))
      throw error
    const told = withoutValues(
      error,
      inputs.flatMap(({ columns }) => columns),
    )
    throw new QueryRefused(`[sql] ${told instanceof Error ? told.message.split('\n')[0] : ''}`)
  }
}
