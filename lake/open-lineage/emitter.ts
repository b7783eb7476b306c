/** Tells an OpenLineage collector what is built: one emitter per process, called when a run starts and when it ends. */
import { hash } from 'node:crypto'
import type { LineageOutput, LineageRun } from './lineage-run.ts'
import { type Place, type RunEvent, runEvent } from './run-event.ts'

/**
 * `started` answers the run's id, to be given to `completed` or `failed`. None of the three ever throws: a collector that is down
 * must not fail a build. A retried attempt tells the same again under the same id.
 */
export type LineageEmitter = {
  /** Without an id, a new one. */
  readonly started: (run: Omit<LineageRun, 'id'> & { readonly id?: string }) => Promise<string>
  /** A model's run says what it wrote; the build of a project writes nothing itself. */
  readonly completed: (run: LineageRun, output?: LineageOutput) => Promise<void>
  /** Only the error's message is told, redacted and cut to a thousand characters. */
  readonly failed: (run: LineageRun, error: unknown) => Promise<void>
}

export type LineageEmitterOptions = {
  /** The project's name. */
  readonly project: string
  /** URL of the lake's root; credentials and parameters in it are left out. */
  readonly lake: string
  /** Where events go; its failures are its own. */
  readonly send: (event: RunEvent) => Promise<void>
  /** Takes secrets and customers' data out of a message. */
  readonly redact: (message: string) => string
  readonly now: () => Date
  /** UUIDs. */
  readonly newId: () => string
}

export function createLineageEmitter(options: LineageEmitterOptions): LineageEmitter {
  const { send, redact, now, newId } = options
  const place: Place = { namespace: `saydo://${options.project}`, lake: withoutCredentials(options.lake) }
  return {
    async started(run) {
      const id = run.id ?? newId()
      await send(runEvent(place, { ...run, id }, { eventType: 'START', at: now() }))
      return id
    },
    completed: (run, output) => send(runEvent(place, run, { eventType: 'COMPLETE', at: now(), output })),
    failed(run, error) {
      const message = redact(error instanceof Error ? error.message : String(error)).slice(0, 1000)
      return send(runEvent(place, run, { eventType: 'FAIL', at: now(), error: message }))
    },
  }
}

/** Tells nobody. */
export const silentLineage: LineageEmitter = {
  started: (run) => Promise.resolve(run.id ?? ''),
  completed: () => Promise.resolve(),
  failed: () => Promise.resolve(),
}

/** The id of a model's run within a build: any process and any attempt makes the same (a UUID of version 8, from a hash). */
export function modelRunId(build: string, model: string): string {
  const digits = hash('sha256', JSON.stringify([build, model]))
  const variant = ((parseInt(digits.slice(16, 17), 16) & 3) | 8).toString(16)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}

function withoutCredentials(text: string): string {
  const url = new URL(text)
  Object.assign(url, { username: '', password: '', search: '', hash: '' })
  return url.href
}
