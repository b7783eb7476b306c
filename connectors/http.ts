/** The one HTTP client of all connectors: retries, rate limits, time-outs, redaction and recording live here and nowhere else. */

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
  /** One JSON exchange. Throws SourceUnavailable, SourceRejected or SourceLimited. */
  readonly json: (request: HttpRequest) => Promise<HttpResponse>
}
