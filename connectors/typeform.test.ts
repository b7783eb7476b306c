/** Typeform against its stand-in. */
import { expect, test } from 'vitest'
import type { Company } from '#simulation/company.ts'
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { startTypeform } from '#simulation/typeform-server.ts'
import { conformance } from './conformance.ts'
import { createReader, VirtualClock } from './conformance-subject.ts'
import type { Reader } from './conformance-subject.ts'
import type { Checkpoint } from './connector.ts'
import { SourceRejected } from './source-error.ts'
import { typeform } from './typeform.ts'

const token = 'tfp_very-secret+token/1'

conformance(typeform, async () => {
  const server = await startTypeform(handMadeCompany(), { token })
  return {
    config: { url: server.url, pageSize: 7 },
    secrets: { token },
    faults: server,
    personal: personalMarkers,
    broken: { responses: 3 },
    middle: '2026-03-04T00:00:00Z',
    close: () => server.close(),
  }
})

/** A reader of the company's forms at an instant; `ids` reads what is new since a checkpoint. */
async function readerAt(company: Company, config: object, now = '2026-04-01T00:00:00Z') {
  const server = await startTypeform(company, { token, broken: false })
  const subject = {
    config: { url: server.url, ...config },
    secrets: { token },
    personal: [],
    middle: '',
    close: () => server.close(),
  }
  const reader = createReader(typeform, subject, new VirtualClock(Date.parse(now)))
  return { server, ids: (checkpoint: Checkpoint | null = null) => idsOf(reader, checkpoint) }
}

async function idsOf(reader: Reader, checkpoint: Checkpoint | null) {
  const [stream] = reader.streams
  if (stream === undefined) throw new Error('no stream')
  const { records, pages, error } = await reader.read(stream, { checkpoint })
  return {
    ids: records.map((record) => (record as { response_id: string }).response_id),
    checkpoint: pages.at(-1)?.checkpoint ?? null,
    error,
  }
}

const submittedLast = (company: Company, id: string, submittedAt: string): Company => ({
  ...company,
  submissions: company.submissions.map((one) =>
    one.id === id ? { ...one, submittedAt: new Date(submittedAt) } : one,
  ),
})

test('a second run asks only for what is newer, to the second', async () => {
  const { server, ids } = await readerAt(handMadeCompany(8), { forms: ['relationship'] })
  const first = await ids()
  expect(first.ids).toHaveLength(8)
  expect((await ids(first.checkpoint)).ids).toEqual([])
  expect(server.asked.at(-1)?.query.get('since')).toBe(String(Date.parse('2026-03-02T10:00:01Z') / 1000))
  await server.close()
})

test('answers of the last hour are read again, since some may have been missing', async () => {
  const company = submittedLast(handMadeCompany(8), 'relationship-7', '2026-03-31T23:30:00Z')
  const { server, ids } = await readerAt(company, { forms: ['relationship'] })
  const first = await ids()
  expect((await ids(first.checkpoint)).ids).toEqual(['relationship-7'])
  await server.close()
})

test('a form added to the settings is read from its beginning', async () => {
  const company = handMadeCompany(8)
  const one = await readerAt(company, { forms: ['transaction'] })
  const { checkpoint } = await one.ids()
  await one.server.close()
  const both = await readerAt(company, { forms: ['transaction', 'relationship'] })
  expect((await both.ids(checkpoint)).ids).toHaveLength(8)
  await both.server.close()
})

test('without a list of forms, the account’s forms are asked for, newest response first', async () => {
  const { server, ids } = await readerAt(handMadeCompany(8), {})
  const all = await ids()
  expect(all.ids).toHaveLength(16)
  expect(all.ids[0]).toBe('relationship-7')
  expect(server.asked.map(({ path }) => path)).toEqual([
    '/forms',
    '/forms/relationship/responses',
    '/forms/transaction/responses',
  ])
  await server.close()
})

test('a form is read again from its newest response when the response a run stopped at was deleted', async () => {
  const { server, ids } = await readerAt(handMadeCompany(8), { forms: ['relationship'] })
  const at = { form: 'relationship', before: 'deleted-meanwhile', newest: null, startedAt: 0 }
  expect((await ids({ since: {}, at })).ids).toHaveLength(8)
  await server.close()
})

test('a token of this very run that is refused stops the run', async () => {
  const { server, ids } = await readerAt(handMadeCompany(8), { forms: ['relationship'], pageSize: 3 })
  server.failNext(1000, { status: 400, body: { code: 'VALIDATION_ERROR' } }, 1)
  expect((await ids()).error).toBeInstanceOf(SourceRejected)
  expect(server.asked).toHaveLength(2)
  await server.close()
})

test('a form that does not exist rejects us by its address', async () => {
  const { server, ids } = await readerAt(handMadeCompany(8), { forms: ['nonesuch'] })
  const { error } = await ids()
  expect(error).toBeInstanceOf(SourceRejected)
  expect(String(error)).toContain('/forms/nonesuch/responses answered 404 (FORM_NOT_FOUND)')
  await server.close()
})
