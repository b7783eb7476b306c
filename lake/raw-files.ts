/** Which raw files of a stream are committed: the only way to find them (nobody lists a folder). */
import type { Control } from './control/open-control.ts'
import type { Column } from './column.ts'

export type RawFile = {
  /** Relative to the lake's root. */
  readonly path: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  /** Names the columns; files of one stream may differ when its contract changed. */
  readonly schemaHash: string
  /** The record's columns, then `_extra` and the record columns of every landing (`_row_key` …). */
  readonly columns: readonly Column[]
  /** Order of loads over the project; within a load, files are in order of their part. */
  readonly loadSequence: number
  readonly loadKey: string
  readonly part: number
  /** Range of the stream's event time in the file (ISO 8601, UTC); null when it has none. */
  readonly eventFrom: string | null
  readonly eventTo: string | null
}

/** Committed files of a stream, oldest load first. */
export async function rawFiles(control: Control, source: string, stream: string): Promise<RawFile[]> {
  const rows = await control.db
    .selectFrom('load_file as file')
    .innerJoin('load', 'load.load_key', 'file.load_key')
    .innerJoin('schema_version as schema', (join) =>
      join
        .onRef('schema.source', '=', 'file.source')
        .onRef('schema.stream', '=', 'file.stream')
        .onRef('schema.schema_hash', '=', 'file.schema_hash'),
    )
    .select(['file.path', 'file.rows', 'file.bytes', 'file.sha256', 'file.schema_hash', 'file.part'])
    .select(['file.load_key', 'file.event_from', 'file.event_to', 'load.sequence', 'schema.columns'])
    .where('file.source', '=', source)
    .where('file.stream', '=', stream)
    .orderBy('load.sequence')
    .orderBy('file.part')
    .execute()
  return rows.map((row) => ({
    path: row.path,
    rows: row.rows,
    bytes: row.bytes,
    sha256: row.sha256,
    schemaHash: row.schema_hash,
    columns: JSON.parse(row.columns) as Column[],
    loadSequence: row.sequence,
    loadKey: row.load_key,
    part: row.part,
    eventFrom: row.event_from,
    eventTo: row.event_to,
  }))
}
