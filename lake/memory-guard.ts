/** Holds a process to what its sessions may use: what DuckDB has freed, its allocator would keep for a while. */
import { setTimeout } from 'node:timers/promises'

/** Milliseconds between two looks at what the process holds. */
const OFTEN = 50

export type MemoryGuardOptions = {
  /** Millions of bytes that DuckDB may use for each work. */
  readonly memoryMb: number
  /** Bytes that the process holds. */
  readonly held?: () => number
}

type Begun = { readonly giveBack: () => Promise<unknown>; giving?: Promise<unknown> }

/**
 * Does work, and while the process holds more than all work under way may use, and what it held before any, `giveBack` is called again
 * and again, never beyond the end of its work. It may fail: then the work itself asks for more than there is, and tells so.
 */
export function createMemoryGuard({ memoryMb, held = () => process.memoryUsage.rss() }: MemoryGuardOptions) {
  const before = held()
  const underWay = new Set<Begun>()
  let watching: Promise<void> | undefined
  const watch = async () => {
    for (let [first] = underWay; first !== undefined; [first] = underWay) {
      if (held() > before + underWay.size * memoryMb * 1e6)
        await (first.giving = first.giveBack().catch(() => undefined))
      await setTimeout(OFTEN, undefined, { ref: false })
    }
    watching = undefined
  }
  return async <T>(giveBack: () => Promise<unknown>, work: () => Promise<T>): Promise<T> => {
    const begun: Begun = { giveBack }
    underWay.add(begun)
    watching ??= watch()
    try {
      return await work()
    } finally {
      underWay.delete(begun)
      await begun.giving
    }
  }
}
