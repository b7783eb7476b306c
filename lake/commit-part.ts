/** The one transaction of a landing: a file becomes visible and the cursor moves, both or neither. */
import type { Transaction } from 'kysely'
import type { Column } from './column.ts'
import type { ControlTables } from './control/control-tables.ts'
import type { Control } from './control/open-control.ts'
import { nextNumber } from './next-number.ts'

export type StreamSlice = { readonly source: string; readonly stream: string; readonly slice: string }

/** A record that broke its contract, sealed. */
export type Rejected = {
  /** In words, without the record's content. */
  readonly reason: string
  readonly position: string
  readonly issues: readonly {
    readonly path: string
    readonly code: string
    readonly message: string
  }[]
  /** Field path → kind of value. */
  readonly shape: Readonly<Record<string, string>>
  readonly sealed: string
}

export type LandedFile = {
  readonly path: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  readonly schemaHash: string
  readonly eventFrom: string | null
  readonly eventTo: string | null
  readonly statistics: string
}

export type PartCommit = {
  readonly of: StreamSlice
  readonly kind: 'sync' | 'window' | 'replay'
  readonly loadKey: string
  readonly part: number
  /** The cursor_version this attempt read; another one means that somebody else committed. */
  readonly expectedVersion: number
  /** The checkpoint after this part, as JSON. */
  readonly cursor: string | null
  readonly file: LandedFile | null
  readonly columns: readonly Column[]
  readonly rejected: readonly Rejected[]
  readonly unknownFields: readonly string[]
  /** Ids of quarantined records that this part lands after all. */
  readonly replayed: readonly string[]
  /** The load ends here. */
  readonly last: boolean
  readonly at: string
}

/** False when another attempt had moved the cursor: then nothing was written. */
export async function commitPart(control: Control, commit: PartCommit): Promise<boolean> {
  return control.db.transaction().execute(async (trx) => {
    if (!(await moveCursor(trx, commit))) return false
    await countInLoad(trx, commit)
    if (commit.file) await insertFile(trx, commit, commit.file)
    await insertUnknownFields(trx, commit)
    await insertRejected(trx, commit)
    await markReplayed(trx, commit)
    return true
  })
}

type Trx = Transaction<ControlTables>

async function moveCursor(trx: Trx, { of, expectedVersion, cursor, loadKey, part, last, at }: PartCommit) {
  const { numUpdatedRows } = await trx
    .updateTable('stream_state')
    .set({
      cursor,
      cursor_version: expectedVersion + 1,
      load_key: last ? null : loadKey,
      next_part: last ? 0 : part + 1,
      updated_at: at,
    })
    .where('source', '=', of.source)
    .where('stream', '=', of.stream)
    .where('slice', '=', of.slice)
    .where('cursor_version', '=', expectedVersion)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

async function countInLoad(trx: Trx, { of, kind, loadKey, file, rejected, last, at }: PartCommit) {
  const added = {
    rows: file?.rows ?? 0,
    rejected: rejected.length,
    files: file ? 1 : 0,
    bytes: file?.bytes ?? 0,
  }
  const ending = last ? { status: 'committed' as const, finished_at: at } : {}
  const { numUpdatedRows } = await trx
    .updateTable('load')
    .set((eb) => ({
      rows: eb('rows', '+', added.rows),
      rejected: eb('rejected', '+', added.rejected),
      files: eb('files', '+', added.files),
      bytes: eb('bytes', '+', added.bytes),
      ...ending,
    }))
    .where('load_key', '=', loadKey)
    .executeTakeFirst()
  // A part that only moves the cursor makes no load.
  if (numUpdatedRows > 0n || (added.files === 0 && added.rejected === 0)) return
  // Given out under a lock, so that a later load never commits a smaller number.
  const sequence = await nextNumber(trx, 'load')
  await trx
    .insertInto('load')
    .values({
      load_key: loadKey,
      sequence,
      ...of,
      kind,
      ...added,
      status: 'open',
      started_at: at,
      finished_at: null,
      ...ending,
    })
    .execute()
}

async function insertFile(trx: Trx, { of, loadKey, part, columns, at }: PartCommit, file: LandedFile) {
  const stream = { source: of.source, stream: of.stream }
  await trx
    .insertInto('schema_version')
    .values({ ...stream, schema_hash: file.schemaHash, columns: JSON.stringify(columns), first_seen_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await trx
    .insertInto('load_file')
    .values({
      ...stream,
      load_key: loadKey,
      part,
      path: file.path,
      rows: file.rows,
      bytes: file.bytes,
      sha256: file.sha256,
      schema_hash: file.schemaHash,
      event_from: file.eventFrom,
      event_to: file.eventTo,
      statistics: file.statistics,
      committed_at: at,
    })
    .execute()
}

async function insertUnknownFields(trx: Trx, { of, unknownFields, at }: PartCommit) {
  if (unknownFields.length === 0) return
  await trx
    .insertInto('unknown_field')
    .values(
      unknownFields.map((field) => ({ source: of.source, stream: of.stream, field, first_seen_at: at })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Rows per statement, below the parameter limits of both engines. */
const CHUNK = 500

async function insertRejected(trx: Trx, { of, loadKey, part, rejected, at }: PartCommit) {
  const rows = rejected.map((record, place) => ({
    id: `${loadKey.slice(0, 16)}-${part}-${place}`,
    source: of.source,
    stream: of.stream,
    load_key: loadKey,
    reason: record.reason,
    position: record.position,
    issues: JSON.stringify(record.issues),
    shape: JSON.stringify(record.shape),
    sealed: record.sealed,
    status: 'pending' as const,
    replayed_by: null,
    rejected_at: at,
  }))
  for (let start = 0; start < rows.length; start += CHUNK)
    await trx
      .insertInto('quarantine')
      .values(rows.slice(start, start + CHUNK))
      .execute()
}

async function markReplayed(trx: Trx, { loadKey, replayed }: PartCommit) {
  for (let start = 0; start < replayed.length; start += CHUNK)
    await trx
      .updateTable('quarantine')
      .set({ status: 'replayed', replayed_by: loadKey })
      .where('id', 'in', replayed.slice(start, start + CHUNK))
      .execute()
}
