/** Where Zendesk's published slice leaves an object's schema out, its example is the next best witness of the stand-in. */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { handMadeCompany } from '#simulation/hand-made-company.ts'
import { startZendesk } from '#simulation/zendesk-server.ts'
import { createReader } from './conformance-subject.ts'
import { hasDescription, readDescription } from './vendor-description.ts'
import { zendesk } from './zendesk.ts'

const FILE = 'zendesk-incremental.yml'
const Fields = z.record(z.string(), z.unknown())
const Description = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({ example: Fields.optional() })) }),
})

function exampleOf(schema: string, kind: string): Record<string, unknown> {
  const { components } = Description.parse(readDescription(FILE))
  const [first] = z.array(Fields).parse(components.schemas[schema]?.example?.[kind])
  return Fields.parse(first)
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value)

describe.skipIf(!hasDescription(FILE))('Zendesk’s objects have the fields of the vendor’s examples', () => {
  test.each([
    ['tickets', 'CursorBasedExportIncrementalTicketsResponse'],
    ['users', 'CursorBasedExportIncrementalUsersResponse'],
  ])('%s', async (kind, schema) => {
    const example = exampleOf(schema, kind)
    const secrets = { email: 'desk@own.example', token: 'a-token' }
    const server = await startZendesk(handMadeCompany(), secrets)
    const close = () => server.close()
    const reader = createReader(zendesk, {
      config: { url: server.url },
      secrets,
      personal: [],
      middle: '',
      close,
    })
    const stream = reader.streams.find(({ name }) => name === kind)
    const { records } = (stream && (await reader.read(stream))) ?? { records: [] }
    await close()
    expect(records.length).toBeGreaterThan(0)
    for (const record of z.array(Fields).parse(records))
      for (const [field, value] of Object.entries(example)) {
        expect(Object.keys(record)).toContain(field)
        const both = record[field] !== null && value !== null
        if (both) expect(kindOf(record[field]), field).toBe(kindOf(value))
      }
  })
})
