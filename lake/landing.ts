/** What a landing needs and what it is given: the lake, the load asked for, its pages. The protocol itself is in load.ts. */
import type { Rejected } from './commit-part.ts'
import type { Control } from './control/open-control.ts'
import type { ParquetSink, SinkRow } from './parquet-sink.ts'
import type { LandingStream } from './record-columns.ts'
import type { Storage } from './storage.ts'

export type Lake = {
  readonly control: Control
  readonly storage: Storage
  /** A fresh writer for one load. */
  readonly createSink: () => ParquetSink
  readonly now: () => Date
}

export type LoadRequest = {
  readonly stream: LandingStream
  readonly kind: 'sync' | 'window' | 'replay'
  /** Names the state that is moved: empty for "all that is new". */
  readonly slice: string
  /** YYYY-MM-DD, the folder files are filed under. */
  readonly ingestDate: string
  readonly limits?: Partial<FlushLimits>
}

/** A part is written when it reaches any of these. */
export type FlushLimits = {
  readonly rows: number
  readonly bytes: number
  readonly milliseconds: number
  readonly rejected: number
}

export const FLUSH_LIMITS: FlushLimits = {
  rows: 100_000,
  bytes: 64 * 1024 * 1024,
  milliseconds: 60_000,
  rejected: 5_000,
}

/** Records of one page, and the checkpoint (as JSON) that covers everything up to and including them. */
export type LandingPage = {
  readonly rows: readonly SinkRow[]
  readonly rejected?: readonly Rejected[]
  readonly unknownFields?: readonly string[]
  /** Ids of quarantined records that are among the rows. */
  readonly replayed?: readonly string[]
  readonly checkpoint: string | null
}
