/** Parquet in plain JavaScript, through parquetjs: for hosts without DuckDB's native binding, and as the second opinion on the first writer. */
import { stat } from 'node:fs/promises'
import { ParquetSchema, ParquetWriter } from 'parquetjs'
import type { FieldDefinition } from 'parquetjs'
import { daysSince1970, decimalOf, jsonText, microseconds, plainText, unscaled, wholeNumber } from './cell.ts'
import type { Column } from './column.ts'
import { fingerprint } from './fingerprint.ts'
import type {
  ColumnStatistics,
  DerivedColumn,
  FileStats,
  FlushRequest,
  ParquetSink,
  SinkRow,
  SinkSchema,
} from './parquet-sink.ts'

const ROW_GROUP = 32_768
const DAY_MS = 86_400_000
/** Decimals are written as 128-bit integers: the library's own way through floating point loses cents. */
const DECIMAL_BYTES = 16

/** A sink without native code: several times slower, and instants before 1970 keep milliseconds only. */
export function createParquetjsSink(): ParquetSink {
  let schema: SinkSchema = { columns: [], derived: [] }
  let rows: SinkRow[] = []
  let bytes = 0
  return {
    open: async (wanted) => {
      schema = wanted
    },
    buffered: () => ({ rows: rows.length, bytes }),
    append: async (more) => {
      for (const row of more) {
        rows.push(row)
        bytes += estimatedBytes(row)
      }
    },
    flush: async (request) => {
      const part = rows
      rows = []
      bytes = 0
      return writeFile(schema, part, request)
    },
    abort: async () => {
      rows = []
    },
  }
}

async function writeFile(
  schema: SinkSchema,
  rows: readonly SinkRow[],
  request: FlushRequest,
): Promise<FileStats> {
  const columns: readonly Column[] = [...schema.columns, ...schema.derived]
  const fields = columns.map((column) => [column.name, fieldOf(column)] as const)
  const writer = await ParquetWriter.openFile(new ParquetSchema(Object.fromEntries(fields)), request.path)
  writer.setRowGroupSize(ROW_GROUP)
  for (const [key, value] of Object.entries(request.metadata)) writer.setMetadata(key, value)
  const extremes = new Map(columns.map((column) => [column.name, new Extremes(column)]))
  for (const [position, row] of rows.entries()) {
    const stored: Record<string, unknown> = {}
    for (const column of columns) {
      const value = valueOf(column, schema, row, position, request.constants)
      extremes.get(column.name)?.take(value)
      if (value !== null && value !== undefined) stored[column.name] = primitive(column, value)
    }
    await writer.appendRow(stored)
  }
  await writer.close()
  const { size } = await stat(request.path)
  const statistics = [...extremes].map(([name, of]) => [name, of.statistics()] as const)
  return { rows: rows.length, bytes: size, columns: Object.fromEntries(statistics) }
}

function valueOf(
  column: Column | DerivedColumn,
  schema: SinkSchema,
  row: SinkRow,
  position: number,
  constants: SinkRow,
): unknown {
  if (!('from' in column)) return row[column.name]
  switch (column.from) {
    case 'position':
      return position
    case 'operation':
      return row['_deleted'] === true ? 'delete' : 'upsert'
    case 'version':
      if (row['_deleted'] === true) return constants[column.name]
      return column.of === undefined ? null : row[column.of]
    case 'fingerprint': {
      const of = schema.columns.filter(({ name }) => column.of.includes(name))
      return fingerprint(column.salt, of, row)
    }
    default:
      return constants[column.name]
  }
}

function primitive({ type }: Column, value: unknown): unknown {
  switch (type) {
    case 'VARCHAR':
      return plainText(value)
    case 'JSON':
      return jsonText(value)
    case 'BIGINT':
      return wholeNumber(value)
    case 'DOUBLE':
      return Number(value)
    case 'BOOLEAN':
      return Boolean(value)
    case 'DATE':
      return new Date(daysSince1970(value) * DAY_MS)
    case 'TIMESTAMP':
      return instant(microseconds(value))
    default:
      return twosComplement(unscaled(value, decimalOf(type)?.[1] ?? 0))
  }
}

function twosComplement(value: bigint): Buffer {
  return Buffer.from(
    BigInt.asUintN(DECIMAL_BYTES * 8, value)
      .toString(16)
      .padStart(DECIMAL_BYTES * 2, '0'),
    'hex',
  )
}

/** The library takes what lies before 1970 only as a Date. */
function instant(micros: bigint): bigint | Date {
  return micros < 0n ? new Date(Math.floor(Number(micros) / 1000)) : micros
}

function fieldOf({ type }: Column): FieldDefinition {
  const decimal = decimalOf(type)
  const field = { optional: true, compression: 'SNAPPY' } as const
  if (decimal) {
    const [precision, scale] = decimal
    return { ...field, type: 'DECIMAL', precision, scale, typeLength: DECIMAL_BYTES, statistics: false }
  }
  return { ...field, type: FIELDS[type as keyof typeof FIELDS] }
}

const FIELDS = {
  VARCHAR: 'UTF8',
  JSON: 'UTF8',
  BIGINT: 'INT64',
  DOUBLE: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP_MICROS',
} as const

function estimatedBytes(row: SinkRow): number {
  let sum = 0
  for (const key in row) {
    const value = row[key]
    sum += typeof value === 'string' ? value.length : 8
  }
  return sum
}

/** Least and greatest value of a column, printed as DuckDB prints them. */
class Extremes {
  readonly #column: Column
  #min: bigint | number | undefined
  #max: bigint | number | undefined
  #nulls = 0
  constructor(column: Column) {
    this.#column = column
  }
  take(value: unknown): void {
    if (value === null || value === undefined) this.#nulls += 1
    else {
      const number = comparable(this.#column, value)
      if (number === undefined || Number.isNaN(number)) return
      if (this.#min === undefined || number < this.#min) this.#min = number
      if (this.#max === undefined || number > this.#max) this.#max = number
    }
  }
  statistics(): ColumnStatistics {
    return {
      min: printed(this.#column, this.#min),
      max: printed(this.#column, this.#max),
      nulls: this.#nulls,
    }
  }
}

function comparable({ type }: Column, value: unknown): bigint | number | undefined {
  if (type === 'TIMESTAMP') return microseconds(value)
  if (type === 'DATE') return daysSince1970(value)
  if (type === 'BIGINT') return wholeNumber(value)
  if (type === 'DOUBLE' || type === 'BOOLEAN') return Number(value)
  return undefined
}

function printed({ type }: Column, value: bigint | number | undefined): string | null {
  if (value === undefined) return null
  if (type === 'DATE') return new Date(Number(value) * DAY_MS).toISOString().slice(0, 10)
  if (type !== 'TIMESTAMP') return String(value)
  const micros = BigInt(value)
  const below = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - below) / 1000n)).toISOString().slice(0, 19).replace('T', ' ')
  return below === 0n ? seconds : `${seconds}.${String(below).padStart(6, '0')}`
}
