/** Time as connectors see it: what it is, and how to let it pass; tests let it pass at once. */
import { setTimeout as after } from 'node:timers/promises'

export type Clock = {
  readonly now: () => Date
  /** Resolves after `ms`; rejects at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => after(ms, undefined, { signal }),
}
