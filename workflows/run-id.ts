/** The ids of runs: what is running can be read from them, and one open run per id is the lock. */
import type { LandInput, StreamRef } from '#activities/index.ts'

export const refreshId = 'refresh'
export const buildId = 'build'

/** `sync:typeform:responses`, or `sync:typeform:responses:2026-01-01_2026-02-01` when a window is read again. */
export function syncId({ source, stream }: StreamRef, slice: LandInput['slice'] = {}): string {
  const again = slice.from || slice.to ? `:${slice.from ?? ''}_${slice.to ?? ''}` : ''
  return `sync:${source}:${stream}${again}`
}
