import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { isRefusal } from '#statistics/refusal.ts'
import { componentOf, indexed } from './component.ts'
import { auditDisclosure, marginTable, suppress, type TableWithTotals } from './index.ts'
import { boundsByLinearProgram } from './linear-program.ts'
import { networkOf, rangeInNetwork } from './network.ts'

const MINIMUM = 5

function crossed(counts: readonly (readonly number[])[]): TableWithTotals {
  const leaves = counts.flatMap((row, r) => row.map((n, c) => ({ of: { row: `r${r}`, column: `c${c}` }, n })))
  return accepted(marginTable({ dimensions: ['row', 'column'], leaves }))
}

const small = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 2 }), {
  minLength: 2,
  maxLength: 3,
})

/** No sum exceeds 15, so that all tables can be tried. */
const tiny = fc.array(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 2, maxLength: 2 }), {
  minLength: 2,
  maxLength: 3,
})

/** Least and largest value of each hidden cell over all whole-number tables that agree with what is published, by trying them all. */
function enumerated(
  table: TableWithTotals,
  hidden: readonly string[],
  most: number,
): Map<string, [number, number]> {
  const counts = new Map(table.cells.map(({ id, n }) => [id, n]))
  const leaves = table.cells.map(({ id }) => id).filter((id) => !id.includes('Σ') && hidden.includes(id))
  const ranges = new Map<string, [number, number]>()
  const holds = () =>
    table.sums.every(({ total, parts }) => {
      const sum = parts.reduce((so, id) => so + (counts.get(id) ?? 0), 0)
      if (hidden.includes(total)) counts.set(total, sum)
      return counts.get(total) === sum
    })
  const walk = (at: number): void => {
    const id = leaves[at]
    if (id !== undefined) {
      for (let n = 0; n <= most; n++) {
        counts.set(id, n)
        walk(at + 1)
      }
      return
    }
    if (!holds()) return
    for (const cell of hidden) {
      const n = counts.get(cell) ?? 0
      const [low, high] = ranges.get(cell) ?? [n, n]
      ranges.set(cell, [Math.min(low, n), Math.max(high, n)])
    }
  }
  walk(0)
  return ranges
}

const wide = fc
  .tuple(
    fc.integer({ min: 2, max: 4 }),
    fc.integer({ min: 2, max: 4 }),
    fc.infiniteStream(fc.integer({ min: 0, max: 30 })),
  )
  .map(([rows, columns, stream]) => {
    const next = () => Number(stream.next().value)
    return Array.from({ length: rows }, () => Array.from({ length: columns }, next))
  })

describe('the auditor', () => {
  it('finds the same ranges as trying every table', () => {
    fc.assert(
      fc.property(tiny, fc.infiniteStream(fc.boolean()), (counts, coins) => {
        const table = crossed(counts)
        const hidden = table.cells
          .map(({ id }) => id)
          .filter((id) => !id.includes('Σ') && coins.next().value)
          .slice(0, 4)
        const ranges = enumerated(table, hidden, 15)
        const audit = accepted(auditDisclosure({ table, hidden, minimumN: MINIMUM }))
        for (const { id, low, high, n } of audit.cells) {
          expect([low, high]).toEqual(ranges.get(id))
          expect(low <= n && n <= (high ?? Infinity)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
  })
  it('gives the same range by network flow as by linear program, totals hidden too', () => {
    fc.assert(
      fc.property(wide, fc.infiniteStream(fc.boolean()), (counts, coins) => {
        const table = indexed(crossed(counts))
        const hidden = new Set(table.cells.map(({ id }) => id).filter(() => coins.next().value))
        for (const id of hidden) {
          const component = componentOf(table, hidden, id)
          const network = networkOf(component, table.counts)
          expect(network).toBeDefined()
          if (!network) continue
          const { low, high } = rangeInNetwork(network, id) ?? { low: -1, high: -1 }
          expect({ low, high }).toEqual(boundsByLinearProgram(component, id))
        }
      }),
      { numRuns: 40 },
    )
  })
  it('sees through a square in which one corner is known', () => {
    const table = crossed([
      [3, 20, 30],
      [20, 40, 50],
      [30, 50, 60],
    ])
    const corners = ['r0/c0', 'r0/c1', 'r1/c0']
    expect(accepted(auditDisclosure({ table, hidden: corners, minimumN: MINIMUM })).safe).toBe(false)
    expect(accepted(auditDisclosure({ table, hidden: [...corners, 'r1/c1'], minimumN: MINIMUM })).safe).toBe(
      true,
    )
  })
  it('names small cells that are published', () => {
    const audit = accepted(
      auditDisclosure({
        table: crossed([
          [3, 20],
          [20, 40],
        ]),
        hidden: [],
        minimumN: MINIMUM,
      }),
    )
    expect(audit).toMatchObject({ safe: false, exposed: ['r0/c0'] })
  })
})

describe('suppression', () => {
  it('hides every small cell, is audited safe, and hides nothing where nothing is small', () => {
    fc.assert(
      fc.property(wide, (counts) => {
        const table = crossed(counts)
        const result = accepted(suppress({ table, minimumN: MINIMUM }))
        const hidden = result.hidden.map(({ id }) => id)
        expect(accepted(auditDisclosure({ table, hidden, minimumN: MINIMUM })).safe).toBe(true)
        expect(result.audit.safe).toBe(true)
        const isSmall = ({ n }: { n: number }) => n > 0 && n < MINIMUM
        expect(result.hidden.filter(({ why }) => why === 'small')).toHaveLength(
          table.cells.filter(isSmall).length,
        )
        if (!table.cells.some(isSmall)) expect(hidden).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
  it('is exact: no cheaper set of cells with respondents is safe', () => {
    fc.assert(
      fc.property(small, (counts) => {
        const table = crossed(counts)
        const result = accepted(suppress({ table, minimumN: MINIMUM }))
        if (result.method !== 'exact') return
        const must = result.hidden.filter(({ why }) => why === 'small').map(({ id }) => id)
        const free = table.cells.filter(({ id, n }) => n > 0 && !must.includes(id))
        for (let mask = 0; mask < 2 ** Math.min(free.length, 9); mask++) {
          const extra = free.filter((_, i) => (mask >>> i) & 1)
          if (extra.reduce((sum, { n }) => sum + n, 0) >= result.cost) continue
          const audit = auditDisclosure({
            table,
            hidden: [...must, ...extra.map(({ id }) => id)],
            minimumN: MINIMUM,
          })
          expect(accepted(audit).safe).toBe(false)
        }
      }),
      { numRuns: 25 },
    )
  })
  it('a large table goes to the heuristic and is safe too', () => {
    const counts = Array.from({ length: 40 }, (_, r) =>
      Array.from({ length: 12 }, (_, c) => ((r * 7 + c * 13) % 29) + 1),
    )
    const table = crossed(counts)
    const result = accepted(suppress({ table, minimumN: MINIMUM }))
    expect(result.method).toBe('heuristic')
    expect(result.audit.safe).toBe(true)
    expect(result.hidden.length).toBeLessThan(table.cells.length / 2)
  })
  it('protects a store within a region within the group', () => {
    const table = {
      cells: [
        { id: 'store 1', n: 4 },
        { id: 'store 2', n: 60 },
        { id: 'north', n: 64 },
        { id: 'south', n: 80 },
        { id: 'group', n: 144 },
      ],
      sums: [
        { total: 'north', parts: ['store 1', 'store 2'] },
        { total: 'group', parts: ['north', 'south'] },
      ],
    }
    expect(accepted(suppress({ table, minimumN: MINIMUM })).hidden.map(({ id }) => id)).toEqual([
      'store 1',
      'store 2',
    ])
  })
  it('three dimensions are tables too', () => {
    const of = (i: number) => ({ a: `a${i % 2}`, b: `b${Math.floor(i / 2) % 2}`, c: `c${Math.floor(i / 4)}` })
    const leaves = [3, 20, 30, 12, 40, 8, 9, 25].map((n, i) => ({ of: of(i), n }))
    const table = accepted(marginTable({ dimensions: ['a', 'b', 'c'], leaves }))
    expect(table.cells).toHaveLength(27)
    const result = accepted(suppress({ table, minimumN: MINIMUM }))
    expect(result.audit.safe).toBe(true)
    expect(result.hidden.length).toBeGreaterThanOrEqual(8)
  })
})

describe('broken tables are refused', () => {
  const cells = [
    { id: 'a', n: 3 },
    { id: 'b', n: 4 },
    { id: 'all', n: 7 },
  ]
  const sums = [{ total: 'all', parts: ['a', 'b'] }]
  it.each([
    ['no cells', suppress({ table: { cells: [], sums: [] }, minimumN: 5 }), 'too-few'],
    [
      'a cell twice',
      suppress({ table: { cells: [...cells, { id: 'a', n: 3 }], sums }, minimumN: 5 }),
      'mismatch',
    ],
    [
      'a sum that does not hold',
      suppress({ table: { cells: [...cells.slice(0, 2), { id: 'all', n: 9 }], sums }, minimumN: 5 }),
      'mismatch',
    ],
    [
      'a sum of unknown cells',
      suppress({ table: { cells, sums: [{ total: 'all', parts: ['c'] }] }, minimumN: 5 }),
      'mismatch',
    ],
    [
      'half a respondent',
      suppress({ table: { cells: [{ id: 'a', n: 0.5 }], sums: [] }, minimumN: 5 }),
      'out-of-range',
    ],
    [
      'NaN',
      suppress({ table: { cells: [{ id: 'a', n: Number.NaN }], sums: [] }, minimumN: 5 }),
      'not-finite',
    ],
    ['a minimum of 0', suppress({ table: { cells, sums }, minimumN: 0 }), 'out-of-range'],
    [
      'an unknown hidden cell',
      auditDisclosure({ table: { cells, sums }, hidden: ['z'], minimumN: 5 }),
      'mismatch',
    ],
    ['no dimensions', marginTable({ dimensions: [], leaves: [] }), 'too-few'],
    [
      'a leaf twice',
      marginTable({
        dimensions: ['a'],
        leaves: [
          { of: { a: 'x' }, n: 1 },
          { of: { a: 'x' }, n: 1 },
        ],
      }),
      'mismatch',
    ],
    [
      'a leaf without a dimension',
      marginTable({ dimensions: ['a'], leaves: [{ of: {}, n: 1 }] }),
      'mismatch',
    ],
  ])('%s', (_, result, code) => {
    expect(isRefusal(result) && result.refused).toBe(code)
  })
})
