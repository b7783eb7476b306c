/** The default model engine: one private in-memory DuckDB per build, fed with explicit file lists, writing one Parquet file. */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTypeId,
  type DuckDBValue,
  StatementType,
} from '@duckdb/node-api'
import {
  type BuildReport,
  type BuildRequest,
  type CompiledQuery,
  type Engine,
  QueryRefused,
  type Row,
  type Slice,
} from './engine.ts'
import { ContractBroken } from './contract-broken.ts'
import { identifier, literal } from './quote.ts'
import { expose } from './slice-sql.ts'
import { withoutValues } from './value-refused.ts'

export type DuckdbEngineOptions = {
  /** DuckDB's own limit per build, e.g. `1GB`; larger work spills to `tempFolder`. */
  readonly memoryLimit: string
  readonly threads: number
  readonly tempFolder: string
  /** Readies a fresh session for the files it will be given, such as those on S3. */
  readonly prepare?: (session: DuckDBConnection) => Promise<void>
}

export function createDuckdbEngine(options: DuckdbEngineOptions): Engine {
  return {
    name: 'duckdb',
    majorVersion: 'duckdb-1',
    build: (request) =>
      withSession(options, request.inputs, request.signal, (session) => build(session, request)).catch(
        (error: unknown) => {
          throw withoutValues(error, [
            ...request.columns,
            ...request.inputs.flatMap(({ columns }) => columns),
          ])
        },
      ),
    rows: (query, inputs, signal) =>
      withSession(options, inputs, signal, (session) => readOnly(session, query, inputs)),
  }
}

async function build(session: DuckDBConnection, request: BuildRequest): Promise<BuildReport> {
  const select = await contractSelect(session, request)
  const file = 'part-00000.parquet'
  const path = join(request.folder, file)
  await session.run(
    `COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`,
    bound(request.query),
  )
  const columns = request.columns.map((column) => identifier(column.name)).join(', ')
  const summary = await rows(session, {
    sql: `SELECT count(*) AS n, coalesce(sum(hash(${columns})::HUGEINT), 0)::VARCHAR AS content FROM read_parquet(${literal(path)})`,
    parameters: [],
  })
  const { n, content } = summary[0] as { n: number; content: string }
  return { files: [file], rows: n, bytes: (await stat(path)).size, contentHash: `${n}-${content}` }
}

/** The query with its columns cast to the contract's types; refuses missing, extra and unconvertible columns by name. */
async function contractSelect(session: DuckDBConnection, { query, columns }: BuildRequest): Promise<string> {
  const described = await rows(session, { sql: `DESCRIBE ${query.sql}`, parameters: query.parameters })
  const got = new Map(described.map((row) => [String(row['column_name']), String(row['column_type'])]))
  const wanted = new Map(columns.map((column) => [column.name, column.type]))
  const missing = [...wanted.keys()].filter((name) => !got.has(name))
  const extra = [...got.keys()].filter((name) => !wanted.has(name))
  const retyped = columns.flatMap(({ name, type }) => {
    const actual = got.get(name)
    return actual !== undefined && !widens(actual, type)
      ? [`${name} is ${actual}, the contract says ${type}`]
      : []
  })
  if (missing.length + extra.length + retyped.length > 0)
    throw new ContractBroken({ missing, extra, retyped })
  const list = columns.map(({ name, type }) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`)
  return `SELECT ${list.join(', ')} FROM (${query.sql})`
}

const families: readonly RegExp[] = [
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT)$/,
  /^(FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/,
  /^(VARCHAR|JSON|ENUM.*|UUID)$/,
  /^(TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|DATE)$/,
]
const familyOf: Readonly<Record<string, number>> = {
  BIGINT: 0,
  DOUBLE: 1,
  DECIMAL: 1,
  VARCHAR: 2,
  JSON: 2,
  TIMESTAMP: 3,
}

/** Whether a value of one type may be cast to the contract's without changing its meaning. */
function widens(actual: string, wanted: string): boolean {
  if (actual === wanted || actual === '"NULL"' || actual === 'NULL') return true
  const family = familyOf[wanted.replace(/\(.*/, '')]
  return family !== undefined && (families[family]?.test(actual) ?? false)
}

async function withSession<T>(
  options: DuckdbEngineOptions,
  inputs: readonly Slice[],
  signal: AbortSignal | undefined,
  work: (session: DuckDBConnection) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const spill = await mkdtemp(join(options.tempFolder, 'duckdb-'))
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    memory_limit: options.memoryLimit,
    threads: String(options.threads),
    temp_directory: spill,
  })
  const session = await instance.connect()
  try {
    return await interruptible(session, signal, async () => {
      await session.run("SET TimeZone = 'UTC'")
      await options.prepare?.(session)
      for (const slice of inputs) await expose(session, slice)
      return work(session)
    })
  } finally {
    session.closeSync()
    instance.closeSync()
    await rm(spill, { recursive: true, force: true })
  }
}

/** Work that ends with the signal's reason once it is aborted. */
async function interruptible<T>(
  session: DuckDBConnection,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
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
  const files = inputs.flatMap((slice) => slice.files)
  await session.run(`SET allowed_paths = [${files.map(literal).join(', ')}]`)
  await session.run('SET enable_external_access = false')
  await session.run('SET lock_configuration = true')
  try {
    const statements = await session.extractStatements(query.sql)
    const statement = statements.count === 1 ? await statements.prepare(0) : undefined
    if (statement?.statementType !== StatementType.SELECT)
      throw new QueryRefused('[sql] only one select statement is answered; publish a model to change data.')
    return await rows(session, query)
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

async function rows(session: DuckDBConnection, query: CompiledQuery): Promise<Row[]> {
  const result = await session.runAndReadAll(query.sql, bound(query))
  const dates = new Set(
    result.columnNames().filter((_, index) => result.columnTypeId(index) === DuckDBTypeId.DATE),
  )
  return result
    .getRowObjectsJS()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value, dates.has(name))])),
    )
}

function bound(query: CompiledQuery): DuckDBValue[] {
  return query.parameters.map((value) =>
    value instanceof Date ? value.toISOString() : (value as DuckDBValue),
  )
}

/** Instants as ISO 8601 in UTC, dates as YYYY-MM-DD, whole numbers beyond 2^53 as text. */
function plain(value: unknown, isDate: boolean): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return isDate ? value.toISOString().slice(0, 10) : value.toISOString()
  return value
}
