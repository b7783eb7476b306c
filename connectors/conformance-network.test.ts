/** The suite over a network: a sound connector passes, and each way to be unsound is noticed by the check meant for it. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { standIn } from '#simulation/stand-in.ts'
import type { StandIn } from '#simulation/stand-in.ts'
import { conformance } from './conformance.ts'
import { networkChecks } from './conformance-network.ts'
import { createReader } from './conformance-subject.ts'
import type { Subject } from './conformance-subject.ts'
import { defineConnector } from './connector.ts'
import type { Connector, ConnectorContext } from './connector.ts'
import { SourceUnavailable } from './source-error.ts'
import { createWindow } from './window.ts'

const TOKEN = 'an+own/secret-token'

/** Nine things, three on a page. */
function startThings(): Promise<StandIn> {
  const things = Array.from({ length: 9 }, (_, id) => ({ id, at: `2026-03-0${id + 1}T00:00:00Z` }))
  return standIn({
    authorized: ({ headers }) => headers['x-token'] === TOKEN,
    unauthorized: { status: 401, body: {} },
    answer: ({ query }, empty) => {
      const after = Number(query.get('after') ?? 0)
      const next = empty ? after : after + 3
      return { status: 200, body: { items: empty ? [] : things.slice(after, next), next, more: next < 9 } }
    },
  })
}

const Config = z.strictObject({ url: z.url() })
const Page = z.object({
  items: z.array(z.looseObject({ at: z.string() })),
  next: z.number(),
  more: z.boolean(),
})
const Checkpoint = z.strictObject({ next: z.number() })
type Context = ConnectorContext<z.output<typeof Config>>
type Ask = (context: Context, after: number, signal: AbortSignal) => Promise<z.output<typeof Page>>

const ask: Ask = async ({ http, secret }, after, signal) => {
  const headers = { 'x-token': secret('token') }
  return Page.parse((await http.json({ url: '/things', query: { after }, headers, signal })).body)
}

/** `changes` break it in one way. */
type Changes = {
  readonly ask?: Ask
  readonly isLast?: (page: z.output<typeof Page>) => boolean
  readonly mayStandStill?: boolean
  readonly check?: (context: Context) => Promise<void>
}

function thingsConnector(changes: Changes = {}): Connector {
  const asking = changes.ask ?? ask
  const isLast = changes.isLast ?? (({ more }) => !more)
  return defineConnector({
    name: 'things',
    title: { en: 'Things', zh: '东西' },
    kind: 'crm',
    config: Config,
    secrets: ['token'],
    http: ({ url }) => ({ baseUrl: url }),
    streams: () => [
      {
        name: 'things',
        record: z.object({ id: z.int(), at: z.iso.datetime() }),
        primaryKey: ['id'],
        eventTime: 'at',
        checkpoint: Checkpoint,
        privacy: {},
      },
    ],
    check: changes.check ?? (async (context) => void (await asking(context, 0, AbortSignal.timeout(5000)))),
    async *read(context, { slice, checkpoint, signal }) {
      const window = createWindow(slice)
      let { next } = Checkpoint.parse(checkpoint ?? { next: 0 })
      for (let stalls = 0; ;) {
        const page = await asking(context, next, signal)
        stalls = page.next === next ? stalls + 1 : 0
        if (stalls > 1 && changes.mayStandStill !== true)
          throw new SourceUnavailable('stands still', { source: context.source })
        next = page.next
        const records = page.items.filter(({ at }) => window.has(at))
        yield { type: 'page', records, checkpoint: { next } }
        if (isLast(page)) return
      }
    },
  })
}

async function startSubject(): Promise<Subject> {
  const server = await startThings()
  return {
    config: { url: server.url },
    secrets: { token: TOKEN },
    faults: server,
    personal: ['nobody'],
    middle: '2026-03-05T00:00:00Z',
    close: () => server.close(),
  }
}

conformance(thingsConnector(), startSubject)

const empty = { items: [], next: 9, more: false }

const unsound: readonly [string, string, Changes][] = [
  [
    'takes a failure for the end',
    'a server error that stays',
    { ask: (...asked) => ask(...asked).catch(() => empty) },
  ],
  [
    'ends at an empty page',
    'an empty page that is not the last',
    { isLast: ({ items, more }) => items.length === 0 || !more },
  ],
  ['goes round when paging stands still', 'paging that stands still', { mayStandStill: true }],
  [
    'does not pass the signal on',
    'abort ends a read that hangs',
    { ask: (context, after) => ask(context, after, AbortSignal.timeout(6000)) },
  ],
  [
    'tells its token when refused',
    'status 401',
    {
      ask: (context, after, signal) =>
        ask(context, after, signal).catch((error: Error) => {
          error.message += ` (${context.secret('token')})`
          throw error
        }),
    },
  ],
  [
    'keeps a pause to itself',
    'a long pause',
    {
      ask: (context, after, signal) =>
        ask(context, after, signal).catch(() => {
          throw new SourceUnavailable('later', { source: context.source })
        }),
    },
  ],
  ['checks nothing', 'a refused token fails the check', { check: () => Promise.resolve() }],
]

describe('the suite notices a connector that', () => {
  test.each(unsound)('%s', async (_, title, changes) => {
    const check = networkChecks.find((one) => one.title.startsWith(title))
    expect(check).toBeDefined()
    const subject = await startSubject()
    const run = async () => check?.run(createReader(thingsConnector(changes), subject))
    const verdict = await run().then(
      () => 'passed',
      (error: Error) => error.name,
    )
    await subject.close()
    expect(verdict).toBe('AssertionError')
  })
})
