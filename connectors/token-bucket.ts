/** A token bucket: at most so many requests in so much time, in the order they were asked for. */
import { z } from 'zod'
import type { Clock } from './clock.ts'

/** Settings of a source may raise or lower its vendor's default. */
export const Rate = z.strictObject({ requests: z.number().positive(), perSeconds: z.number().positive() })
export type Rate = z.infer<typeof Rate>

/** Waits until one more request is allowed. Starts full. */
export function createTokenBucket(rate: Rate, clock: Clock): (signal: AbortSignal) => Promise<void> {
  const capacity = Math.max(1, rate.requests)
  const perMs = rate.requests / (rate.perSeconds * 1000)
  let tokens = capacity
  let filledAt = clock.now().getTime()
  let queue: Promise<void> = Promise.resolve()

  function refill(): void {
    const now = clock.now().getTime()
    tokens = Math.min(capacity, tokens + Math.max(0, now - filledAt) * perMs)
    filledAt = now
  }

  async function take(signal: AbortSignal): Promise<void> {
    refill()
    // A microtoken of tolerance: refills are floating point.
    while (tokens < 1 - 1e-6) {
      await clock.sleep(Math.ceil((1 - tokens) / perMs), signal)
      refill()
    }
    tokens -= 1
  }

  return (signal) => {
    const turn = queue.then(() => take(signal))
    queue = turn.catch(() => undefined)
    return turn
  }
}
