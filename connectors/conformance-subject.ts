/** A running source under test, and the ways the conformance suite reads it. */
import { createContext } from './context.ts'
import type { Clock } from './clock.ts'
import type { Checkpoint, Connector, ConnectorContext, ReadRequest, Stream } from './connector.ts'

/** An answer given in place of the vendor's, a body cut in half, a body that is not JSON, or silence. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  | 'cut'
  | 'invalid'
  | 'silent'

/** What a source over the network can be asked to do wrong; `after` counts requests from now. */
export type Faults = {
  failNext(count: number, fault: Fault, after?: number): void
  /** From then on every request is refused as the vendor refuses a bad token. */
  expireToken(after?: number): void
  renewToken(): void
  /** From then on every answer is the one before, as when a vendor's paging stands still. */
  repeatAnswer(after?: number): void
  /** One page without records while more follow, where the vendor's protocol knows such pages. */
  emptyNext(after?: number): void
}

/** A source with at least three pages of records in every stream, made anew for each test. */
export type Subject = {
  /** Settings as a project would write them. */
  readonly config: unknown
  readonly secrets: Readonly<Record<string, string>>
  /** Needed by connectors that speak HTTP. */
  readonly faults?: Faults
  /** Texts that only personal fields of the source's records hold. */
  readonly personal: readonly string[]
  /** Records by stream that break their schema on purpose; none where not named. */
  readonly broken?: Readonly<Record<string, number>>
  /** An instant that cuts the source's records into two windows. */
  readonly middle: string
  /** The headers by which this vendor asks for a pause; `Retry-After` when absent. */
  readonly pause?: (seconds: number, now: Date) => Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Time that passes only by sleeping. */
export class VirtualClock implements Clock {
  readonly slept: number[] = []
  #now: number
  constructor(now = Date.UTC(2030, 0, 1)) {
    this.#now = now
  }
  readonly now = (): Date => new Date(this.#now)
  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return Promise.reject(signal.reason as Error)
    this.slept.push(ms)
    this.#now += ms
    return Promise.resolve()
  }
}

export type Page = { readonly records: readonly unknown[]; readonly checkpoint: Checkpoint }

/** What a read gave before it ended or failed. */
export type Outcome = {
  readonly pages: readonly Page[]
  readonly records: readonly unknown[]
  readonly error: unknown
}

export type Reader = {
  readonly subject: Subject
  readonly clock: VirtualClock
  readonly streams: readonly Stream[]
  readonly check: () => Promise<void>
  readonly read: (stream: Stream, request?: Partial<ReadRequest>) => Promise<Outcome>
}

/** A connector set before a subject, with a clock of its own. */
export function createReader(
  connector: Connector,
  subject: Subject,
  clock: VirtualClock = new VirtualClock(),
): Reader {
  const config: unknown = connector.config.parse(subject.config)
  const context = createContext({
    source: 'subject',
    connector,
    config,
    secrets: subject.secrets,
    clock,
    random: () => 0.5,
  })
  return {
    subject,
    clock,
    streams: connector.streams(config),
    check: () => connector.check(context),
    read: (stream, request = {}) => read(connector, context, { stream: stream.name, ...request }),
  }
}

/** More pages than any subject has. */
const ENDLESS = 200

async function read(
  connector: Connector,
  context: ConnectorContext,
  request: Partial<ReadRequest> & { stream: string },
): Promise<Outcome> {
  const pages: Page[] = []
  let error: unknown
  try {
    const events = connector.read(context, {
      slice: {},
      checkpoint: null,
      signal: AbortSignal.timeout(20_000),
      ...request,
    })
    for await (const event of events) {
      if (event.type === 'page') pages.push({ records: event.records, checkpoint: event.checkpoint })
      if (event.type === 'deleted') pages.push({ records: [], checkpoint: event.checkpoint })
      if (pages.length > ENDLESS) throw new Error(`The read gave more than ${ENDLESS} pages.`)
    }
  } catch (thrown) {
    error = thrown
  }
  return { pages, records: pages.flatMap(({ records }) => records), error }
}

/** What tells one record from another: its primary key, or its content where it has none. */
export function identities(stream: Stream, records: readonly unknown[]): string[] {
  const identity = (record: unknown): string => {
    const fields = record as Readonly<Record<string, unknown>>
    const key = stream.primaryKey.map((name) => fields[name])
    return JSON.stringify(key.length === 0 || key.includes(undefined) ? record : key)
  }
  return [...new Set(records.map(identity))].toSorted()
}
