/** A vendor's API on a loopback port: the server all stand-ins share, with the faults tests and demos ask it for. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { once } from 'node:events'

export type Asked = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
  /** The stand-in's own address, for absolute links in answers. */
  readonly origin: string
}

export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What goes wrong: an answer as given, a body cut in half, a body that is not JSON, or silence. */
export type Fault = Answer | 'cut' | 'invalid' | 'silent'

export type StandIn = {
  readonly url: string
  /** Everything asked so far, oldest first. */
  readonly asked: readonly Asked[]
  /** Let the next requests pass, then make `count` of them fail. */
  failNext(count: number, fault: Fault, after?: number): void
  /** Refuse the token after `after` more requests; `renewToken` accepts it again and ends repetition. */
  expireToken(after?: number): void
  renewToken(): void
  /** Answer the request after the next `after` with no records though more follow; only vendors where that is legal obey. */
  emptyNext(after?: number): void
  /** From then on every answer is the one before, as when paging stands still. */
  repeatAnswer(after?: number): void
  close(): Promise<void>
}

export type StandInOptions = {
  /** Told about every exchange, faults included. */
  readonly observe?: (asked: Asked, answer: Answer) => void
  /** The vendor's clock. */
  readonly now?: () => Date
}

type Vendor = {
  readonly authorized: (asked: Asked) => boolean
  readonly unauthorized: Answer
  /** `empty` asks for a page without records, where the vendor's protocol knows such pages. */
  readonly answer: (asked: Asked, empty: boolean) => Answer
}

/** Serve a vendor on a free loopback port. */
export async function standIn(vendor: Vendor, options: StandInOptions = {}): Promise<StandIn> {
  const asked: Asked[] = []
  const faults = new FaultPlan()
  let last: Answer | undefined
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const question = await read(request, addressOf(server))
    asked.push(question)
    const { fault, expired, empty, repeat } = faults.next()
    if (fault === 'silent') return
    const refused = expired || !vendor.authorized(question)
    const usual = (): Answer =>
      refused ? vendor.unauthorized : repeat && last !== undefined ? last : vendor.answer(question, empty)
    const answer = typeof fault === 'object' ? fault : usual()
    last = answer
    options.observe?.(question, answer)
    const text = fault === 'invalid' ? '<html>busy</html>' : JSON.stringify(answer.body)
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    if (fault !== 'cut') return void response.end(text)
    response.write(text.slice(0, text.length / 2))
    response.destroy()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: addressOf(server),
    asked,
    failNext: (count, fault, after = 0) => faults.fail(count, fault, after),
    expireToken: (after = 0) => faults.expire(after),
    renewToken: () => faults.heal(),
    emptyNext: (after = 0) => faults.empty(after),
    repeatAnswer: (after = 0) => faults.repeat(after),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Which of the coming requests go wrong. */
class FaultPlan {
  #served = 0
  #failFrom = 0
  #failUntil = 0
  #fault: Fault = 'silent'
  #expireFrom = Infinity
  #repeatFrom = Infinity
  #emptyAt = -1

  fail(count: number, fault: Fault, after: number): void {
    this.#failFrom = this.#served + after
    this.#failUntil = this.#failFrom + count
    this.#fault = fault
  }

  expire(after: number): void {
    this.#expireFrom = this.#served + after
  }

  repeat(after: number): void {
    this.#repeatFrom = this.#served + after
  }

  heal(): void {
    this.#expireFrom = Infinity
    this.#repeatFrom = Infinity
  }

  empty(after: number): void {
    this.#emptyAt = this.#served + after
  }

  next(): { fault: Fault | undefined; expired: boolean; empty: boolean; repeat: boolean } {
    const at = this.#served++
    return {
      fault: at >= this.#failFrom && at < this.#failUntil ? this.#fault : undefined,
      expired: at >= this.#expireFrom,
      empty: at === this.#emptyAt,
      repeat: at >= this.#repeatFrom,
    }
  }
}

async function read(request: IncomingMessage, origin: string): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const url = new URL(request.url ?? '/', origin)
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
    origin,
  }
}

function addressOf(server: Server): string {
  const address = server.address()
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
}
