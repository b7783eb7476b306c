/** The verbs workflows may say. Payloads are ids, counts and instants only: never a record, never a customer's word. */

export type StreamRef = { readonly source: string; readonly stream: string }

export type LandInput = StreamRef & {
  /** Half-open window in UTC; empty for "all that is new", which moves the stream's cursor. */
  readonly slice: { readonly from?: string; readonly to?: string }
  /** The day (YYYY-MM-DD) files are filed under; chosen by the workflow so that retries agree. */
  readonly ingestDate: string
}

export type LandResult = {
  /** `more`: the time budget is used up, call again. `waiting`: the source asks to come back at `until`. */
  readonly status: 'done' | 'more' | 'waiting'
  readonly until?: string
  readonly rows: number
  readonly rejected: number
  readonly files: number
}

/** Why a stream could not be read; shown by `saydo status` and kept until the next run succeeds. */
export type StreamFailure = StreamRef & { readonly error: string; readonly kind: string }

export type ModelBuild = {
  readonly model: string
  readonly fingerprint: string
  readonly rows: number
  /** False when the lake already had this fingerprint. */
  readonly built: boolean
}

export type AuditInput = {
  readonly model: string
  readonly fingerprint: string
  /** Fingerprints of the models built so far. */
  readonly upstream: Readonly<Record<string, string>>
}

export type Published = { readonly version: number; readonly changed: boolean; readonly models: number }

export interface Activities {
  /** The project's streams, all or those of the named sources. */
  streams(input: { readonly sources?: readonly string[] }): Promise<StreamRef[]>
  /** Pull pages of one stream and land them, exactly once; heartbeats; resumable. */
  land(input: LandInput): Promise<LandResult>
  /** Remember how a stream's sync ended, for `saydo status`. */
  noteSync(
    input: StreamRef & {
      readonly failure: StreamFailure | null
      readonly rows: number
      readonly rejected: number
    },
  ): Promise<void>
  /** Models in build order; each level needs only the levels before it. */
  plan(): Promise<string[][]>
  build(input: {
    readonly model: string
    readonly upstream: Readonly<Record<string, string>>
  }): Promise<ModelBuild>
  /** Throws AuditFailed (not retried) naming model, audit and count. */
  audit(input: AuditInput): Promise<{ readonly warnings: number }>
  publish(input: { readonly models: Readonly<Record<string, string>> }): Promise<Published>
}
