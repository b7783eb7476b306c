/** Zendesk against its stand-in. */
import { expect, test } from 'vitest'
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { startZendesk } from '#simulation/zendesk-server.ts'
import type { ZendeskOptions } from '#simulation/zendesk-server.ts'
import { conformance } from './conformance.ts'
import { createReader } from './conformance-subject.ts'
import { SourceRejected } from './source-error.ts'
import { zendesk } from './zendesk.ts'

const secrets = { email: 'desk@own.example', token: 'zd-very-secret+token/1' }
const rate = { requests: 1000, perSeconds: 1 }

conformance(zendesk, async () => {
  const server = await startZendesk(handMadeCompany(), { ...secrets, callsPerPage: 6 })
  return {
    config: { url: server.url, pageSize: 5, rate },
    secrets,
    faults: server,
    personal: personalMarkers,
    middle: '2026-03-04T00:00:00Z',
    close: () => server.close(),
  }
})

async function deskOf(people: number, options: ZendeskOptions = {}) {
  const server = await startZendesk(handMadeCompany(people), { ...secrets, ...options })
  const reader = createReader(zendesk, {
    config: { url: server.url, pageSize: 5, rate },
    secrets,
    personal: [],
    middle: '',
    close: () => server.close(),
  })
  const stream = (name: string) => {
    const found = reader.streams.find((one) => one.name === name)
    if (found === undefined) throw new Error(name)
    return found
  }
  return { server, reader, stream }
}

const idOf = (record: unknown): number => (record as { id: number }).id

test('calls end although the vendor links to a next page for ever and repeats the last calls on it', async () => {
  const { server, reader, stream } = await deskOf(10, { callsPerPage: 4 })
  const { records } = await reader.read(stream('calls'))
  expect(records.map(idOf)).toEqual(Array.from({ length: 10 }, (_, index) => 9001 + index))
  expect(server.asked.length).toBeLessThan(10)
  await server.close()
})

test('what the export withholds in its last minute comes with the next run', async () => {
  const changed = Date.parse('2026-03-01T08:00:00Z')
  let now = new Date(changed + 30_000)
  const { server, reader, stream } = await deskOf(4, { now: () => now })
  const early = await reader.read(stream('users'))
  expect(early.records).toEqual([])
  now = new Date(changed + 61_000)
  const later = await reader.read(stream('users'), { checkpoint: early.pages.at(-1)?.checkpoint ?? null })
  expect(later.records).toHaveLength(4)
  await server.close()
})

test('deleted tickets come with their status, and unanswered ratings do not come', async () => {
  const { server, reader, stream } = await deskOf(24)
  const { records: tickets } = await reader.read(stream('tickets'))
  expect(tickets.some((ticket) => (ticket as { status: string }).status === 'deleted')).toBe(true)
  const { records: ratings } = await reader.read(stream('satisfaction_ratings'))
  expect(ratings).toHaveLength(12)
  await server.close()
})

test('being answered as a visitor fails the check', async () => {
  const { server, reader } = await deskOf(4)
  server.failNext(1, { status: 200, body: { user: { id: null, name: 'Anonymous user' } } })
  await expect(reader.check()).rejects.toBeInstanceOf(SourceRejected)
  await server.close()
})
