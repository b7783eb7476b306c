/** The HTTP client: what is tried again and when, what is refused at once, and that no secret gets into a message. */
import { expect, test } from 'vitest'
import { VirtualClock } from './conformance-subject.ts'
import { createHttpClient } from './http.ts'
import type { HttpClient, HttpOptions, HttpRequest } from './http.ts'
import { SourceLimited, SourceRejected, SourceUnavailable } from './source-error.ts'

type Given = { readonly client: HttpClient; readonly clock: VirtualClock; readonly sent: Request[] }

/** A client whose answers are given in order, the last one for ever. */
function given(
  answers: readonly (() => Response | Promise<Response>)[],
  options: Partial<HttpOptions> = {},
): Given {
  const clock = new VirtualClock()
  const sent: Request[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    sent.push(new Request(input, init))
    init?.signal?.throwIfAborted()
    const answer = answers[Math.min(sent.length, answers.length) - 1]
    if (answer === undefined) throw new Error('no answer given')
    return answer()
  }
  const client = createHttpClient({
    source: 'shop',
    baseUrl: 'https://api.example/v1',
    secrets: { token: 'tok+en/secret' },
    fetch,
    clock,
    random: () => 0.5,
    ...options,
  })
  return { client, clock, sent }
}

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers })
const broken = () => {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) })
}
const signal = new AbortController().signal
const get: HttpRequest = { url: '/things', query: { key: 'tok+en/secret', page: 2, none: undefined }, signal }

async function failure(run: Promise<unknown>): Promise<Error> {
  return run.then(
    () => Promise.reject(new Error('Expected a failure')),
    (error: Error) => error,
  )
}

test('a relative address is put behind the base, with its query', async () => {
  const { client, sent } = given([json(200, { ok: true })])
  const { body } = await client.json(get)
  expect(body).toEqual({ ok: true })
  expect(sent[0]?.url).toBe('https://api.example/v1/things?key=tok%2Ben%2Fsecret&page=2')
})

test('full jitter doubles its bound: with 0.5 drawn, waits are 250, 500, 1000, 2000 ms', async () => {
  const { client, clock, sent } = given([json(500, {})])
  await expect(client.json(get)).rejects.toBeInstanceOf(SourceUnavailable)
  expect(clock.slept).toEqual([250, 500, 1000, 2000])
  expect(sent).toHaveLength(5)
})

test.each([408, 409, 425, 429, 500, 502, 503, 530])('status %i is tried again', async (status) => {
  const { client, sent } = given([json(status, {}), json(200, {})])
  await client.json(get)
  expect(sent).toHaveLength(2)
})

test.each([301, 400, 401, 403, 404, 410, 422])('status %i is final', async (status) => {
  const { client, sent } = given([json(status, {})])
  const error = await failure(client.json(get))
  expect(error).toBeInstanceOf(SourceRejected)
  expect(error instanceof SourceRejected && error.status).toBe(status)
  expect(sent).toHaveLength(1)
})

test('a refusal names the variables to check', async () => {
  const { client } = given([json(401, { code: 'AUTHENTICATION_FAILED' })])
  const { message } = await failure(client.json(get))
  expect(message).toBe('[shop] GET /v1/things answered 401 (AUTHENTICATION_FAILED); check SHOP_TOKEN.')
})

test('a POST is tried again only when it is safe', async () => {
  const post: HttpRequest = { method: 'POST', url: '/search', body: { q: 1 }, signal }
  const unsafe = given([json(503, {}), json(200, {})])
  await expect(unsafe.client.json(post)).rejects.toBeInstanceOf(SourceUnavailable)
  expect(unsafe.sent).toHaveLength(1)
  const safe = given([json(503, {}), json(200, {})])
  await safe.client.json({ ...post, safe: true })
  expect(safe.sent).toHaveLength(2)
})

test('the vendor’s own way to name a pause counts where no header does', async () => {
  const retryAt = (_: unknown, now: Date) => new Date(now.getTime() + 10_000)
  const { client, clock } = given([json(429, {}), json(429, {}, { 'retry-after': '3' }), json(200, {})], {
    retryAt,
  })
  await client.json(get)
  expect(clock.slept).toEqual([10_000, 3000])
})

test('a pause of more than a minute is not slept, even on the last attempt', async () => {
  const { client, clock } = given([json(429, {}, { 'retry-after': '61' })])
  const error = await failure(client.json(get))
  expect(error).toBeInstanceOf(SourceLimited)
  expect(error instanceof SourceLimited && error.until).toEqual(new Date(clock.now().getTime() + 61_000))
  expect(clock.slept).toEqual([])
})

test('the total time-out ends a row of pauses', async () => {
  const { client, clock } = given([json(503, {}, { 'retry-after': '50' })], { limits: { totalMs: 120_000 } })
  await expect(client.json(get)).rejects.toBeInstanceOf(SourceUnavailable)
  expect(clock.slept).toEqual([50_000, 50_000])
})

test('waiting for one’s turn does not use up the time-out', async () => {
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20))
    return json(200, {})()
  }
  const { client, clock } = given([slow], { rate: { requests: 1, perSeconds: 600 } })
  await client.json(get)
  await client.json(get)
  expect(clock.slept).toEqual([600_000])
})

test('an attempt that hangs is given up and tried again', async () => {
  let calls = 0
  const client = createHttpClient({
    source: 'shop',
    baseUrl: 'https://api.example',
    secrets: {},
    clock: new VirtualClock(),
    random: () => 0,
    limits: { attempts: 2, attemptMs: 20 },
    fetch: (_, init) => {
      calls++
      return new Promise<Response>((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
      })
    },
  })
  const { message } = await failure(client.json(get))
  expect(message).toContain('did not answer within 20 ms')
  expect(calls).toBe(2)
})

test('a body larger than allowed is refused without being read to its end', async () => {
  let pulled = 0
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          pulled++
          controller.enqueue(new Uint8Array(1024))
        },
      }),
    )
  const { client } = given([endless], { limits: { bodyBytes: 10_000 } })
  await expect(client.json(get)).rejects.toThrow('more than 10000 bytes')
  expect(pulled).toBeLessThan(20)
})

test.each([
  'https://evil.example/things',
  'http://api.example/things',
  'https://api.example:444/x',
  '//evil.example/x',
])('credentials do not go to %s', async (url) => {
  const { client, sent } = given([json(200, {})])
  const result = await client.json({ ...get, url }).catch((error: unknown) => error)
  for (const request of sent) expect(new URL(request.url).origin).toBe('https://api.example')
  if (!url.startsWith('//')) expect(result).toBeInstanceOf(SourceRejected)
})

test('no spelling of a secret is in a message: path, query, header or the vendor’s code', async () => {
  const basic = Buffer.from('me/token:tok+en/secret').toString('base64')
  const answers = [json(401, { code: 'tok' }), json(401, { code: basic }), broken]
  for (const answer of answers) {
    const { client } = given([answer])
    const url = '/a/tok%2Ben%2Fsecret/b'
    const error = await failure(client.json({ ...get, url, headers: { authorization: `Basic ${basic}` } }))
    expect(error.message).not.toMatch(/tok\+en|tok%2Ben/)
    expect(error.message).not.toContain(basic)
    expect(error.cause).toBeUndefined()
  }
})

test('a broken connection is named by its code', async () => {
  const { client, sent } = given([broken])
  const { message } = await failure(client.json(get))
  expect(message).toContain('(ECONNRESET)')
  expect(sent).toHaveLength(5)
})

test('customers’ text in a refusal stays out of the message', async () => {
  const { client } = given([json(400, { error: 'Bad value 王小明 for email', message: 'wang@example.com' })])
  const { message } = await failure(client.json(get))
  expect(message).toBe('[shop] GET /v1/things answered 400; check the source’s settings.')
})

test('abort ends it with the signal’s own reason, and no further attempt', async () => {
  const abort = new AbortController()
  const { client, sent } = given([
    () => {
      abort.abort(new Error('stop now'))
      return new Response('{}', { status: 503 })
    },
  ])
  await expect(client.json({ ...get, signal: abort.signal })).rejects.toThrow('stop now')
  expect(sent).toHaveLength(1)
})
