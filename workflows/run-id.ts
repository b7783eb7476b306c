/** The ids of runs: what is running can be read from them, and one open run per id is the lock. */
import type { LandInput, StreamRef } from '#activities/index.ts'

export const refreshId = 'refresh'
export const buildId = 'build'

/** `build`, or `build:dev` where the environment is not the usual one. */
export function buildIdOf(environment = 'production'): string {
  return of(buildId, environment)
}

export function refreshIdOf(environment = 'production'): string {
  return of(refreshId, environment)
}

function of(run: string, environment: string): string {
  return environment === 'production' ? run : `${run}:${environment}`
}

/** `backfill:2024-01-01_2025-01-01` */
export function backfillId({ from, to }: { readonly from: string; readonly to: string }): string {
  return `backfill:${from}_${to}`
}

/** `sync:typeform:responses`, or `sync:typeform:responses:2026-01-01_2026-02-01` when a window is read again. */
export function syncId({ source, stream }: StreamRef, slice: LandInput['slice'] = {}): string {
  const again = slice.from || slice.to ? `:${slice.from ?? ''}_${slice.to ?? ''}` : ''
  return `sync:${source}:${stream}${again}`
}
