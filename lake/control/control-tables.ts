/** Every table of the control database on one page; made by `migrations/`. Instants are ISO 8601 text in UTC, JSON is text, booleans are 0 or 1. */
export type ControlTables = {
  stream_state: StreamStateTable
  load: LoadTable
  load_file: LoadFileTable
  schema_version: SchemaVersionTable
  unknown_field: UnknownFieldTable
  quarantine: QuarantineTable
  sync_status: SyncStatusTable
  counter: CounterTable
  model_build: ModelBuildTable
  model_partition: ModelPartitionTable
  model_plan: ModelPlanTable
  raw_index: RawIndexTable
  stream_ledger: StreamLedgerTable
  key_set: KeySetTable
  audit_result: AuditResultTable
  publish_version: PublishVersionTable
  pointer: PointerTable
  served: ServedTable
  prepared: PreparedTable
}

/** Up to where a stream, or one window of it, has been read and committed. Key: source, stream, slice. */
type StreamStateTable = {
  source: string
  stream: string
  /** Empty for "all that is new"; `<from>/<to>` for a window. */
  slice: string
  /** The connector's checkpoint as JSON; null before the first commit, and again when a window is complete. */
  cursor: string | null
  /** Grows by one with every commit; a commit names the version it saw. */
  cursor_version: number
  /** The load being landed, and the number of its next part; null between loads. */
  load_key: string | null
  next_part: number
  updated_at: string
}

/** One landing of a stream from one checkpoint to the end of what was there. Key: load_key. */
type LoadTable = {
  load_key: string
  /** Order of first commits over the whole project. */
  sequence: number
  source: string
  stream: string
  slice: string
  kind: 'sync' | 'window' | 'replay'
  status: 'open' | 'committed'
  rows: number
  rejected: number
  files: number
  bytes: number
  started_at: string
  finished_at: string | null
}

/** One committed Parquet file. Key: load_key, part. */
type LoadFileTable = {
  load_key: string
  part: number
  source: string
  stream: string
  /** Relative to the lake's root. */
  path: string
  rows: number
  bytes: number
  sha256: string
  schema_hash: string
  /** Range of the stream's event time in the file; null without one. */
  event_from: string | null
  event_to: string | null
  /** JSON: { column: { min, max, nulls } }, values as DuckDB prints them; never of personal columns. */
  statistics: string
  committed_at: string
}

/** Column sets that were landed. Key: source, stream, schema_hash. */
type SchemaVersionTable = {
  source: string
  stream: string
  schema_hash: string
  /** JSON: [{ name, type }]. */
  columns: string
  first_seen_at: string
}

/** Top-level fields a source sends that the contract does not name. Key: source, stream, field. */
type UnknownFieldTable = { source: string; stream: string; field: string; first_seen_at: string }

/** Records that broke their contract, sealed. Key: id. */
type QuarantineTable = {
  /** `<load key, 16 characters>-<part>-<place among the part's rejected records>`. */
  id: string
  source: string
  stream: string
  load_key: string
  /** First issue in words, without the record's content. */
  reason: string
  position: string
  /** JSON: [{ path, code, message }]. */
  issues: string
  /** JSON: field path → kind of value, never the value. */
  shape: string
  sealed: string
  status: 'pending' | 'replayed'
  /** The load that landed it after all. */
  replayed_by: string | null
  rejected_at: string
}

/** How the last runs of a stream ended. Key: source, stream. */
type SyncStatusTable = {
  source: string
  stream: string
  last_success_at: string | null
  last_failure_at: string | null
  /** Null when the last run succeeded. */
  error: string | null
  error_kind: string | null
  /** Of the last run. */
  rows: number
  rejected: number
}

/** Numbers given out one after the other, such as load sequences. Key: name. */
type CounterTable = { name: string; value: number }

/** One finished build of a model: the partitions that are its table together. Key: model, fingerprint. */
type ModelBuildTable = {
  model: string
  fingerprint: string
  /** JSON: column names. */
  grain: string
  /** JSON: [{ name, type }]. */
  columns: string
  /** JSON: paths relative to the lake's root. */
  files: string
  rows: number
  bytes: number
  content_hash: string
  /** The column that says when a row happened; null without one. */
  time: string | null
  /** JSON: [[model, fingerprint]]; null for builds of before partitions. */
  partitions: string | null
  /** JSON: input → the build, or the ledger of a landed stream, that was read. */
  inputs: string | null
  /** JSON: what was found for the keys of each partition, so that the next plan looks at what is new only. */
  lookups: string | null
  /** When a run last put it together. */
  built_at: string
}

/** One built partition of a model. Key: model, fingerprint. */
type ModelPartitionTable = {
  model: string
  fingerprint: string
  /** Which rows it holds, as `keyText` spells it. */
  key: string
  /** JSON: [{ path, bytes, sha256 }]. */
  files: string
  index: string
  rows: number
  /** JSON: [[day, rows, hash]]. */
  days: string
  /** JSON: { code, inputs }: what the fingerprint is the hash of, for people. */
  made_of: string
  built_at: string
}

/** What a run decided to build of a model. Key: id, the hash of all that the decision depends on. */
type ModelPlanTable = { id: string; model: string; plan: string; planned_at: string }

/** What one landed file holds, by a time column (empty without one). Key: path, time. */
type RawIndexTable = {
  path: string
  time: string
  /** JSON: { path, bytes, sha256 } of its index file. */
  file: string
  /** JSON: [[day, rows, hash]], all rows, replaced ones too. */
  days: string
}

/** Which landed rows later versions replaced, for one set of files. Key: source, stream, time, id. */
type StreamLedgerTable = {
  source: string
  stream: string
  time: string
  /** Hash of the set of files. */
  id: string
  ledger: string
  made_at: string
}

/** The keys that occur in a slice, found once for a content. Key: id. */
type KeySetTable = { id: string; file: string; made_at: string }

/** How an audit of a build ended. Key: model, fingerprint, audit. */
type AuditResultTable = {
  model: string
  fingerprint: string
  audit: string
  severity: 'fail' | 'warn'
  /** Offending rows; 0 is a pass. */
  rows: number
  audited_at: string
}

/** A set of builds that were published together. Key: version. */
type PublishVersionTable = {
  version: number
  /** JSON: model → fingerprint. */
  models: string
  published_at: string
}

/** Which version an environment serves. Key: environment. */
type PointerTable = { environment: string; version: number; moved_at: string }

/** Versions an environment has served, now or before. Key: environment, version. */
type ServedTable = { environment: string; version: number }

/** Builds that passed their audits and wait to be published, of the last run that was told not to. Key: environment. */
type PreparedTable = {
  environment: string
  /** JSON: model → fingerprint. */
  models: string
  prepared_at: string
}
