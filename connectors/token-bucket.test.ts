/** The rate a vendor allows is kept, in order, and can be left by abort. */
import { array, assert, asyncProperty, integer, record } from 'fast-check'
import { expect, test } from 'vitest'
import { VirtualClock } from './conformance-subject.ts'
import { createTokenBucket } from './token-bucket.ts'

const signal = new AbortController().signal

test('ten requests a minute: ten at once, then one every six seconds', async () => {
  const clock = new VirtualClock()
  const take = createTokenBucket({ requests: 10, perSeconds: 60 }, clock)
  for (let index = 0; index < 10; index++) await take(signal)
  expect(clock.slept).toEqual([])
  await take(signal)
  await take(signal)
  expect(clock.slept).toEqual([6000, 6000])
})

test('no stretch of time sees more than the bucket and its refill', async () => {
  const cases = record({
    requests: integer({ min: 1, max: 20 }),
    perSeconds: integer({ min: 1, max: 120 }),
    gaps: array(integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 60 }),
  })
  await assert(
    asyncProperty(cases, async ({ requests, perSeconds, gaps }) => {
      const clock = new VirtualClock()
      const take = createTokenBucket({ requests, perSeconds }, clock)
      const at: number[] = []
      for (const gap of gaps) {
        await clock.sleep(gap, signal)
        await take(signal)
        at.push(clock.now().getTime())
      }
      const perMs = requests / (perSeconds * 1000)
      for (const [first, start] of at.entries())
        for (const [last, end] of at.entries())
          if (last >= first)
            expect(last - first + 1).toBeLessThanOrEqual(requests + (end - start) * perMs + 1e-3)
    }),
  )
})

test('a request that is given up while waiting does not hold up the next', async () => {
  const clock = new VirtualClock()
  const take = createTokenBucket({ requests: 1, perSeconds: 10 }, clock)
  await take(signal)
  await expect(take(AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up')
  await take(signal)
  expect(clock.slept).toEqual([10_000])
})
