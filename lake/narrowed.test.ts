/** What a landed column may become without a value losing its meaning. */
import { describe, expect, it } from 'vitest'
import { columnsOf } from './columns-of.ts'
import { z } from 'zod'
import { narrowed, widens } from './narrowed.ts'

describe('a landed column', () => {
  it.each([
    ['BIGINT', 'DOUBLE', true],
    ['BIGINT', 'DECIMAL(21,2)', true],
    ['BIGINT', 'DECIMAL(18,2)', false],
    ['DOUBLE', 'BIGINT', false],
    ['DATE', 'TIMESTAMP', true],
    ['TIMESTAMP', 'DATE', false],
    ['DECIMAL(18,2)', 'DECIMAL(20,4)', true],
    ['DECIMAL(18,2)', 'DECIMAL(18,4)', false],
    ['DECIMAL(18,2)', 'DOUBLE', true],
    ['BOOLEAN', 'BIGINT', false],
    ['TIMESTAMP', 'VARCHAR', true],
    ['VARCHAR', 'BIGINT', true],
  ] as const)('of %s read as %s widens: %s', (from, to, answer) => {
    expect(widens(from, to)).toBe(answer)
  })

  it('is told by name when it narrows, also under the name it had before', () => {
    const wanted = columnsOf(z.object({ score: z.int().meta({ formerly: ['rating'] }), note: z.string() }))
    expect(narrowed([{ name: 'rating', type: 'DOUBLE' }], wanted)).toEqual([
      { column: 'score', landed: 'DOUBLE', wanted: 'BIGINT' },
    ])
    expect(narrowed([{ name: 'score', type: 'BIGINT' }], wanted)).toEqual([])
  })
})
