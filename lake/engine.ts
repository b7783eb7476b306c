/** What a model engine must do: run one compiled query over named input slices into one output folder, and answer read-only questions. */
import type { Column } from './column.ts'

/** A table as one query sees it: exactly these files, read as these columns; no files means an empty table. */
export type Slice = {
  /** Name in the query, with its schema where it has one: `order`, `xo.customer_month`. */
  readonly table: string
  /** Absolute paths (or URLs) of Parquet files. */
  readonly files: readonly string[]
  readonly columns: readonly Column[]
  /** Landed records, files in load order: the query sees the last version of each record, and none that was deleted. */
  readonly landed?: boolean
}

export type CompiledQuery = { readonly sql: string; readonly parameters: readonly unknown[] }

export type BuildRequest = {
  readonly query: CompiledQuery
  readonly inputs: readonly Slice[]
  /** The contract: the query's columns must be these, in name and type. */
  readonly columns: readonly Column[]
  /** An empty, private folder; the engine writes only here. */
  readonly folder: string
  readonly signal?: AbortSignal
}

export type BuildReport = {
  /** File names inside the folder. */
  readonly files: readonly string[]
  readonly rows: number
  readonly bytes: number
  /** Independent of row order, file split and thread count. */
  readonly contentHash: string
}

export type Row = Readonly<Record<string, unknown>>

export type Engine = {
  readonly name: string
  /** Changes when results may change; part of every fingerprint. */
  readonly majorVersion: string
  readonly build: (request: BuildRequest) => Promise<BuildReport>
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
