/** Every header style in which a vendor asks for a pause. */
import { expect, test } from 'vitest'
import { retryAfter } from './retry-after.ts'

const now = new Date('2026-03-01T08:00:00Z')

test.each([
  ['seconds', { 'retry-after': '30' }, '2026-03-01T08:00:30.000Z'],
  ['parts of seconds', { 'retry-after': '0.5' }, '2026-03-01T08:00:00.500Z'],
  ['an HTTP date', { 'retry-after': 'Sun, 01 Mar 2026 08:02:00 GMT' }, '2026-03-01T08:02:00.000Z'],
  ['an ISO instant', { 'x-ratelimit-reset': '2026-03-01T08:05:00.000000Z' }, '2026-03-01T08:05:00.000Z'],
  ['unix seconds', { 'x-rate-limit-reset': '1772352120' }, '2026-03-01T08:02:00.000Z'],
  ['unix milliseconds', { 'ratelimit-reset': '1772352120000' }, '2026-03-01T08:02:00.000Z'],
  ['seconds left', { 'x-ratelimit-reset': '12' }, '2026-03-01T08:00:12.000Z'],
  [
    'the first header that says so',
    { 'retry-after': '1', 'x-ratelimit-reset': '99' },
    '2026-03-01T08:00:01.000Z',
  ],
])('%s', (_, headers, until) => {
  expect(retryAfter(new Headers(headers), now)?.toISOString()).toBe(until)
})

test('headers that say nothing we can read give no instant', () => {
  expect(retryAfter(new Headers({ 'retry-after': 'soon' }), now)).toBeUndefined()
  expect(retryAfter(new Headers(), now)).toBeUndefined()
})
