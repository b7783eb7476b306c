/** A table of persons that grew is the table built whole: any sightings, in any order, with keys that are shared, persons that meet, and sightings that go. */
import { deepStrictEqual } from 'node:assert'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import { addDays } from '#lake/calendar.ts'
import { keyOf } from '#lake/partition.ts'
import { partitionsOf } from '#lake/builds.ts'
import type { Row } from '#lake/engine.ts'
import { type Model, modelOf } from '#models/define-model.ts'
import { same, time } from '#models/partition.ts'
import { sightings } from '#models/people/keys-seen.ts'
import { person } from '#models/people/person.ts'
import { personKey } from '#models/people/person-key.ts'
import { Contact } from '#models/tables.ts'
import { buildAll } from './build-all.ts'
import { type LakeMaker, openLakeMaker, type QuickLake } from './quick-lake.ts'

const CASES = Number(process.env['SAYDO_PROOF_CASES'] ?? 20)

const record = z.object({
  id: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  member: z.string().nullable(),
  seen: z.iso.datetime(),
  version: z.int(),
})

const contacts = {
  source: 'crm',
  stream: 'contacts',
  record,
  columns: columnsOf(record),
  primaryKey: ['id'],
  eventTime: 'seen',
  cursorField: 'version',
}

function seenIn(name: (typeof sightings)[number], stream: string): Model {
  return modelOf({
    name,
    description: name,
    owner: 'test',
    grain: ['source', 'source_id'],
    columns: columnsOf(Contact),
    reads: [],
    partition: time('seen_at'),
    time: 'seen_at',
    raw: { landed: { source: 'crm', stream, record, time: 'seen' } },
    inputs: { landed: [same()] },
    make: {
      by: 'query',
      query: {
        sql: `select '${name}' as source, id as source_id, email as email_key, phone as phone_key, member as member_key, seen as seen_at from landed`,
        parameters: [],
      },
    },
  })
}

/** Whose each contact is, looked up in a table that grows, and now and then is built whole. */
function seenPerson(): Model {
  const key = `coalesce('m:' || member_key, 'e:' || email_key, 'p:' || phone_key)`
  return modelOf({
    name: 'seen_person',
    description: 'seen_person',
    owner: 'test',
    grain: ['source_id'],
    columns: [
      { name: 'source_id', type: 'VARCHAR' },
      { name: 'seen_at', type: 'TIMESTAMP' },
      { name: 'person_id', type: 'VARCHAR' },
    ],
    reads: ['contact', 'person_key'],
    partition: time('seen_at'),
    time: 'seen_at',
    raw: {},
    inputs: {
      contact: [same()],
      person_key: [
        {
          read: 'lookup',
          key: 'person_key',
          keys: { sql: `select ${key} from contact`, parameters: [] },
          among: ['contact'],
        },
      ],
    },
    make: {
      by: 'query',
      query: {
        sql: `select source_id, seen_at, person_id from contact left join person_key on person_key = ${key}`,
        parameters: [],
      },
    },
  })
}

/** Contacts by day, and nothing of the other tables in which keys are seen. */
const models: Model[] = [
  ...sightings.map((name) => seenIn(name, name === 'contact' ? 'contacts' : 'nothing')),
  personKey,
  person,
  seenPerson(),
]

type Sighting = {
  readonly id: number
  readonly day: number
  readonly email: number | null
  readonly phone: number | null
  readonly member: number | null
  readonly deleted: boolean
}

const key = (count: number) => fc.option(fc.nat({ max: count }), { freq: 2 })

/** One telephone is met often, other keys seldom, so that it comes to be shared and others join persons. */
const sighting = (ids: number, keys: number): fc.Arbitrary<Sighting> =>
  fc.record({
    id: fc.nat({ max: ids }),
    day: fc.nat({ max: 330 }),
    email: key(keys),
    phone: fc.oneof({ weight: 4, arbitrary: key(keys) }, { weight: 1, arbitrary: key(0) }),
    member: key(keys),
    deleted: fc.nat({ max: 15 }).map((luck) => luck === 0),
  })

const anySighting = fc.oneof(
  { weight: 1, arbitrary: sighting(400, 60) },
  { weight: 3, arbitrary: sighting(20_000, 2000) },
)

const histories = fc.record({
  first: fc.array(sighting(400, 60), { minLength: 80, maxLength: 160 }),
  runs: fc.array(fc.array(anySighting, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 5 }),
})

async function land(lake: QuickLake, run: number, seen: readonly Sighting[]): Promise<void> {
  const text = (prefix: string, value: number | null) => (value === null ? null : `${prefix}${value}`)
  await lake.land(
    contacts,
    seen.map(({ id, day, email, phone, member, deleted }) => ({
      fields: {
        id: String(id),
        email: text('e', email),
        phone: text('p', phone),
        member: text('m', member),
        seen: `${addDays('2023-06-01', day)}T10:00:00.000000Z`,
        version: run,
      },
      deleted,
      cursor: run,
    })),
  )
}

async function built(lake: QuickLake): Promise<{ rows: Row[][]; grown: boolean }> {
  const { upstream } = await buildAll(lake.verbs(models, '2024-06-01'))
  const rows: Row[][] = []
  let grown = false
  for (const model of models.slice(-3)) {
    const build = await lake.build(model.name, upstream[model.name] ?? '')
    const partitions = await partitionsOf(lake.control.db, build)
    grown ||= partitions.some((partition) => keyOf(partition.key).is === 'grown')
    const files = build.files.map((file) => lake.storage.absolute(file))
    const sql = `select * from built order by ${model.grain.join(', ')}`
    rows.push(await lake.rows(sql, [{ table: 'built', columns: model.columns, files }]))
  }
  return { rows, grown }
}

async function holds(maker: LakeMaker, { first, runs }: { first: Sighting[]; runs: Sighting[][] }) {
  await using lake = await maker.open()
  const counts = { grown: 0, whole: 0 }
  await land(lake, 0, first)
  let found = await built(lake)
  for (const [number, run] of runs.entries()) {
    await land(lake, number + 1, run)
    found = await built(lake)
    counts[found.grown ? 'grown' : 'whole'] += 1
  }
  await using fresh = await maker.open()
  await land(fresh, 0, first)
  for (const [number, run] of runs.entries()) await land(fresh, number + 1, run)
  deepStrictEqual(found.rows, (await built(fresh)).rows)
  const shared = found.rows[0]?.some((row) => row['person_id'] === null) ? 1 : 0
  return { ...counts, shared }
}

describe('a new sighting', () => {
  const seen = (id: number, keys: Partial<Sighting>): Sighting => ({
    id,
    day: id % 300,
    email: null,
    phone: null,
    member: null,
    deleted: false,
    ...keys,
  })
  const goesOn =
    (first: Sighting[]) =>
    async (_: string, keys: Partial<Sighting>, how: 'grown' | 'whole'): Promise<void> => {
      await using maker = await openLakeMaker()
      const history = { first, runs: [[seen(900, keys)]] }
      expect((await holds(maker, history))[how]).toBe(1)
    }
  /** Ten mail addresses with one telephone, of which one more makes it shared; and others who have nothing to do with it. */
  const first = [
    ...Array.from({ length: 10 }, (_, nth) => seen(nth, { email: 100 + nth, phone: 0 })),
    ...Array.from({ length: 60 }, (_, nth) => seen(100 + nth, { email: 200 + nth, member: nth })),
  ]

  it.each([
    ['of strangers', { email: 900, phone: 900 }, 'grown'],
    ['of a key more of a known person', { email: 200, phone: 900 }, 'grown'],
    ['makes a key shared', { email: 900, phone: 0 }, 'whole'],
    ['joins two persons', { email: 200, member: 1 }, 'whole'],
    ['gives a person a lesser key', { email: 1, member: 0 }, 'whole'],
  ] as const)('%s', goesOn(first))

  /** Twelve telephones that eleven share each, and a person who met nine of them, and one key beside. */
  const crowd = [
    ...first,
    ...Array.from({ length: 132 }, (_, nth) =>
      seen(1000 + nth, { email: 1000 + nth, phone: 10 + (nth % 12) }),
    ),
    ...Array.from({ length: 9 }, (_, nth) =>
      seen(2000 + nth, { email: 5000, phone: 10 + nth, member: 5000 }),
    ),
  ]

  it.each([
    ['of a key more of a known person', { email: 200, phone: 900 }, 'grown'],
    ['of a shared key that a known one has met', { email: 5000, phone: 10 }, 'grown'],
    ['of a shared key more, which makes a key shared', { email: 5000, phone: 20 }, 'whole'],
    ['of a new key more, which makes a key shared', { email: 5000, phone: 900 }, 'whole'],
  ] as const)('where more keys are shared than anybody may meet, %s', goesOn(crowd))
})

it('grows to what a full build makes of the same sightings', { timeout: 600_000 }, async () => {
  await using maker = await openLakeMaker()
  const sum = { cases: 0, grown: 0, whole: 0, shared: 0 }
  const property = fc.asyncProperty(histories, async (history) => {
    const { grown, whole, shared } = await holds(maker, history)
    sum.cases += 1
    sum.grown += grown
    sum.whole += whole
    sum.shared += shared
  })
  const seed = Number(process.env['SAYDO_PROOF_SEED'] ?? Date.now() % 1_000_000)
  await fc.assert(property, { numRuns: CASES, seed, endOnFailure: true })
  process.stdout.write(
    `persons grow (seed ${seed}): ${sum.cases} histories, ${sum.grown} builds grown, ${sum.whole} whole, ${sum.shared} with shared keys, all equal to full builds\n`,
  )
  expect(Math.min(sum.grown, sum.whole, sum.shared)).toBeGreaterThan(0)
})
