/** A column of a Parquet file: its name and type in DuckDB's spelling. */

export type ColumnType =
  | 'VARCHAR'
  | 'BIGINT'
  | 'UBIGINT' // hashes, in files of the lake's own
  | 'DOUBLE'
  | 'BOOLEAN'
  | 'DATE'
  | 'TIMESTAMP' // UTC, microseconds
  | 'JSON' // text in Parquet
  | `DECIMAL(${number},${number})`

export type Column = {
  readonly name: string
  readonly type: ColumnType
  /** Names it had in files written before it was renamed. */
  readonly formerly?: readonly string[]
}
