/** Which published cells could help a hidden one: those that share a sum with anything tied to it. */
import { componentOf, type IndexedTable } from './component.ts'
import type { TableCell } from './table.ts'

/**
 * Cells with respondents, not hidden, in a sum that touches the hidden component of `unsafe`.
 * Hiding cells elsewhere leaves the component's equations as they are, so every safe set contains one of these.
 */
export function candidatesFor(table: IndexedTable, hidden: ReadonlySet<string>, unsafe: string): TableCell[] {
  const near = new Set<string>()
  for (const cell of componentOf(table, hidden, unsafe).cells)
    for (const r of table.relationsOf.get(cell) ?? [])
      for (const [id] of table.relations[r] ?? []) near.add(id)
  return [...near].flatMap((id) => {
    const n = table.counts.get(id) ?? 0
    return hidden.has(id) || n === 0 ? [] : [{ id, n }]
  })
}
