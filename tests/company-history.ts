/** What may happen to the small company's data and code, as fast-check generates it: versions, late and undated rows, deletions, merges, code that changes and changes back. */
import * as fc from 'fast-check'
import { addDays } from '#lake/calendar.ts'
import type { StreamName } from './company-streams.ts'
import type { Delivery } from './quick-lake.ts'

export type Landed = Delivery & { readonly stream: StreamName; readonly run: number }

export type Run = {
  /** A model whose code is another in this run. */
  readonly change: { readonly model: string; readonly number: number } | null
  readonly today: string
  /** Compare with a full rebuild after this run; the last one always is. */
  readonly compared: boolean
}

export type History = {
  /** In order of arrival. */
  readonly landed: readonly Landed[]
  readonly runs: readonly Run[]
  /** Models that are built, beside what they read. */
  readonly leaves: readonly string[]
  /** Versions of a record may share their cursor: then only the order of arrival tells which is last. */
  readonly ties: boolean
  /** Rebuilt without any cuts, or cut as usual. */
  readonly uncut: boolean
}

const FIRST = '2024-01-29'
const DAYS = 115
const RUNS = 3

const day = fc.option(fc.integer({ min: 0, max: DAYS }), { freq: 8 })
const key = fc.option(fc.constantFrom('k0', 'k1', 'k2', 'k3', 'k4'), { freq: 10 })

const change = fc.record({
  stream: fc.constantFrom<StreamName>('answers', 'answers', 'orders', 'contacts'),
  id: fc.integer({ min: 0, max: 4 }),
  key,
  other: key,
  value: fc.integer({ min: 0, max: 9 }),
  day,
  /** The first and last instants of a day, and noon. */
  clock: fc.constantFrom('00:00:00.000000', '12:00:00.000000', '23:59:59.999999'),
  deleted: fc.boolean().chain((maybe) => (maybe ? fc.nat(3).map((n) => n === 0) : fc.constant(false))),
  run: fc.integer({ min: 0, max: RUNS - 1 }),
  again: fc.option(fc.integer({ min: 0, max: RUNS - 1 }), { freq: 1 }),
  place: fc.nat(1000),
})
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

const days = (count: number) => addDays(FIRST, count)

export function histories(models: readonly string[]): fc.Arbitrary<History> {
  return fc
    .record({
      changes: fc.array(change, { minLength: 1, maxLength: 9 }),
      ties: fc.nat(3).map((n) => n === 0),
      uncut: fc.nat(2).map((n) => n > 0),
      leaves: fc.uniqueArray(fc.constantFrom(...models), { minLength: 1, maxLength: 2 }),
      runs: fc.array(
        fc.record({
          change: fc.option(fc.record({ model: fc.constantFrom(...models), number: fc.nat(1) }), { freq: 1 }),
          later: fc.integer({ min: 0, max: 45 }),
          compared: fc.nat(5).map((n) => n === 0),
        }),
        { minLength: RUNS, maxLength: RUNS },
      ),
    })
    .map(({ changes, runs, ties, ...rest }) => ({
      ...rest,
      ties,
      landed: arrivals(changes, ties),
      runs: runs.map(({ change, compared }, place) => ({
        change,
        compared,
        today: days(40 + runs.slice(0, place + 1).reduce((sum, each) => sum + each.later, 0)),
      })),
    }))
}

function arrivals(changes: readonly Change[], ties: boolean): Landed[] {
  const first = changes.map((each, version) => ({
    place: each.place,
    landed: landedOf(each, ties ? version >> 2 : version, each.run),
  }))
  const again = changes.flatMap((each, version) =>
    each.again === null
      ? []
      : [{ place: 1000 - each.place, landed: landedOf(each, ties ? version >> 2 : version, each.again) }],
  )
  return [...first, ...again].toSorted((a, b) => a.place - b.place).map(({ landed }) => landed)
}

function landedOf(change: Change, version: number, run: number): Landed {
  const { stream, key, other, value, deleted, clock } = change
  const date = change.day === null ? null : days(change.day)
  const instant = date && `${date} ${clock}`
  const updated = `2024-01-01 00:00:${String(version).padStart(2, '0')}`
  const id = String(change.id)
  if (stream === 'contacts')
    return { stream, run, deleted, cursor: updated, fields: { id, key, other, seen: instant, updated } }
  if (stream === 'answers')
    return { stream, run, deleted, cursor: updated, fields: { id, key, value, ts: instant, updated } }
  const fields = { id, key, value, ts: date, revision: version }
  return { stream, run, deleted, cursor: deleted ? null : version, fields }
}
