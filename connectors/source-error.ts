/** The ways a source fails. The class name decides what a workflow does: retry, stop, or ask a person. */

type Where = { readonly source: string; readonly status?: number; readonly cause?: unknown }

/** The source does not answer, or answers badly for now (timeouts, 5xx, cut-off bodies): worth another try. */
export class SourceUnavailable extends Error {
  override readonly name = 'SourceUnavailable'
  readonly source: string
  readonly status: number | undefined
  constructor(message: string, where: Where) {
    super(`[${where.source}] ${message}`, { cause: where.cause })
    this.source = where.source
    this.status = where.status
  }
}

/** The source refuses us (credentials, a forbidden or malformed request): trying again changes nothing. */
export class SourceRejected extends Error {
  override readonly name = 'SourceRejected'
  readonly source: string
  readonly status: number | undefined
  constructor(message: string, where: Where) {
    super(`[${where.source}] ${message}`, { cause: where.cause })
    this.source = where.source
    this.status = where.status
  }
}

/** The source asks us to come back later than an activity should sleep; the workflow waits on a durable timer. */
export class SourceLimited extends Error {
  override readonly name = 'SourceLimited'
  readonly source: string
  readonly until: Date
  constructor(message: string, where: Where & { readonly until: Date }) {
    super(`[${where.source}] ${message}`, { cause: where.cause })
    this.source = where.source
    this.until = where.until
  }
}
