/** The emitter of OpenLineage events that the settings ask for. */
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { lineageDestination } from '#lake/open-lineage/destination.ts'
import { createLineageEmitter, type LineageEmitter } from '#lake/open-lineage/emitter.ts'
import type { Settings } from './settings.ts'

/** Undefined when nobody wants to be told. */
export function lineageEmitter({
  settings: { openLineage },
  project,
  lake,
  redact,
  say,
}: {
  readonly settings: Pick<Settings, 'openLineage'>
  readonly project: string
  /** A folder, or an `s3://` address. */
  readonly lake: string
  readonly redact: (text: string) => string
  readonly say: (line: string) => void
}): LineageEmitter | undefined {
  if (openLineage === undefined) return undefined
  const now = () => new Date()
  return createLineageEmitter({
    project,
    lake: lake.includes('://') ? lake : pathToFileURL(lake).href,
    send: lineageDestination(openLineage, { warn: say, now }),
    redact,
    now,
    newId: randomUUID,
  })
}
