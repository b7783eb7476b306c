/** What was turned away, for people to look at: counts and single records, without any of their content. */
import type { Control } from './control/open-control.ts'
import type { Rejected } from './commit-part.ts'

export type QuarantineCount = {
  readonly source: string
  readonly stream: string
  readonly reason: string
  /** Still to be mended. */
  readonly pending: number
  /** Landed after all. */
  readonly replayed: number
  readonly lastRejectedAt: string
}

export type QuarantinedRecord = Omit<Rejected, 'sealed'> & {
  readonly id: string
  readonly source: string
  readonly stream: string
  readonly status: 'pending' | 'replayed'
  readonly rejectedAt: string
}

export type QuarantineFilter = {
  readonly source?: string | undefined
  readonly stream?: string | undefined
  readonly reason?: string | undefined
  readonly status?: 'pending' | 'replayed' | undefined
  /** At most so many records, newest first; 20. */
  readonly limit?: number | undefined
}

/** Per source, stream and reason, most pending first. */
export async function quarantineCounts(control: Control): Promise<QuarantineCount[]> {
  return control.db
    .selectFrom('quarantine')
    .select(['source', 'stream', 'reason'])
    .select(({ fn, eb }) => [
      fn.sum<number>(eb.case().when('status', '=', 'pending').then(1).else(0).end()).as('pending'),
      fn.sum<number>(eb.case().when('status', '=', 'replayed').then(1).else(0).end()).as('replayed'),
      fn.max('rejected_at').as('lastRejectedAt'),
    ])
    .groupBy(['source', 'stream', 'reason'])
    .orderBy('pending', 'desc')
    .orderBy('source')
    .orderBy('stream')
    .orderBy('reason')
    .execute()
}

/** Single records: reason, position, issues by field path, and the kind of each value. */
export async function quarantinedRecords(
  control: Control,
  filter: QuarantineFilter,
): Promise<QuarantinedRecord[]> {
  let query = control.db.selectFrom('quarantine').selectAll()
  if (filter.source !== undefined) query = query.where('source', '=', filter.source)
  if (filter.stream !== undefined) query = query.where('stream', '=', filter.stream)
  if (filter.reason !== undefined) query = query.where('reason', '=', filter.reason)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  const rows = await query
    .orderBy('rejected_at', 'desc')
    .orderBy('id')
    .limit(filter.limit ?? 20)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    source: row.source,
    stream: row.stream,
    reason: row.reason,
    position: row.position,
    issues: JSON.parse(row.issues) as Rejected['issues'],
    shape: JSON.parse(row.shape) as Rejected['shape'],
    status: row.status,
    rejectedAt: row.rejected_at,
  }))
}
