/** Half-open windows in the vendors' whole seconds. */
import { assert, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { createWindow } from './window.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

test('the start is inside, the end is not', () => {
  const { has, isPast } = createWindow({ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' })
  expect(has('2026-03-01T00:00:00Z')).toBe(true)
  expect(has('2026-03-02T00:00:00Z')).toBe(false)
  expect(has('2026-02-28T23:59:59.999Z')).toBe(false)
  expect(isPast('2026-03-02T00:00:00Z')).toBe(true)
  expect(isPast('2026-03-01T23:59:59Z')).toBe(false)
})

test('a record without a time is inside every window, so that its schema judges it', () => {
  const { has, isPast } = createWindow({ from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' })
  expect(has(undefined)).toBe(true)
  expect(has('yesterday')).toBe(true)
  expect(isPast(undefined)).toBe(false)
})

test('whole seconds are asked for exactly when they are inside', () => {
  const instants = tuple(
    integer({ min: 1, max: 5000 }),
    integer({ min: 1, max: 5000 }),
    integer({ min: 1, max: 5 }),
  )
  assert(
    property(instants, ([from, length, second]) => {
      const { fromSecond, lastSecond, has } = createWindow({ from: iso(from), to: iso(from + length) })
      const asked = second >= (fromSecond ?? 0) && second <= (lastSecond ?? 0)
      expect(asked).toBe(has(second * 1000))
    }),
  )
})

test('vendors are not asked for times before 1970', () => {
  expect(createWindow({ from: '1900-01-01T00:00:00Z' }).fromSecond).toBe(0)
})
