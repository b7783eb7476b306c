/** One request and its answer: time-out, size cap, and which failures are worth another try. */
import type { Clock } from './clock.ts'
import { retryAfter } from './retry-after.ts'
import { SourceRejected, SourceUnavailable } from './source-error.ts'

/** The failure of one attempt that may be tried again, not before `until` when the source named an instant. */
export class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed'
  readonly failure: SourceUnavailable
  readonly until: Date | undefined
  constructor(failure: SourceUnavailable, until?: Date) {
    super(failure.message)
    this.failure = failure
    this.until = until
  }
}

/** What the reader of a refusal should do, by status. */
export type Refuse = (status: number) => string

type Outgoing = {
  readonly method?: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly signal: AbortSignal
}

type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown }

type ExchangeOptions = {
  readonly source: string
  readonly fetch: typeof globalThis.fetch
  readonly clock: Clock
  readonly redact: (text: string) => string
  readonly refuse: Refuse
  readonly retryAt: ((refused: Answer, now: Date) => Date | undefined) | undefined
  readonly timeoutMs: number
  readonly bodyBytes: number
}

const AGAIN = new Set([408, 409, 425, 429])

/** Throws AttemptFailed (another try may help), SourceRejected (it will not), or the signal's reason. */
export async function exchange(request: Outgoing, options: ExchangeOptions): Promise<Answer> {
  const { source, redact } = options
  const what = redact(`${request.method ?? 'GET'} ${request.url.pathname}`)
  const unavailable = (message: string, status?: number, until?: Date): AttemptFailed =>
    new AttemptFailed(
      new SourceUnavailable(`${what} ${message}`, status === undefined ? { source } : { source, status }),
      until,
    )

  const { response, text } = await send(request, options, unavailable)
  const body = parse(text)
  const answer = { status: response.status, headers: response.headers, body: body.value }
  if (response.ok) {
    if (body.valid) return answer
    throw unavailable(`answered ${response.status} with a body that is not JSON; it may be cut off.`)
  }
  const said = `answered ${response.status}${redact(codeOf(body.value))}`
  if (AGAIN.has(response.status) || response.status >= 500) {
    const now = options.clock.now()
    const until = retryAfter(response.headers, now) ?? options.retryAt?.(answer, now)
    throw unavailable(`${said}; it is tried again later.`, response.status, until)
  }
  const todo = response.status < 400 ? 'set its URL to where it moved' : options.refuse(response.status)
  throw new SourceRejected(`${what} ${said}; ${todo}.`, { source, status: response.status })
}

async function send(
  request: Outgoing,
  options: ExchangeOptions,
  unavailable: (message: string) => AttemptFailed,
): Promise<{ response: Response; text: string }> {
  const timeout = AbortSignal.timeout(options.timeoutMs)
  try {
    const response = await options.fetch(request.url, {
      method: request.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      // A redirect could carry credentials to another host.
      redirect: 'manual',
      signal: AbortSignal.any([request.signal, timeout]),
    })
    const text = await readText(response, options.bodyBytes)
    if (text === undefined)
      throw new SourceRejected(
        `${request.url.pathname} answered with more than ${options.bodyBytes} bytes; ask for smaller pages.`,
        { source: options.source },
      )
    return { response, text }
  } catch (error) {
    request.signal.throwIfAborted()
    if (error instanceof SourceRejected) throw error
    if (timeout.aborted) throw unavailable(`did not answer within ${options.timeoutMs} ms.`)
    throw unavailable(`broke off (${options.redact(reasonOf(error))}); is the source’s URL right and up?`)
  }
}

/** The body as text, or undefined when it is larger than allowed (counted after decompression). */
async function readText(response: Response, limit: number): Promise<string | undefined> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): { valid: boolean; value: unknown } {
  if (text === '') return { valid: false, value: undefined }
  try {
    return { valid: true, value: JSON.parse(text) as unknown }
  } catch {
    return { valid: false, value: undefined }
  }
}

/** The vendor's machine-readable code, when it looks like one; free text could quote a customer. */
function codeOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  for (const key of ['code', 'category', 'error']) {
    const value = (body as Record<string, unknown>)[key]
    if (typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_.-]{1,63}$/.test(value)) return ` (${value})`
  }
  return ''
}

/** A network error's code (`ECONNREFUSED`), found along its causes. */
function reasonOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code
  return error instanceof Error ? error.name : 'unknown error'
}
