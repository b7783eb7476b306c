/** Parquet through DuckDB: rows go into a memory table by its appender, and `COPY` writes the table as one file. The lake's writer. */
import { DuckDBDateValue, DuckDBDecimalValue, DuckDBInstance, DuckDBTimestampValue } from '@duckdb/node-api'
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api'
import { decimalOf, daysSince1970, jsonText, microseconds, plainText, unscaled, wholeNumber } from './cell.ts'
import type { Column } from './column.ts'
import { fingerprintSql } from './fingerprint.ts'
import { identifier, literal } from './quote.ts'
import type {
  DerivedColumn,
  FileStats,
  FlushRequest,
  ParquetSink,
  SinkRow,
  SinkSchema,
} from './parquet-sink.ts'

export type DuckdbSinkOptions = {
  /** Where DuckDB may spill. */
  readonly temporaryFolder: string
  readonly memoryMb?: number
  /** Beside the thread that appends; more only pays where cores are idle. */
  readonly threads?: number
}

/** Rows that are encoded at a time; larger groups save little space and cost much memory. */
const ROW_GROUP = 16_384
const ROW_GROUP_BYTES = 16 * 1024 * 1024

/** What the appender may hold before its rows go into the table, where DuckDB can spill them. */
const APPENDER_BYTES = 4 * 1024 * 1024

/** Texts from this length on are measured in bytes (Chinese takes three per character); shorter ones are not worth it. */
const LONG = 64

/** A sink on a private, in-memory DuckDB. */
export function createDuckdbSink(options: DuckdbSinkOptions): ParquetSink {
  return new DuckdbSink(options)
}

type AppendCell = (appender: DuckDBAppender, value: unknown) => number

class DuckdbSink implements ParquetSink {
  readonly #options: DuckdbSinkOptions
  #schema: SinkSchema = { columns: [], derived: [] }
  #cells: { name: string; append: AppendCell }[] = []
  #instance: DuckDBInstance | undefined
  #writer: DuckDBConnection | undefined
  #connection: DuckDBConnection | undefined
  #table = 0
  #appender: DuckDBAppender | undefined
  #rows = 0
  #bytes = 0
  #handedOver = 0

  constructor(options: DuckdbSinkOptions) {
    this.#options = options
  }

  readonly open = async (schema: SinkSchema): Promise<void> => {
    this.#schema = schema
    this.#cells = schema.columns.map((column) => ({ name: column.name, append: cellOf(column) }))
    this.#instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${this.#options.memoryMb ?? 512}MB`,
      threads: String(this.#options.threads ?? 1),
      temp_directory: this.#options.temporaryFolder,
      // Rows carry their position, so the order in the file is free; only then may row groups be limited in bytes.
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    this.#connection = await this.#instance.connect()
    this.#writer = await this.#instance.connect()
  }

  readonly buffered = () => ({ rows: this.#rows, bytes: this.#bytes })

  readonly append = async (rows: readonly SinkRow[]): Promise<void> => {
    if (rows.length === 0) return
    const appender = (this.#appender ??= await this.#newTable())
    for (const row of rows) {
      if (row['_deleted'] === true) appender.appendBoolean(true)
      else appender.appendNull()
      for (const { name, append } of this.#cells) {
        const value = row[name]
        if (value === null || value === undefined) appender.appendNull()
        else this.#bytes += this.#appendCell(append, appender, name, value)
      }
      appender.endRow()
      if (this.#bytes - this.#handedOver > APPENDER_BYTES) {
        appender.flushSync()
        this.#handedOver = this.#bytes
      }
    }
    this.#rows += rows.length
  }

  readonly flush = async ({ path, constants, metadata }: FlushRequest): Promise<FileStats> => {
    const [table, appender, writer] = [`part${this.#table}`, this.#appender, this.#writer]
    if (!appender || !writer) throw new Error('[lake] nothing to flush; append rows first.')
    this.#appender = undefined
    this.#rows = 0
    this.#bytes = 0
    this.#handedOver = 0
    appender.closeSync()
    const select = [
      ...this.#schema.columns.map(quoted),
      ...this.#schema.derived.map((column) => derivedSql(column, this.#schema, constants)),
    ]
    const pairs = Object.entries(metadata).map(([key, value]) => `${identifier(key)}: ${literal(value)}`)
    const keyValues = pairs.length > 0 ? `, kv_metadata {${pairs.join(', ')}}` : ''
    const reader = await writer.runAndReadAll(
      `copy (select ${select.join(', ')} from ${table}) to ${literal(path)} (format parquet, compression zstd, row_group_size ${ROW_GROUP}, row_group_size_bytes ${ROW_GROUP_BYTES}, return_stats true${keyValues})`,
    )
    await writer.run(`drop table ${table}`)
    return statsOf(reader.getRowObjectsJson()[0])
  }

  readonly abort = async (): Promise<void> => {
    this.#writer?.interrupt()
    this.#appender = undefined
    this.#writer?.closeSync()
    this.#connection?.closeSync()
    this.#instance?.closeSync()
  }

  #appendCell(append: AppendCell, appender: DuckDBAppender, column: string, value: unknown): number {
    try {
      return append(appender, value)
    } catch (error) {
      throw new Error(
        `[lake] column ${JSON.stringify(column)} got a value its type cannot hold (a ${typeof value}); the stream's record schema must end in the column's type.`,
        { cause: error },
      )
    }
  }

  async #newTable(): Promise<DuckDBAppender> {
    if (!this.#connection) throw new Error('[lake] the sink is not open.')
    this.#table += 1
    const table = `part${this.#table}`
    const columns = this.#schema.columns.map((column) => `${quoted(column)} ${storedType(column)}`)
    await this.#connection.run(`create table ${table} (${['_deleted BOOLEAN', ...columns].join(', ')})`)
    return this.#connection.createAppender(table)
  }
}

function cellOf(column: Column): AppendCell {
  const decimal = decimalOf(column.type)
  if (decimal) {
    const [width, scale] = decimal
    return (appender, value) => {
      appender.appendDecimal(new DuckDBDecimalValue(unscaled(value, scale), width, scale))
      return 16
    }
  }
  return CELLS[column.type as keyof typeof CELLS]
}

const CELLS = {
  VARCHAR: (appender: DuckDBAppender, value: unknown) => appendText(appender, plainText(value)),
  JSON: (appender: DuckDBAppender, value: unknown) => appendText(appender, jsonText(value)),
  BIGINT: (appender: DuckDBAppender, value: unknown) => {
    appender.appendBigInt(wholeNumber(value))
    return 8
  },
  UBIGINT: (appender: DuckDBAppender, value: unknown) => {
    appender.appendUBigInt(wholeNumber(value))
    return 8
  },
  DOUBLE: (appender: DuckDBAppender, value: unknown) => {
    appender.appendDouble(Number(value))
    return 8
  },
  BOOLEAN: (appender: DuckDBAppender, value: unknown) => {
    appender.appendBoolean(Boolean(value))
    return 1
  },
  DATE: (appender: DuckDBAppender, value: unknown) => {
    appender.appendDate(new DuckDBDateValue(daysSince1970(value)))
    return 4
  },
  TIMESTAMP: (appender: DuckDBAppender, value: unknown) => {
    appender.appendTimestamp(new DuckDBTimestampValue(microseconds(value)))
    return 8
  },
} satisfies Record<string, AppendCell>

function appendText(appender: DuckDBAppender, value: string): number {
  appender.appendVarchar(value)
  return value.length < LONG ? value.length : Buffer.byteLength(value)
}

function derivedSql(column: DerivedColumn, schema: SinkSchema, constants: SinkRow): string {
  return `${derivedValue(column, schema, constants)} as ${quoted(column)}`
}

function derivedValue(column: DerivedColumn, schema: SinkSchema, constants: SinkRow): string {
  switch (column.from) {
    case 'position':
      return 'rowid'
    case 'operation':
      return `if(_deleted, 'delete', 'upsert')`
    case 'version': {
      const kept = column.of === undefined ? 'null' : identifier(column.of)
      return `if(_deleted, ${constantSql(column, constants[column.name])}, ${kept})::${storedType(column)}`
    }
    case 'fingerprint': {
      const of = column.of.map(
        (wanted) => schema.columns.find(({ name }) => name === wanted) ?? missing(wanted),
      )
      return fingerprintSql(column.salt, of)
    }
    default:
      return constantSql(column, constants[column.name])
  }
}

function constantSql(column: Column, value: unknown): string {
  if (value === null || value === undefined) return `null::${storedType(column)}`
  if (column.type === 'TIMESTAMP') return `make_timestamp(${microseconds(value)})`
  return `${literal(plainText(value))}::${storedType(column)}`
}

function missing(column: string): never {
  throw new Error(
    `[lake] the stream has no column ${JSON.stringify(column)}; its key must name columns of its record.`,
  )
}

type StatsRow = {
  count: string
  file_size_bytes: string
  column_statistics: { key: string; value: { key: string; value: string }[] }[]
}

function statsOf(row: unknown): FileStats {
  const stats = row as StatsRow
  const columns = stats.column_statistics.map(({ key, value }) => {
    const of = new Map(value.map((entry) => [entry.key, entry.value]))
    const nulls = Number(of.get('null_count') ?? 0)
    return [
      key.slice(1, -1).replaceAll('""', '"'),
      { min: of.get('min') ?? null, max: of.get('max') ?? null, nulls },
    ]
  })
  return {
    rows: Number(stats.count),
    bytes: Number(stats.file_size_bytes),
    columns: Object.fromEntries(columns),
  }
}

const storedType = ({ type }: Column): string => (type === 'JSON' ? 'VARCHAR' : type)
const quoted = (column: Column): string => identifier(column.name)
