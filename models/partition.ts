/** How a model is cut into partitions, and what one partition reads of each input. */
import type { Compilable } from 'kysely'
import type { CompiledQuery } from '#lake/engine.ts'
import { tablesRead } from './tables-read.ts'

export type PartitionRule =
  | { readonly by: 'none' }
  /** Half-open spans of the column's days; with `month`, only whole months. */
  | { readonly by: 'time'; readonly column: string; readonly unit: 'day' | 'month' }
  | { readonly by: 'bucket'; readonly key: string; readonly of: number }

/** One table, built whole. */
export const none: PartitionRule = { by: 'none' }

/** Spans of days (UTC) of a timestamp or date column. `month` for models whose rows are themselves per month. */
export function time(
  column: string,
  { unit = 'day' }: { readonly unit?: 'day' | 'month' } = {},
): PartitionRule {
  return { by: 'time', column, unit }
}

/** `of` parts by the hash of a column. */
export function bucket(key: string, of: number): PartitionRule {
  if (!Number.isInteger(of) || of < 1 || of > 4096)
    throw new Error(`[models] bucket(${key}, ${of}): expected a whole number of buckets from 1 to 4096.`)
  return { by: 'bucket', key, of }
}

/** What one partition sees of an input. Several readings of one input are seen together. */
export type Reading =
  /** The rows of the same span, or of the same bucket. */
  | { readonly read: 'same' }
  /** Rows from so many days before the partition's first to so many after its last; null is unbounded. */
  | { readonly read: 'window'; readonly from: number | null; readonly to: number | null }
  /** The rows whose key is among those a query over other inputs of the partition gives. */
  | {
      readonly read: 'lookup'
      readonly key: string
      /** One column; absent: the same-named column of every input read by time or bucket. */
      readonly keys?: CompiledQuery
      /** The inputs that query reads. */
      readonly among?: readonly string[]
    }
  | { readonly read: 'all' }

export function same(): Reading {
  return { read: 'same' }
}

/** `window(-30, 0)`: from 30 days before the partition's first day to its last day. */
export function window(from: number | null, to: number | null): Reading {
  const whole = (days: number | null) => days === null || Number.isInteger(days)
  if (!whole(from) || !whole(to) || (from ?? -1) > 0 || (to ?? 1) < 0)
    throw new Error(
      `[models] window(${from}, ${to}): expected whole days, the first not after the partition (≤ 0) and the last not before it (≥ 0), or null.`,
    )
  return { read: 'window', from, to }
}

/** `lookup('submission_id', db.selectFrom('answer').select('submission_id'))`: the rows for these keys and no others. */
export function lookup(key: string, keys?: Compilable): Reading {
  if (keys === undefined) return { read: 'lookup', key }
  const { sql, parameters, query } = keys.compile()
  return { read: 'lookup', key, keys: { sql, parameters }, among: tablesRead(query) }
}

export function all(): Reading {
  return { read: 'all' }
}

/** Readings by input, as a model declares them; an input that is not named is read whole. */
export type Readings = Readonly<Record<string, readonly Reading[]>>

const whole: readonly Reading[] = [all()]

export function readingsOf({ inputs }: { readonly inputs: Readings }, table: string): readonly Reading[] {
  return inputs[table] ?? whole
}
