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

/** A landed stream as models read it: by the time of its records where `time` names their column. */
export type StreamTime = StreamRef & {
  readonly time: string
  /** Names that column had in files landed before it was renamed. */
  readonly formerly?: readonly string[]
}

export type Order = {
  readonly streams: readonly StreamTime[]
  /** Models level by level; each needs only the levels before it. */
  readonly levels: readonly (readonly string[])[]
}

export type Planned = {
  readonly model: string
  readonly partitions: number
  /** Groups of partitions to be built, each the work of one step; empty when the lake has them all. */
  readonly batches: readonly (readonly string[])[]
  /** Names the plan. */
  readonly plan: string
  /** When nothing was to be built: the table as it stands. */
  readonly ready: Assembled | null
}

export type Assembled = {
  readonly fingerprint: string
  readonly rows: number
  /** It is what is served, so is all that its audits compare it with, and every audit has been asked. */
  readonly served: boolean
}

/** Model → the fingerprint of its build; `<source>.<stream>@<time>` → the ledger of the stream. */
type Upstream = Readonly<Record<string, string>>

export type AuditInput = {
  readonly model: string
  readonly fingerprint: string
  /** What was built so far. */
  readonly upstream: Upstream
  readonly environment: string
}

export type AuditResult = { readonly warnings: number }

export type Published = {
  /** What the environment serves afterwards; 0 before its first publish. */
  readonly version: number
  readonly changed: boolean
  readonly models: number
  /** Built and audited, and not to be seen yet. */
  readonly held?: boolean
}

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
  /** What is read and built, in which order. */
  order(): Promise<Order>
  /** Work out which landed records of a stream count; answers the name of that ledger, which later landings do not change. */
  settle(input: StreamTime): Promise<string>
  /** Decide which partitions of a model must be built. */
  plan(input: {
    readonly model: string
    readonly upstream: Upstream
    readonly environment: string
  }): Promise<Planned>
  /** Build some partitions of a plan; answers their rows. */
  build(input: { readonly plan: string; readonly keys: readonly string[] }): Promise<number>
  /** Put a plan's partitions together. */
  assemble(input: {
    readonly plan: string
    readonly upstream: Upstream
    readonly environment: string
  }): Promise<Assembled>
  /** Throws AuditFailed (not retried) naming model, audit and count. */
  audit(input: AuditInput): Promise<AuditResult>
  /** Serve these builds together; or, with `hold`, remember them until somebody publishes them. */
  publish(input: {
    readonly models: Readonly<Record<string, string>>
    readonly environment: string
    readonly hold?: boolean
  }): Promise<Published>
}
