/** Whether columns as they were landed can be read as a contract says now, without a value losing its meaning. */
import type { Column, ColumnType } from './column.ts'
import { decimalOf } from './cell.ts'

export type Narrowed = { readonly column: string; readonly landed: ColumnType; readonly wanted: ColumnType }

/** Columns whose landed type does not widen to the wanted one. Missing columns are fine: they read as null. */
export function narrowed(landed: readonly Column[], wanted: readonly Column[]): Narrowed[] {
  return wanted.flatMap(({ name, type, formerly = [] }) =>
    [name, ...formerly].flatMap((each): Narrowed[] => {
      const before = landed.find((column) => column.name === each)?.type
      if (before === undefined || widens(before, type)) return []
      return [{ column: name, landed: before, wanted: type }]
    }),
  )
}

/** Every value of the first type is a value of the second; texts are converted one by one, and one that is none is refused then. */
export function widens(from: ColumnType, to: ColumnType): boolean {
  if (from === to || to === 'VARCHAR' || from === 'VARCHAR' || from === 'JSON') return true
  if (to === 'JSON') return true
  if (from === 'BIGINT') return to === 'DOUBLE' || wholeDigits(to) >= 19
  if (from === 'DATE') return to === 'TIMESTAMP'
  const [before, after] = [decimalOf(from), decimalOf(to)]
  if (before && after) return after[1] >= before[1] && wholeDigits(to) >= wholeDigits(from)
  return before !== null && to === 'DOUBLE'
}

function wholeDigits(type: ColumnType): number {
  const [precision = 0, scale = 0] = decimalOf(type) ?? []
  return precision - scale
}
