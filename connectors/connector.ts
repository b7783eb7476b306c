/** The contract between a source system and the pipeline: what a connector is, what it may say, and what it is given. */
import type { z } from 'zod'
import type { HttpClient, HttpSettings } from './http.ts'

export type Title = { readonly en: string; readonly zh: string }

/**
 * What happens to a field that can name a person, before any byte reaches disk.
 * `hash` is a keyed one-way hash of the normalised value (joins across sources), `tokenize` is deterministic encryption
 * (can be opened with the project's key), `mask` keeps the shape only, `drop` removes it, `keep` says we looked and it is harmless.
 */
export type Privacy =
  | { readonly policy: 'drop' | 'keep' | 'mask' | 'tokenize' }
  | { readonly policy: 'hash'; readonly as: 'email' | 'phone' | 'id' }

export type Checkpoint = Readonly<Record<string, unknown>>

/** One kind of record of a source. */
export type Stream = {
  readonly name: string
  /**
   * A record as it lands: each top-level key becomes a column (nested values a JSON column). Parsing the vendor's raw record must
   * yield it; keys it does not name are kept in `_extra`. Schemas may coerce or preprocess, but must end in a plain type.
   */
  readonly record: z.ZodObject
  /** Fields that identify a record; empty when the source has no key (then the content is the key). */
  readonly primaryKey: readonly string[]
  /** The field that orders versions of one record (last wins); absent for immutable records. */
  readonly cursorField?: string
  /** The field that says when the event happened. */
  readonly eventTime?: string
  /** The shape of this stream's checkpoint; at most 16 KiB as JSON. */
  readonly checkpoint: z.ZodType<Checkpoint>
  /** Dotted paths (`contact.email`, `answers[].email`) of everything personal in the raw record. */
  readonly privacy: Readonly<Record<string, Privacy>>
}

/** A record that could not even be handed over as one (a ragged line, broken encoding); goes to quarantine as it is. */
export type Unreadable = {
  readonly raw: unknown
  /** Why, in words, without the record's content. */
  readonly reason: string
  /** Where in the source: file and line, page and index. */
  readonly position: string
}

export type SourceEvent =
  /** Records, and the checkpoint that covers everything up to and including them. */
  | {
      readonly type: 'page'
      readonly records: readonly unknown[]
      readonly unreadable?: readonly Unreadable[]
      /** Where a record stands in the source (file and line), by its index; absent where page and index say enough. */
      readonly positionOf?: (index: number) => string
      readonly checkpoint: Checkpoint
    }
  /** The source describes fields it is about to send that the contract does not know. */
  | { readonly type: 'schema'; readonly fields: readonly string[] }
  /** Nothing to read before `until`; short waits are slept by the HTTP client and never appear here. */
  | {
      readonly type: 'waiting'
      readonly until: Date
      readonly reason: 'rate_limited' | 'async_export' | 'quota'
    }
  /** Records that are gone at the source, by primary key. */
  | {
      readonly type: 'deleted'
      readonly keys: readonly Readonly<Record<string, unknown>>[]
      readonly checkpoint: Checkpoint
    }
  /** How much is expected, for progress. */
  | { readonly type: 'stats'; readonly expected: number }

export type ReadRequest = {
  readonly stream: string
  /** Half-open event or update interval in UTC, ISO 8601; open ends mean "all that is new". */
  readonly slice: { readonly from?: string | undefined; readonly to?: string | undefined }
  /** Where the last committed page ended; null at the very start. */
  readonly checkpoint: Checkpoint | null
  readonly signal: AbortSignal
}

export type ConnectorContext<Config = unknown> = {
  /** The name the project gave this source; used in every message. */
  readonly source: string
  readonly config: Config
  readonly http: HttpClient
  /** The value of one of the connector's declared secrets. */
  readonly secret: (name: string) => string
  readonly now: () => Date
}

export type Connector<Schema extends z.ZodType = z.ZodType> = {
  /** The vendor's name in lower case; also names `models/source/<name>.ts`. */
  readonly name: string
  readonly title: Title
  readonly kind: 'survey' | 'crm' | 'call-centre' | 'social' | 'files'
  readonly config: Schema
  /** Secrets by short name (`token`); the environment holds them as `<SOURCE>_<SECRET>`, e.g. `TYPEFORM_TOKEN`. */
  readonly secrets: readonly string[]
  readonly streams: (config: z.output<Schema>) => readonly Stream[]
  /** Where the vendor's API lives and how fast it may be asked; absent for connectors that speak no HTTP. */
  readonly http?: (config: z.output<Schema>) => HttpSettings
  /** Reach the source once without writing; throws a SourceRejected or SourceUnavailable that says what to do. */
  readonly check: (context: ConnectorContext<z.output<Schema>>) => Promise<void>
  readonly read: (
    context: ConnectorContext<z.output<Schema>>,
    request: ReadRequest,
  ) => AsyncIterable<SourceEvent>
}

/** A connector with its settings, as a project lists it. The settings are checked when the project is loaded. */
export type Source = { readonly connector: Connector; readonly config: unknown }

/** Declare a connector; gives types to what it is made of. */
export function defineConnector<Schema extends z.ZodType>(connector: Connector<Schema>): Connector<Schema> {
  return connector
}

/** A source of a project: `connect(typeform, { forms: ['abc'] })`. */
export function connect<Schema extends z.ZodType>(
  connector: Connector<Schema>,
  config: z.input<Schema>,
): Source {
  return { connector, config }
}
