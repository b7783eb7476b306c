/** From a connector's page to rows that may reach disk: parsed by the stream's contract, stripped of personal values; what does not parse is sealed. */
import type { SourceEvent, Stream } from '#connectors/connector.ts'
import type { Rejected } from '#lake/commit-part.ts'
import type { Column } from '#lake/column.ts'
import { columnsOf } from '#lake/columns-of.ts'
import type { LandingPage } from '#lake/landing.ts'
import type { LandingStream } from '#lake/record-columns.ts'
import { hideContacts } from './hide-contacts.ts'
import type { Privacy } from './privacy.ts'
import { reject } from './reject.ts'

type Page = Extract<SourceEvent, { type: 'page' }>
type Deleted = Extract<SourceEvent, { type: 'deleted' }>
type Row = Record<string, unknown>

export type PageParser = {
  readonly page: (page: Page, number: number) => LandingPage
  readonly deleted: (event: Deleted) => LandingPage
  /** The row of one raw record, or why it has none. */
  readonly record: (
    raw: unknown,
    position: string,
  ) => { row: Row; unknown: readonly string[] } | { rejected: Rejected }
}

/** The stream as it lands: a hashed, tokenised or masked column is text, whatever its contract says. */
export function landingStream(source: string, stream: Stream): LandingStream {
  const columns = columnsOf(stream.record).map((column): Column => {
    const policy = stream.privacy[column.name]?.policy
    const becomesText = policy === 'hash' || policy === 'tokenize' || policy === 'mask'
    return becomesText && column.type !== 'JSON' ? { name: column.name, type: 'VARCHAR' } : column
  })
  const { primaryKey, cursorField, eventTime } = stream
  return { source, stream: stream.name, columns, primaryKey, cursorField, eventTime }
}

export function createPageParser(source: string, stream: Stream, privacy: Privacy): PageParser {
  const rules = stream.privacy
  const known = new Set(Object.keys(stream.record.shape))
  const sealed = (raw: unknown) => privacy.seal(JSON.stringify(raw), sealContext(source, stream.name))

  const record: PageParser['record'] = (raw, position) => {
    const parsed = stream.record.safeParse(raw)
    if (!parsed.success) return { rejected: reject(raw, position, parsed.error.issues, sealed(raw)) }
    const unknown = unknownKeys(raw as Row, known)
    const row = privacy.apply(parsed.data, rules)
    if (unknown.length > 0) row['_extra'] = extra(raw as Row, unknown)
    return { row, unknown }
  }
  const extra = (raw: Row, names: readonly string[]) =>
    hideContacts(privacy.apply(Object.fromEntries(names.map((name) => [name, raw[name]])), rules))

  return {
    record,
    page: ({ records, unreadable = [], positionOf, checkpoint }, number) => {
      const rows: Row[] = []
      const rejected: Rejected[] = unreadable.map(({ raw, reason, position }) =>
        reject(raw, position, [{ path: [], code: 'unreadable', message: reason }], sealed(raw)),
      )
      const unknownFields = new Set<string>()
      for (const [index, raw] of records.entries()) {
        const outcome = record(raw, positionOf?.(index) ?? `record ${index + 1} of page ${number}`)
        if ('rejected' in outcome) rejected.push(outcome.rejected)
        else {
          rows.push(outcome.row)
          for (const name of outcome.unknown) unknownFields.add(name)
        }
      }
      return { rows, rejected, unknownFields: [...unknownFields], checkpoint: JSON.stringify(checkpoint) }
    },
    deleted: ({ keys, checkpoint }) => ({
      rows: keys.map((key) => ({ ...privacy.apply(key, rules), _deleted: true })),
      checkpoint: JSON.stringify(checkpoint),
    }),
  }
}

const NONE: readonly string[] = []

function unknownKeys(raw: Row, known: ReadonlySet<string>): readonly string[] {
  for (const key in raw) if (!known.has(key)) return Object.keys(raw).filter((name) => !known.has(name))
  return NONE
}

/** What sealed records are bound to, so that one cannot pass for another stream's. */
export function sealContext(source: string, stream: string): string {
  return `${source}/${stream}`
}
