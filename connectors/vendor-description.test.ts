/** Connectors' requests and stand-ins' answers, judged by the vendors' own descriptions. Typeform and Zendesk Talk publish none. */
import { describe, expect, test, vi } from 'vitest'
import { handMadeCompany } from '#simulation/hand-made-company.ts'
import { startHubspot } from '#simulation/hubspot-server.ts'
import { startMastodon } from '#simulation/mastodon-server.ts'
import type { StandIn, StandInOptions } from '#simulation/stand-in.ts'
import { startZendesk } from '#simulation/zendesk-server.ts'
import { createReader } from './conformance-subject.ts'
import type { Connector } from './connector.ts'
import { hubspot } from './hubspot.ts'
import { mastodon } from './mastodon.ts'
import { createJudge, hasDescription, judgeAll, readDescription } from './vendor-description.ts'
import type { Contradiction, Exchange } from './vendor-description.ts'
import { zendesk } from './zendesk.ts'

// Some descriptions take long to compile.
vi.setConfig({ testTimeout: 120_000 })

const company = handMadeCompany()
const secrets = { email: 'desk@own.example', token: 'a-token' }

type Case = {
  readonly file: string
  readonly connector: Connector
  readonly stream: string
  readonly start: (options: StandInOptions) => Promise<StandIn>
  readonly config: object
  /** Parts that the description refers to but does not hold. */
  readonly parts?: Readonly<Record<string, object>>
  readonly contradictions: readonly Contradiction[]
}

const nulls: Contradiction = {
  problem: /^response \/results\/\*\/properties\/\w+: must be string$/,
  because: 'a property without a value comes as null; the description allows texts only',
}
const sorts: Contradiction = {
  problem: /^request \/requestBody\/sorts\/\*: must be string$/,
  because:
    'the vendor’s guide shows { propertyName, direction } and its own client lost the sort by sending texts',
}
const alias: Contradiction = {
  problem: /^request \w+ \/crm\/v3\/objects\/deals(\/search)?: is not described$/,
  because: 'deals are described by their type id 0-3; the guide allows the name in its place',
}

const crm = (file: string, stream: string, contradictions: readonly Contradiction[]): Case => ({
  file,
  connector: hubspot,
  stream,
  start: (options) => startHubspot(company, { ...options, token: secrets.token }),
  config: { objects: [stream], pageSize: 3 },
  contradictions,
})

/** Query parameters that Zendesk's incremental slice names without saying what they are. */
const cursorParameters = {
  IncrementalUnixTime: { name: 'start_time', in: 'query', schema: { type: 'integer' } },
  IncrementalCursor: { name: 'cursor', in: 'query', schema: { type: 'string' } },
  IncrementalPage: { name: 'per_page', in: 'query', schema: { type: 'integer' } },
}
const notInSlice: Contradiction = {
  problem: /^request GET \/api\/v2\/users\/me: is not described$/,
  because: 'the check asks who we are, which another slice of the description holds',
}
const pageSize: Contradiction = {
  problem: /^request \/query: must NOT have additional properties \((per_page|page\[(size|after)\])\)$/,
  because:
    'the guides to incremental exports and to pagination name the size of a page; the description does not',
}
const desk = (file: string, stream: string, contradictions: readonly Contradiction[]): Case => ({
  file,
  connector: zendesk,
  stream,
  start: (options) => startZendesk(company, { ...options, ...secrets }),
  config: { pageSize: 5 },
  parts: cursorParameters,
  contradictions,
})

const cases: readonly Case[] = [
  crm('hubspot-contacts.v3.json', 'contacts', [nulls, sorts]),
  crm('hubspot-deals.v3.json', 'deals', [alias]),
  crm('hubspot-tickets.v3.json', 'tickets', [sorts]),
  crm('hubspot-feedbackSubmissions.v3.json', 'feedback_submissions', [nulls, sorts]),
  {
    file: 'mastodon.json',
    connector: mastodon,
    stream: 'statuses',
    start: (options) => startMastodon(company, { ...options, token: secrets.token }),
    config: { tags: ['saydo'], pageSize: 3 },
    contradictions: [],
  },
  desk('zendesk-incremental.yml', 'tickets', [notInSlice, pageSize]),
  desk('zendesk-incremental.yml', 'users', [notInSlice]),
  desk('zendesk-satisfaction-ratings.yml', 'satisfaction_ratings', [notInSlice, pageSize]),
]

/** A check, a whole read of the stream, and a refused token. */
async function exchangesOf({ connector, stream, start, config }: Case): Promise<Exchange[]> {
  const exchanges: Exchange[] = []
  const server = await start({ observe: (asked, answer) => exchanges.push({ asked, answer }) })
  const reader = createReader(connector, {
    config: { url: server.url, ...config },
    secrets: Object.fromEntries(
      connector.secrets.map((name) => [name, secrets[name as keyof typeof secrets]]),
    ),
    personal: [],
    middle: '',
    close: () => server.close(),
  })
  try {
    await reader.check()
    const wanted = reader.streams.find(({ name }) => name === stream)
    const outcome = wanted && (await reader.read(wanted))
    expect(outcome?.error).toBeUndefined()
    expect(outcome?.records.length).toBeGreaterThan(0)
    server.expireToken()
    await expect(reader.check()).rejects.toThrow('401')
  } finally {
    await server.close()
  }
  return exchanges
}

describe('exchanges are as the vendor describes them', () => {
  for (const one of cases)
    test.skipIf(!hasDescription(one.file))(`${one.connector.name} ${one.stream} by ${one.file}`, async () => {
      const judge = await createJudge(readDescription(one.file, one.parts))
      const problems = judgeAll(judge, await exchangesOf(one))
      const unknown = problems.filter(
        (problem) => !one.contradictions.some((known) => known.problem.test(problem)),
      )
      expect(unknown).toEqual([])
      for (const { problem, because } of one.contradictions)
        expect(
          problems.some((found) => problem.test(found)),
          because,
        ).toBe(true)
    })

  test.skipIf(!hasDescription('hubspot-deals.v3.json'))(
    'hubspot deals under the described type id',
    async () => {
      const judge = await createJudge(readDescription('hubspot-deals.v3.json'))
      const exchanges = await exchangesOf(crm('hubspot-deals.v3.json', 'deals', []))
      const spelled = exchanges.map(({ asked, answer }) => ({
        asked: { ...asked, path: asked.path.replace('/deals', '/0-3') },
        answer,
      }))
      const unknown = judgeAll(judge, spelled).filter(
        (problem) => ![nulls, sorts].some((known) => known.problem.test(problem)),
      )
      expect(unknown).toEqual([])
    },
  )

  test.skipIf(!hasDescription('mastodon.json'))('a wrong answer does not pass', async () => {
    const judge = await createJudge(readDescription('mastodon.json'))
    const asked = {
      method: 'GET',
      path: '/api/v1/timelines/tag/x',
      query: new URLSearchParams({ limit: 'many' }),
      body: undefined,
    }
    const problems = judge({ asked, answer: { status: 200, body: [{ id: 1 }] } })
    expect(problems).toContain('request /query/limit: must be integer')
    expect(problems).toContain("response /*: must have required property 'account'")
  })
})
