import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { matches, Predicate, predicateSql } from './predicate.ts'

const connection = await (await DuckDBInstance.create(':memory:')).connect()

const leaf: fc.Arbitrary<Predicate> = fc.oneof(
  fc.record({
    column: fc.constant('score'),
    in: fc.array(fc.integer({ min: -1, max: 3 }), { minLength: 1 }),
  }),
  fc.record({
    column: fc.constant('name'),
    in: fc.constantFrom(['a'], ["o'clock", '微信']),
    absentOr: fc.constant(true as const),
  }),
  fc.record({
    column: fc.constant('score'),
    between: fc.tuple(fc.constantFrom(null, 0, 1.5), fc.constantFrom(null, 1.5, 3)),
  }),
  fc.record({ column: fc.constantFrom('score', 'name'), present: fc.constant(true as const) }),
)
const { predicate } = fc.letrec<{ predicate: Predicate }>((tie) => ({
  predicate: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ not: tie('predicate') }),
    fc.record({ all: fc.array(tie('predicate'), { maxLength: 3 }) }),
  ),
}))
const row = fc.record({
  score: fc.constantFrom(null, -1, 0, 1, 1.5, 2, 3, 4, Number.NaN, Infinity, -Infinity),
  name: fc.constantFrom(null, 'a', "o'clock", '微信', ''),
})

test('a predicate takes the same rows in SQL as in TypeScript, nulls and NaN included', async () => {
  await fc.assert(
    fc.asyncProperty(predicate, fc.array(row, { minLength: 1, maxLength: 8 }), async (predicate, rows) => {
      expect(Predicate.parse(predicate)).toEqual(predicate)
      const values = rows.map(({ score, name }) => `(${number(score)}, ${text(name)})`).join(', ')
      const sql = `SELECT coalesce(${predicateSql(predicate)}, false) AS taken FROM (VALUES ${values}) rows(score, name)`
      const taken = (await connection.runAndReadAll(sql)).getColumns()[0]
      expect(taken).toEqual(rows.map((row) => matches(predicate, row)))
    }),
    { numRuns: 150 },
  )
})

function number(value: number | null): string {
  return value === null ? 'NULL::DOUBLE' : `'${String(value)}'::DOUBLE`
}

function text(value: string | null): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`
}
