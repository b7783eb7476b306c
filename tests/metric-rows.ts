/** Random rows of the tables metrics are counted on, nasty ones included, and how to put them into DuckDB. */
import * as fc from 'fast-check'
import { columnsOf } from '#lake/columns-of.ts'
import { contracts } from '#metrics/contracts.ts'

export type Row = Record<string, unknown>
export type Table = 'submission' | 'xo.response_context' | 'xo.customer_month'

const channel = fc.constantFrom(null, '微信', 'store', "o'clock", '{channel}', '')
const instant = fc
  .date({ min: new Date('2023-12-30T00:00:00Z'), max: new Date('2025-01-03T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())
const store = fc.constantFrom(null, 'S01', 'S02')

const response = fc.record({
  submission_id: fc.constantFrom('a:1', 'a:2', 'a:3', 'b:1'),
  source: fc.constantFrom('a', 'b'),
  survey_id: fc.constantFrom('v1', 'v2'),
  concept: fc.constantFrom('nps', 'nps', 'nps', 'csat', 'csat', 'ces'),
  score: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 10 }) },
    { weight: 1, arbitrary: fc.constantFrom(null, -1, 11, 6.5, 8.5, Number.NaN, Infinity, -Infinity) },
  ),
  scale_min: fc.constantFrom(null, null, 0, 1),
  scale_max: fc.constantFrom(null, null, 10, 5),
  answered_at: instant,
  channel,
  touchpoint: fc.constantFrom(null, 'delivery'),
  store_id: store,
})

const submission = fc.record({
  submission_id: fc.constantFrom('a:1', 'a:2', 'a:3', 'b:1', 'b:2'),
  source: fc.constantFrom('a', 'b'),
  survey_id: fc.constantFrom('v1', 'v2'),
  submitted_at: instant,
  channel,
  touchpoint: fc.constantFrom(null, 'delivery'),
  store_id: store,
})

const customerMonth = fc.record({
  person_id: fc.constantFrom('p1', 'p2', 'p3'),
  month: fc.constantFrom('2024-01-01', '2024-02-01', '2024-03-01', '2024-12-01'),
  orders: fc.integer({ min: 0, max: 3 }),
  score_group: fc.constantFrom('promoter', 'passive', 'detractor', 'unknown'),
  repurchased: fc.constantFrom(null, true, false),
})

const many = { minLength: 0, maxLength: 120, size: 'max' } as const

/** Rows as TypeScript sees them: instants as ISO text in UTC, dates as YYYY-MM-DD. */
export const arbitraryRows: Record<Table, fc.Arbitrary<Row[]>> = {
  'xo.response_context': fc.array(response, many),
  submission: fc.array(submission, many),
  'xo.customer_month': fc.array(customerMonth, many),
}

/** Statements that make a table of the contract's columns holding these rows; columns a row lacks are null. */
export function tableStatements(table: Table, rows: readonly Row[]): string[] {
  const columns = columnsOf(contracts[table])
  const name = table.split('.').map(quoted).join('.')
  const values = rows.map((row) => `(${columns.map((column) => literal(row[column.name])).join(', ')})`)
  return [
    ...(table.startsWith('xo.') ? ['CREATE SCHEMA IF NOT EXISTS xo'] : []),
    `CREATE OR REPLACE TABLE ${name} (${columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ')})`,
    ...(values.length > 0 ? [`INSERT INTO ${name} VALUES ${values.join(', ')}`] : []),
  ]
}

function quoted(name: string): string {
  return `"${name}"`
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'number' && !Number.isFinite(value)) return `'${String(value)}'::DOUBLE`
  return typeof value === 'string'
    ? `'${value.replaceAll("'", "''").replace(/Z$/, '')}'`
    : JSON.stringify(value)
}
