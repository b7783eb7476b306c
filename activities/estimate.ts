/** How many rows and bytes a partition will probably have: what it had, or its share of what is read. */
import { bytesOf, keyOf } from '#lake/partition.ts'
import type { Model } from '#models/define-model.ts'
import { readingsOf } from '#models/partition.ts'
import { isInside } from './foreseen-table.ts'
import type { InputTable } from './input-table.ts'
import { type Before, bucketKeyOf } from './plan-model.ts'
import { contentRead } from './reading.ts'

export type Estimate = { readonly rows: number; readonly bytes: number }

/** Bytes of a row when nothing of the kind was ever built. */
const BYTES_PER_ROW = 40

export type Estimating = {
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly before: Before | undefined
}

export function estimateOf({ model, inputs, before }: Estimating, text: string): Estimate {
  const key = keyOf(text)
  const old = (before?.partitions ?? []).filter((each) => each.key === text || isInside(key, each))
  const had = old.reduce((sum, each) => ({ rows: sum.rows + each.rows, bytes: sum.bytes + bytesOf(each) }), {
    rows: 0,
    bytes: 0,
  })
  if (key.is === 'grown') return gainOf({ model, inputs, before })
  const read = rowsRead({ model, inputs, before }, text)
  if (old.length > 0 && (had.rows > 0 || read === 0)) return had
  const { rows, bytes } = before?.build ?? { rows: 0, bytes: 0 }
  const all = (before?.partitions ?? []).reduce(
    (sum, each) => sum + rowsRead({ model, inputs, before }, each.key),
    0,
  )
  const perRow = all > 0 && rows > 0 ? rows / all : 1
  const wide = rows > 0 ? bytes / rows : BYTES_PER_ROW
  return { rows: Math.round(read * perRow), bytes: Math.round(read * perRow * wide) }
}

/** What a table built whole gains, as its inputs did. */
function gainOf({ inputs, before }: Estimating): Estimate {
  const last = before?.partitions.at(-1)
  const { rows: built, bytes } = before?.build ?? { rows: 0, bytes: 0 }
  if (last === undefined || built === 0) return { rows: 0, bytes: 0 }
  const had = (table: string) => Number((last.madeOf.inputs[table] ?? '0').split('-')[0])
  const sum = (of: (input: InputTable) => number) =>
    [...inputs.values()].reduce((all, each) => all + of(each), 0)
  const gained = sum(({ table, timeline }) => Math.max(0, timeline.total.rows - had(table)))
  const rows = Math.round(
    (gained /
      Math.max(
        1,
        sum(({ table }) => had(table)),
      )) *
      built,
  )
  return { rows, bytes: Math.round((rows / built) * bytes) }
}

/** Rows of the partition's own place in its inputs; of the largest input when it reads none by place. */
function rowsRead({ model, inputs }: Estimating, text: string): number {
  const key = keyOf(text)
  const placed = [...inputs.values()].filter(({ table }) =>
    readingsOf(model, table).some(({ read }) => read === 'same'),
  )
  const rows = (placed.length > 0 ? placed : [...inputs.values()]).map((input) =>
    placed.length > 0 ? rowsIn(input, { model, key }) : input.timeline.total.rows,
  )
  return placed.length > 0 ? rows.reduce((sum, each) => sum + each, 0) : Math.max(0, ...rows)
}

function rowsIn(
  input: InputTable,
  { model, key }: { readonly model: Model; readonly key: ReturnType<typeof keyOf> },
): number {
  const place = { key, bucketKey: bucketKeyOf(model), lookups: [] }
  return Number(contentRead(input, [{ read: 'same' }], place).split('-')[0])
}

export function sumOf(estimates: readonly Estimate[]): Estimate {
  return estimates.reduce((sum, each) => ({ rows: sum.rows + each.rows, bytes: sum.bytes + each.bytes }), {
    rows: 0,
    bytes: 0,
  })
}
