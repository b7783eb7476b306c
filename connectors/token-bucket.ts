/** A token bucket: at most so many requests in so much time, in the order they were asked for. */
import type { Clock } from './clock.ts'

export type Rate = { readonly requests: number; readonly perSeconds: number }

/** Waits until one more request is allowed. Starts full. */
export function createTokenBucket(rate: Rate, clock: Clock): (signal: AbortSignal) => Promise<void> {
  const perMs = rate.requests / (rate.perSeconds * 1000)
  let tokens = rate.requests
  let filledAt = clock.now().getTime()
  let queue: Promise<void> = Promise.resolve()

  function refill(): void {
    const now = clock.now().getTime()
    tokens = Math.min(rate.requests, tokens + Math.max(0, now - filledAt) * perMs)
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
