/** What a writer of Parquet files must do for the landing: take rows, and turn what it holds into one file. */
import type { Column } from './column.ts'

/** Values by column name; `_deleted: true` marks a record that is gone at the source. */
export type SinkRow = Readonly<Record<string, unknown>>

/** A column the sink makes itself, so that its values need not pass through every row. */
export type DerivedColumn = Column &
  (
    | { readonly from: 'constant' } // given at each flush
    | { readonly from: 'position' } // 0, 1, 2 … in the file
    | { readonly from: 'fingerprint'; readonly salt: string; readonly of: readonly string[] } // see fingerprint.ts
    | { readonly from: 'operation' } // upsert, or delete in deleted rows
    | { readonly from: 'version'; readonly of: string | undefined } // a copy; in deleted rows the constant of this name
  )

export type SinkSchema = {
  /** Taken from the rows, by name; missing and undefined are null. */
  readonly columns: readonly Column[]
  readonly derived: readonly DerivedColumn[]
}

export type FlushRequest = {
  /** Absolute path of a file that does not exist yet, in a folder that does. */
  readonly path: string
  /** Values of the constant columns. */
  readonly constants: SinkRow
  /** Key-value metadata of the file. */
  readonly metadata: Readonly<Record<string, string>>
}

export type ColumnStatistics = {
  /** As DuckDB prints the value; null when all are null. */
  readonly min: string | null
  readonly max: string | null
  readonly nulls: number
}

export type FileStats = {
  readonly rows: number
  readonly bytes: number
  readonly columns: Readonly<Record<string, ColumnStatistics>>
}

export type ParquetSink = {
  /** Once, before the first rows. */
  readonly open: (schema: SinkSchema) => Promise<void>
  /** What was appended since the last flush; bytes are an estimate of the values in memory. */
  readonly buffered: () => { readonly rows: number; readonly bytes: number }
  readonly append: (rows: readonly SinkRow[]) => Promise<void>
  /** Write all buffered rows into one file. Rows appended after the call belong to the next file, even while this one is being written. */
  readonly flush: (request: FlushRequest) => Promise<FileStats>
  /** Stop at once, also a flush under way; frees everything. The sink cannot be used again. */
  readonly abort: () => Promise<void>
}
