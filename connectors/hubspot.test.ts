/** HubSpot against its stand-in. */
import { expect, test } from 'vitest'
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { hubspotLimit, startHubspot } from '#simulation/hubspot-server.ts'
import { conformance } from './conformance.ts'
import { createReader, VirtualClock } from './conformance-subject.ts'
import type { Checkpoint, Connector } from './connector.ts'
import { createContext } from './context.ts'
import { hubspot } from './hubspot.ts'
import { SourceLimited } from './source-error.ts'

const token = 'pat-very-secret+token/1'
const rate = { requests: 1000, perSeconds: 1 }

conformance(hubspot, async () => {
  const server = await startHubspot(handMadeCompany(), { token })
  const member = { member_id: 'id' }
  return {
    config: {
      url: server.url,
      pageSize: 3,
      rate,
      properties: {
        contacts: member,
        deals: { ...member, channel: 'keep', order_number: 'keep' },
        tickets: member,
        feedback_submissions: { ...member, recommend: 'keep' },
      },
    },
    secrets: { token },
    faults: server,
    personal: personalMarkers,
    middle: '2026-03-04T00:00:00Z',
    close: () => server.close(),
  }
})

async function contactsOf(people: number) {
  const server = await startHubspot(handMadeCompany(people), { token })
  const reader = createReader(hubspot, {
    config: { url: server.url, objects: ['contacts'], rate },
    secrets: { token },
    personal: [],
    middle: '',
    close: () => server.close(),
  })
  const [stream] = reader.streams
  if (stream === undefined) throw new Error('no stream')
  return { server, reader, read: () => reader.read(stream) }
}

test('more than 10,000 contacts are all read, and no page is asked for beyond the first', async () => {
  const { server, read } = await contactsOf(10_300)
  const { records, error } = await read()
  expect(error).toBeUndefined()
  expect(records).toHaveLength(10_300)
  for (const { body } of server.asked) expect(body).toMatchObject({ after: '0', limit: 200 })
  await server.close()
})

test.each([
  ['SECONDLY', 1000],
  ['TEN_SECONDLY_ROLLING', 10_000],
] as const)('the %s limit, which no header dates, is waited for', async (policy, ms) => {
  const { server, reader, read } = await contactsOf(4)
  server.failNext(1, hubspotLimit(policy))
  expect((await read()).records).toHaveLength(4)
  expect(reader.clock.slept).toEqual([ms])
  await server.close()
})

test('a day’s quota ends the run until later', async () => {
  const { server, read } = await contactsOf(4)
  server.failNext(1, hubspotLimit('DAILY'))
  expect((await read()).error).toBeInstanceOf(SourceLimited)
  await server.close()
})

test('only properties with a privacy policy are asked for', async () => {
  const { server, read, reader } = await contactsOf(4)
  await read()
  const covered = Object.keys(reader.streams[0]?.privacy ?? {}).map((path) => path.replace('properties.', ''))
  expect(server.asked[0]?.body).toMatchObject({ properties: covered })
  await server.close()
})

test('contacts archived since the last run are told as deleted, once', async () => {
  const archivedAt = new Map<string, Date>()
  const server = await startHubspot(handMadeCompany(8), { token, archivedAt: (_, id) => archivedAt.get(id) })
  const config = hubspot.config.parse({ url: server.url, objects: ['contacts'], rate })
  const clock = new VirtualClock()
  const options = { source: 'crm', connector: hubspot, config, secrets: { token }, clock, random: () => 0 }
  const context = createContext(options)
  let checkpoint: Checkpoint | null = null

  async function run() {
    const told = { records: 0, deleted: [] as unknown[] }
    const signal = AbortSignal.timeout(10_000)
    const request = { stream: 'contacts', slice: {}, checkpoint, signal }
    for await (const event of (hubspot as Connector).read(context, request)) {
      if (event.type === 'page') told.records += event.records.length
      if (event.type === 'deleted') told.deleted.push(...event.keys)
      if (event.type === 'page' || event.type === 'deleted') checkpoint = event.checkpoint
    }
    await clock.sleep(3_600_000, signal)
    return told
  }

  archivedAt.set('501', new Date(clock.now().getTime() - 3_600_000))
  expect(await run()).toEqual({ records: 7, deleted: [] })
  archivedAt.set('503', new Date(clock.now().getTime() - 1_800_000))
  archivedAt.set('505', new Date(clock.now().getTime() - 600_000))
  expect(await run()).toEqual({ records: 0, deleted: [{ id: '503' }, { id: '505' }] })
  expect(await run()).toEqual({ records: 0, deleted: [] })
  await server.close()
})
