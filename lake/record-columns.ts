/** The columns of every raw file: those of the stream's record, what the contract does not know, and where each row came from. */
import { hash } from 'node:crypto'
import type { Column } from './column.ts'
import type { DerivedColumn, SinkSchema } from './parquet-sink.ts'

/** A stream as the lake sees it. */
export type LandingStream = {
  readonly source: string
  readonly stream: string
  readonly columns: readonly Column[]
  /** Empty: the whole record is the key. */
  readonly primaryKey: readonly string[]
  readonly cursorField?: string | undefined
  readonly eventTime?: string | undefined
}

/**
 * `_extra` JSON of unknown fields, `_row_key` names the record (source, stream, primary key), `_row_hash` its content, `_op` upsert or delete,
 * `_cursor` orders versions of a record (in the type of the cursor field;
 * of a deletion the time it was seen, or null when the cursor is no time), `_extracted_at` when its part was read, `_load_key` and `_part` the file,
 * `_pos` the row in it from 0, `_schema_hash` the record's columns. The last version of a record is the first by `_cursor` descending with nulls
 * first, then load sequence, `_part` and `_pos` descending.
 */
export function recordColumns(stream: LandingStream): Column[] {
  const { columns, derived } = sinkSchema(stream)
  return [...columns, ...derived].map(({ name, type }) => ({ name, type }))
}

/** How a sink makes those columns. */
export function sinkSchema(stream: LandingStream): SinkSchema {
  const names = stream.columns.map(({ name }) => name)
  for (const name of [...stream.primaryKey, stream.cursorField, stream.eventTime])
    if (name !== undefined && !names.includes(name))
      throw new Error(
        `[${stream.source}.${stream.stream}] ${JSON.stringify(name)} is named as key, cursor or event time but is no field of the record; it has ${names.join(', ')}.`,
      )
  const salt = `${stream.source}\u001F${stream.stream}`
  const key = stream.primaryKey.length > 0 ? stream.primaryKey : names
  const derived: DerivedColumn[] = [
    { name: '_row_key', type: 'VARCHAR', from: 'fingerprint', salt, of: key },
    { name: '_row_hash', type: 'VARCHAR', from: 'fingerprint', salt: '', of: names },
    { name: '_op', type: 'VARCHAR', from: 'operation' },
    { name: '_cursor', type: cursorType(stream), from: 'version', of: stream.cursorField },
    { name: '_extracted_at', type: 'TIMESTAMP', from: 'constant' },
    { name: '_load_key', type: 'VARCHAR', from: 'constant' },
    { name: '_part', type: 'BIGINT', from: 'constant' },
    { name: '_pos', type: 'BIGINT', from: 'position' },
    { name: '_schema_hash', type: 'VARCHAR', from: 'constant' },
  ]
  return {
    columns: [...stream.columns, { name: '_extra', type: 'JSON' }],
    derived,
  }
}

/** Names a set of columns: 16 hexadecimal digits of a sha256 over names and types in order. */
export function schemaHash(columns: readonly Column[]): string {
  return hash('sha256', JSON.stringify(columns.map(({ name, type }) => [name, type]))).slice(0, 16)
}

export function cursorType(stream: LandingStream): Column['type'] {
  return stream.columns.find(({ name }) => name === stream.cursorField)?.type ?? 'VARCHAR'
}
