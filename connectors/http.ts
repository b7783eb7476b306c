/** The one HTTP client of all connectors: retries, rate limits, time-outs and redaction live here and nowhere else. */
import pRetry from 'p-retry'
import type { Clock } from './clock.ts'
import { AttemptFailed, exchange } from './http-exchange.ts'
import type { Refuse } from './http-exchange.ts'
import { createRedactor } from './redact.ts'
import { secretVariable } from './secret-variable.ts'
import { SourceLimited, SourceRejected } from './source-error.ts'
import { createTokenBucket } from './token-bucket.ts'
import type { Rate } from './token-bucket.ts'

export type HttpRequest = {
  readonly method?: 'GET' | 'POST'
  /** Absolute, or relative to the client's base URL. Another origin than the base is refused. */
  readonly url: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. A POST is retried only when the connector says it is safe. */
  readonly body?: unknown
  readonly safe?: boolean
  readonly signal: AbortSignal
}

export type HttpResponse = { readonly status: number; readonly headers: Headers; readonly body: unknown }

export type HttpClient = {
  /** One JSON exchange. Throws SourceUnavailable, SourceRejected or SourceLimited; the signal's reason when aborted. */
  readonly json: (request: HttpRequest) => Promise<HttpResponse>
}

/** What a connector says about its vendor's HTTP side. */
export type HttpSettings = {
  /** Requests go to this origin and no other; its path is put before relative URLs. */
  readonly baseUrl: string
  readonly rate?: Rate
  /** When the vendor says in its own way that a refused request may be tried again; headers are understood without it. */
  readonly retryAt?: (refused: HttpResponse, now: Date) => Date | undefined
}

export type HttpOptions = HttpSettings & {
  readonly source: string
  /** Values by the connector's short names; removed from every message. */
  readonly secrets: Readonly<Record<string, string>>
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly limits?: Partial<HttpLimits>
}

export type HttpLimits = {
  readonly attempts: number
  readonly attemptMs: number
  readonly totalMs: number
  /** Bytes of one body, after decompression. */
  readonly bodyBytes: number
  /** Waits longer than this are not slept but thrown as SourceLimited. */
  readonly sleepMs: number
}

const LIMITS: HttpLimits = {
  attempts: 5,
  attemptMs: 60_000,
  totalMs: 300_000,
  bodyBytes: 64 * 1024 * 1024,
  sleepMs: 60_000,
}

/** A client for one source and credential; keep one per process so that its rate limit is shared. */
export function createHttpClient(options: HttpOptions): HttpClient {
  const limits = { ...LIMITS, ...options.limits }
  const take = options.rate && createTokenBucket(options.rate, options.clock)
  const { source, clock, fetch, retryAt } = options
  const refuse: Refuse = (status) =>
    status === 401 || status === 403
      ? `check ${Object.keys(options.secrets)
          .map((name) => secretVariable(source, name))
          .join(', ')}`
      : 'check the source’s settings'

  async function json(request: HttpRequest): Promise<HttpResponse> {
    const url = locate(options, request)
    const redact = createRedactor([...Object.values(options.secrets), ...credentials(request)])
    // Counted from the first attempt: waiting for one's turn under the rate limit is no failure of the source.
    let deadline = Infinity
    const attempt = async (): Promise<HttpResponse> => {
      await take?.(request.signal)
      const now = clock.now().getTime()
      if (deadline === Infinity) deadline = now + limits.totalMs
      const remaining = Math.max(1, deadline - now)
      const timeoutMs = Math.min(limits.attemptMs, remaining)
      return exchange(
        { ...request, url },
        { source, fetch, clock, redact, refuse, retryAt, timeoutMs, bodyBytes: limits.bodyBytes },
      )
    }
    const retries = (request.method ?? 'GET') === 'GET' || request.safe === true ? limits.attempts - 1 : 0
    try {
      return await pRetry(attempt, {
        retries,
        minTimeout: 0,
        signal: request.signal,
        shouldRetry: ({ error }) => error instanceof AttemptFailed,
        onFailedAttempt: ({ error, attemptNumber, retriesLeft }) =>
          wait(error, { attemptNumber, last: retriesLeft === 0, deadline, signal: request.signal }),
      })
    } catch (error) {
      throw error instanceof AttemptFailed ? error.failure : error
    }
  }

  /** Full jitter: uniform in [0, min(30 s, 0.5 s × 2^(n−1))], unless the source names an instant. */
  async function wait(
    error: Error,
    at: { attemptNumber: number; last: boolean; deadline: number; signal: AbortSignal },
  ): Promise<void> {
    if (!(error instanceof AttemptFailed)) return
    const now = clock.now().getTime()
    const asked = error.until === undefined ? 0 : error.until.getTime() - now
    if (error.until !== undefined && asked > limits.sleepMs)
      throw new SourceLimited(
        `asks to come back at ${error.until.toISOString()}; the run goes on from its checkpoint then.`,
        { source, until: error.until },
      )
    if (at.last) return
    const jitter = options.random() * Math.min(30_000, 500 * 2 ** (at.attemptNumber - 1))
    const ms = asked > 0 ? asked : jitter
    if (now + ms > at.deadline) throw error
    await clock.sleep(ms, at.signal)
  }

  return { json }
}

/** What the connector put into headers: secrets joined and encoded (`Basic …`) are secrets too. */
function credentials(request: HttpRequest): string[] {
  return Object.values(request.headers ?? {}).map((value) => value.slice(value.indexOf(' ') + 1))
}

/** The absolute address of a request, or a refusal when it would carry credentials to another origin. */
function locate(options: HttpOptions, request: HttpRequest): URL {
  const base = new URL(options.baseUrl)
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(request.url)
  const url = new URL(
    absolute ? request.url : `${base.href.replace(/\/$/, '')}/${request.url.replace(/^\//, '')}`,
  )
  if (url.origin !== base.origin)
    throw new SourceRejected(
      `was about to send a request to ${url.origin}, but its address is ${base.origin}; credentials do not leave it, check the source’s URL.`,
      { source: options.source },
    )
  for (const [key, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) url.searchParams.set(key, String(value))
  return url
}
