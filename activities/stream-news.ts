/** What was landed of a stream since the served models read it: new files, and the days whose rows they change. */
import type { ControlDatabase } from '#lake/control/open-control.ts'
import { ledgerNamed, type StreamLedger, type StreamOfLedger } from '#lake/stream-ledger.ts'

export type StreamNews = {
  readonly stream: string
  readonly files: number
  /** In the new files. */
  readonly rows: number
  /** Days whose rows are others than before; empty text for those without a time. */
  readonly days: readonly string[]
  /** Those of them that are not after the last day that was known. */
  readonly late: readonly string[]
}

/** Undefined when nothing is new, or nobody has read the stream before. */
export async function streamNews(
  db: ControlDatabase,
  stream: StreamOfLedger,
  ids: { readonly before: string | undefined; readonly now: string },
): Promise<StreamNews | undefined> {
  if (ids.before === undefined || ids.before === ids.now) return undefined
  // What was read before may have been collected since.
  const before = await ledgerNamed(db, stream, ids.before).catch(() => undefined)
  if (before === undefined) return undefined
  const now = await ledgerNamed(db, stream, ids.now)
  const known = new Set(before.files.map(({ path }) => path))
  const fresh = now.files.filter(({ path }) => !known.has(path))
  if (fresh.length === 0) return undefined
  const days = daysChanged(before, now)
  const newest = before.days.at(-1)?.[0] ?? ''
  return {
    stream: `${stream.source}.${stream.stream}`,
    files: fresh.length,
    rows: fresh.reduce((sum, { rows }) => sum + rows, 0),
    days,
    late: days.filter((day) => day !== '' && day <= newest),
  }
}

function daysChanged(before: StreamLedger, now: StreamLedger): string[] {
  const contents = (ledger: StreamLedger) =>
    new Map(ledger.days.map(([day, rows, digits]) => [day, `${rows} ${digits}`]))
  const [old, fresh] = [contents(before), contents(now)]
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((day) => old.get(day) !== fresh.get(day))
    .toSorted()
}
