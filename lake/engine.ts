/** What a model engine must do: run one select over named slices into one file, and answer questions. `engine.conformance.ts` holds every engine to it. */
import type { Column } from './column.ts'
import type { EngineSpelling } from './engine-spelling.ts'

/** A table as one query sees it: these files read as these columns, and of their rows only those that a filter lets through; no files means an empty table. */
export type Slice = {
  /** Name in the query, with its schema where it has one: `order`, `xo.customer_month`. */
  readonly table: string
  /** Absolute paths (or URLs) of Parquet files. */
  readonly files: readonly string[]
  readonly columns: readonly Column[]
  /** Rows that pass any of these are seen; absent: every row. */
  readonly only?: readonly RowFilter[]
  /** Every file is known to have every column, so that none needs to be asked. */
  readonly exact?: boolean
  /** Name of a further column that holds the file each row is from, as given in `files`. */
  readonly fileColumn?: string
  /** Landed records: rows that later versions replaced are named by the files of `replaced` and never seen. */
  readonly landed?: { readonly replaced: readonly string[] }
}

/** Days are YYYY-MM-DD in UTC, spans half-open, null unbounded. */
export type RowFilter =
  | {
      readonly by: 'span'
      readonly column: string
      readonly from: string | null
      readonly to: string | null
    }
  | { readonly by: 'undated'; readonly column: string }
  | { readonly by: 'bucket'; readonly key: string; readonly bucket: number; readonly of: number }
  /** Rows whose key is among those whose hashes the files hold, in a column called `k`. */
  | { readonly by: 'keys'; readonly column: string; readonly files: readonly string[] }

export type CompiledQuery = { readonly sql: string; readonly parameters: readonly unknown[] }

export type WriteRequest = {
  readonly query: CompiledQuery
  readonly inputs: readonly Slice[]
  /** The contract: the query's columns must be these, in name and type. Without one they are written as they come. */
  readonly columns?: readonly Column[]
  /** Of the query's rows only these are written. */
  readonly only?: RowFilter
  /** A local path for the new Parquet file. */
  readonly file: string
}

export type Row = Readonly<Record<string, unknown>>

/** One private database; what is asked of it at once is done one after the other. */
export type EngineSession = {
  /** Answers the rows written. Throws ContractBroken, or ValueRefused where a value does not convert. */
  readonly write: (request: WriteRequest) => Promise<number>
  /** Write rows that a program makes; it may read the inputs, by table name, in batches. */
  readonly writeRows: (request: ProgramRequest) => Promise<number>
  /** Rows of a select of ours; values are plain JavaScript (numbers, strings, booleans, null). */
  readonly rows: (query: CompiledQuery, inputs: readonly Slice[]) => Promise<Row[]>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export type ProgramRequest = Omit<WriteRequest, 'query' | 'columns'> & {
  readonly columns: readonly Column[]
  readonly program: (read: (table: string) => AsyncIterable<Row[]>) => AsyncIterable<Row[]>
}

export type Engine = {
  readonly name: string
  /** Changes when results may change; part of every fingerprint. */
  readonly majorVersion: string
  readonly spelling: EngineSpelling
  /** Ends with the signal's reason once it is aborted. */
  readonly open: (signal?: AbortSignal) => Promise<EngineSession>
  /**
   * Rows of one select over slices, which can reach nothing else; values are plain JavaScript (numbers, strings, booleans, null).
   * Throws QueryRefused for anything but a select.
   */
  readonly rows: (query: CompiledQuery, inputs: readonly Slice[], signal?: AbortSignal) => Promise<Row[]>
}

/** A question that the engine will not run as it stands. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused'
}
