/** Seeking through HubSpot's search: whatever shares an instant and whatever changes meanwhile, nothing is lost. */
import { array, assert, asyncProperty, integer, nat, property, record, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import type { Checkpoint } from './connector.ts'
import { readSearch } from './hubspot-search.ts'
import type { Search } from './hubspot-search.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 2, 1)

/** A portal's objects by id with the time of their last change, searched as HubSpot searches. */
class Portal {
  readonly changed = new Map<number, number>()
  asked = 0
  now = START

  search(pageSize: number, between: (asked: number) => void = () => {}): Search {
    return ({ filters, sortBy }) => {
      between(this.asked++)
      const value = (name: string, id: number, time: number) => (name === 'hs_object_id' ? id : time)
      const hits = [...this.changed].filter(([id, time]) =>
        filters.every((filter) => {
          const difference = value(filter.propertyName, id, time) - Number(filter.value)
          if (filter.operator === 'EQ') return difference === 0
          if (filter.operator === 'GT') return difference > 0
          return filter.operator === 'GTE' ? difference >= 0 : difference < 0
        }),
      )
      hits.sort(([a, x], [b, y]) => value(sortBy, a, x) - value(sortBy, b, y))
      const results = hits.slice(0, pageSize).map(([id, time]) => {
        const updatedAt = new Date(time).toISOString()
        return { id: String(id), updatedAt, properties: { changed: updatedAt } }
      })
      return Promise.resolve({ results })
    }
  }
}

type Read = { readonly ids: string[]; readonly versions: string[]; readonly checkpoint: Checkpoint | null }

async function run(portal: Portal, search: Search, pageSize: number, from: Checkpoint | null): Promise<Read> {
  const ids: string[] = []
  const versions: string[] = []
  let checkpoint = from
  const request = { stream: 'contacts', slice: {}, checkpoint, signal: new AbortController().signal }
  const seeking = {
    source: 's',
    modified: 'changed',
    pageSize,
    lookbackMs: HOUR,
    now: () => new Date(portal.now),
  }
  for await (const event of readSearch(search, request, seeking)) {
    if (event.type !== 'page') continue
    for (const found of event.records as { id: string; updatedAt: string }[]) {
      ids.push(found.id)
      versions.push(`${found.id}@${Date.parse(found.updatedAt)}`)
    }
    checkpoint = event.checkpoint
  }
  return { ids, versions, checkpoint }
}

test('every object once, however many share an instant and whatever the size of a page', async () => {
  const cases = tuple(array(nat(6), { maxLength: 60 }), integer({ min: 2, max: 9 }))
  await assert(
    asyncProperty(cases, async ([instants, pageSize]) => {
      const portal = new Portal()
      portal.now = START + 48 * HOUR
      for (const [index, instant] of instants.entries()) portal.changed.set(index + 1, START + instant)
      const { ids, checkpoint } = await run(portal, portal.search(pageSize), pageSize, null)
      expect(ids.map(Number).toSorted((a, b) => a - b)).toEqual(instants.map((_, index) => index + 1))
      const again = await run(portal, portal.search(pageSize), pageSize, checkpoint)
      expect(again.ids).toEqual([])
    }),
  )
})

test('objects that change during a run are read in their last version, in this run or the next', async () => {
  const cases = record({
    instants: array(nat(5), { minLength: 1, maxLength: 40 }),
    pageSize: integer({ min: 2, max: 7 }),
    changes: array(tuple(nat(20), nat(39)), { maxLength: 20 }),
  })
  await assert(
    asyncProperty(cases, async ({ instants, pageSize, changes }) => {
      const portal = new Portal()
      portal.now = START + 48 * HOUR
      for (const [index, instant] of instants.entries()) portal.changed.set(index + 1, START + instant)
      const search = portal.search(pageSize, (asked) => {
        for (const [when, which] of changes)
          if (when === asked) portal.changed.set((which % instants.length) + 1, ++portal.now)
      })
      const first = await run(portal, search, pageSize, null)
      portal.now += 2 * HOUR
      const second = await run(portal, portal.search(pageSize), pageSize, first.checkpoint)
      const delivered = new Set([...first.versions, ...second.versions])
      for (const [id, time] of portal.changed) expect(delivered).toContain(`${id}@${time}`)
    }),
  )
})

test('what search finds late, within the lookback, is read by the next run', async () => {
  const portal = new Portal()
  portal.now = START + HOUR
  portal.changed.set(1, START + 50 * 60_000)
  const first = await run(portal, portal.search(5), 5, null)
  portal.changed.set(2, START + 49 * 60_000)
  const second = await run(portal, portal.search(5), 5, first.checkpoint)
  expect(second.ids).toContain('2')
})

test('a checkpoint stays small while many objects share an instant', () => {
  assert(
    property(integer({ min: 1, max: 200 }), (count) => {
      const seen = Array.from({ length: count }, (_, index) => String(900_000_000_000 + index))
      expect(
        JSON.stringify({ from: START, seen, tie: null, startedAt: START, deletionsFrom: START }).length,
      ).toBeLessThan(16_384)
    }),
  )
})
