/** The doc test must itself be able to fail: wrong digits, wrong keys, wrong lengths. */
import { expect, it } from 'vitest'
import { runExample } from './worked-examples.ts'

const scope = {
  third: () => 1 / 3,
  pair: () => [1, -0.25],
  record: () => ({ low: 0.1234, name: 'x', n: 3 }),
  tail: () => 6.22096057427178e-16,
}

it.each([
  ['third() // 0.333', true],
  ['third() // 0.334', false],
  ['third() // 0.33333', true],
  ['pair() // [1, -0.25]', true],
  ['pair() // [1, -0.26]', false],
  ['pair() // [1]', false],
  ["record() // { low: 0.123, name: 'x' }", true],
  ["record() // { low: 0.123, name: 'y' }", false],
  ['record().n // 3', true],
  ['record().n // 4', false],
  ['tail() // 6.2210e-16', true],
  ['tail() // 6.23e-16', false],
  ['third() < 1 // true', true],
])('%s: %s', (line, agrees) => {
  expect(runExample([line], scope)).toEqual([expect.objectContaining({ agrees })])
})

it('constants stay in sight for the lines below, several lines make one expression', () => {
  const example = ['const x = { a: third() }', 'x.a // 0.33', '[', '  x.a,', '  2,', '] // [0.333, 2]']
  expect(runExample(example, scope).map(({ agrees }) => agrees)).toEqual([true, true])
})
