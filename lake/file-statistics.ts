/** What is remembered of a file's values: ranges of times and numbers, never of text. */
import type { Column } from './column.ts'
import type { FileStats } from './parquet-sink.ts'

/** Columns whose extremes may be kept: text could name a person. */
const TELLING = new Set(['BIGINT', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP'])

/** JSON { column: { min, max, nulls } }. */
export function statisticsText(stats: FileStats, columns: readonly Column[]): string {
  const kept = columns.flatMap(({ name, type }) => {
    const of = stats.columns[name]
    if (!of) return []
    return [[name, TELLING.has(type) ? of : { min: null, max: null, nulls: of.nulls }]]
  })
  return JSON.stringify(Object.fromEntries(kept))
}

/** First and last instant of the event time, as ISO 8601 in UTC with microseconds (so that texts compare as times); null without one. */
export function eventRange(stats: FileStats, columns: readonly Column[], eventTime: string | undefined) {
  const column = columns.find(({ name }) => name === eventTime)
  const of = column && stats.columns[column.name]
  if (!of || (column.type !== 'TIMESTAMP' && column.type !== 'DATE')) return { from: null, to: null }
  return { from: isoInstant(of.min), to: isoInstant(of.max) }
}

/** `2024-05-01 09:30:00.5` → `2024-05-01T09:30:00.500000Z`; null for what is no common date (infinity, before year 0). */
function isoInstant(text: string | null): string | null {
  const parts = text && /^(\d{4,6}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(?:\.(\d+))?)?$/.exec(text)
  return parts ? `${parts[1]}T${parts[2] ?? '00:00:00'}.${(parts[3] ?? '').padEnd(6, '0')}Z` : null
}
