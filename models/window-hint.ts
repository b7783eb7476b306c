/** Why a row may refer to nothing although it is there: the model saw only a window of the input. */
import { type Audit, auditReads } from './audit.ts'
import type { Model } from './define-model.ts'
import { readingsOf } from './partition.ts'

/** ` order is read from -30 to 0 days around a partition; widen its window`, or nothing. */
export function windowHint(model: Model, audit: Audit): string {
  const narrow = auditReads(audit)
    .filter((table) => table !== model.name && model.reads.includes(table))
    .flatMap((table) => {
      const readings = readingsOf(model, table)
      if (readings.some(({ read }) => read === 'all' || read === 'lookup')) return []
      return readings.map((reading) =>
        reading.read === 'window'
          ? `its window on ${table} reaches from ${reading.from ?? '−∞'} to ${reading.to ?? '∞'} days; widen it`
          : `it sees of ${table} only its own span; read it by window, lookup or all`,
      )
    })
  return narrow.length > 0 ? `; where the other row exists, ${narrow.join(', ')}` : ''
}
