/** SQL and TypeScript say the same number on the same rows, whatever the rows, the split, the filter, the window and the zone. */
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryRows, type Row, type Table, tableStatements } from '#tests/metric-rows.ts'
import type { MetricCard } from './card.ts'
import { brokenInvariants, cards, compileSql, evaluate, type MetricRequest } from './index.ts'

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()

const zone = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland')
const bound = fc.constantFrom('2024-03-10', '2024-01-01', '2024-11-03', '2024-06-30T16:00:00Z')

function requests(card: MetricCard): fc.Arbitrary<MetricRequest> {
  const names = Object.keys(card.dimensions)
  const values = fc.constantFrom(null, '微信', 'S01', 'promoter', "o'clock", 'a')
  return fc
    .record(
      {
        by: fc.subarray(names),
        where: fc.dictionary(
          fc.constantFrom(...names),
          fc.oneof(values, fc.array(values, { minLength: 1 })),
          {
            maxKeys: 1,
          },
        ),
        from: bound,
        to: fc.constantFrom('2024-12-01', '2025-01-01', '2024-12-31T16:00:00+08:00'),
        grain: fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
        timezone: zone,
        publishedVersion: fc.constantFrom(null, 7),
      },
      { requiredKeys: ['timezone'] },
    )
    .map((request) => request as MetricRequest)
}

async function sqlRows(card: MetricCard, request: MetricRequest): Promise<Row[]> {
  const { sql, parameters } = compileSql(card, request)
  const reader = await connection.runAndReadAll(sql, [...parameters])
  return reader
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
      ),
    )
}

function expectSameRows(sql: readonly Row[], typescript: readonly Row[]): void {
  const key = (row: Row) => {
    const names = Object.keys(row).filter((name) => !['value', 'low', 'high', 'n'].includes(name))
    return JSON.stringify(names.sort().map((name) => [name, row[name]]))
  }
  const sorted = (rows: readonly Row[]) => [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  expect(sql.length).toBe(typescript.length)
  sorted(sql).forEach((row, index) => {
    const other = sorted(typescript)[index] ?? {}
    for (const name of Object.keys(row)) {
      const [left, right] = [row[name], other[name]]
      if (typeof left === 'number' && typeof right === 'number')
        expect(Math.abs(left - right), `${name} ${left} ${right}`).toBeLessThanOrEqual(1e-9)
      else expect(left, name).toEqual(right)
    }
    expect(Object.keys(row).sort()).toEqual(Object.keys(other).sort())
  })
}

describe.each(cards.map((card) => [card.name, card] as const))('%s', (_, card) => {
  const table = card.model as Table

  test('SQL and TypeScript agree to 1e-9 on any rows and any question', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRows[table],
        fc.array(requests(card), { minLength: 1, maxLength: 4 }),
        async (rows, asked) => {
          for (const statement of tableStatements(table, rows)) await connection.run(statement)
          for (const request of asked)
            expectSameRows(await sqlRows(card, request), evaluate(card, request, rows))
        },
      ),
      { numRuns: 25 },
    )
  })

  test('its invariants hold on any rows', () => {
    fc.assert(fc.property(arbitraryRows[table], (rows) => brokenInvariants(card, rows).length === 0))
  })

  test('a group below the minimum n never shows a value or a bound', () => {
    fc.assert(
      fc.property(arbitraryRows[table], requests(card), (rows, request) =>
        evaluate(card, request, rows).every((row) =>
          row.n < card.minimumN
            ? row.suppressed && row.value === null && row.low === null && row.high === null
            : !row.suppressed &&
              row.value !== null &&
              row.low !== null &&
              row.high !== null &&
              row.low <= row.value &&
              row.value <= row.high,
        ),
      ),
    )
  })
})
