/** Slices cover their window once, without gaps. */
import { expect, test } from 'vitest'
import { sliceLength, slicesOf } from './slices.ts'

const days = (from: string, to: string, length: string) =>
  slicesOf({ from, to }, sliceLength(length) ?? { count: 1, unit: 'day' }).map(
    (slice) => `${slice.from.slice(0, 10)}_${slice.to.slice(0, 10)}`,
  )

test.each([
  [
    '2024-01-15',
    '2024-03-10',
    '1mo',
    ['2024-01-15_2024-02-01', '2024-02-01_2024-03-01', '2024-03-01_2024-03-10'],
  ],
  ['2023-11-30', '2024-01-31', '2mo', ['2023-11-30_2024-01-01', '2024-01-01_2024-01-31']],
  ['2024-02-27', '2024-03-02', '2d', ['2024-02-27_2024-02-29', '2024-02-29_2024-03-02']],
  ['2024-01-01', '2024-01-10', '1w', ['2024-01-01_2024-01-08', '2024-01-08_2024-01-10']],
  ['2023-06-01', '2024-06-01', '1y', ['2023-06-01_2024-01-01', '2024-01-01_2024-06-01']],
  ['2024-01-01', '2024-01-01', '1mo', []],
])('%s to %s by %s', (from, to, length, expected) => expect(days(from, to, length)).toEqual(expected))

test.each(['', '0d', '1', 'mo', '1.5d', '1m', '-1d'])('%j is no length', (text) =>
  expect(sliceLength(text)).toBeUndefined(),
)
