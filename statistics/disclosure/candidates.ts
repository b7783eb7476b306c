/** Which published cells could help a hidden one: those that share a sum with anything tied to it. */
import { componentsOf } from './bounds.ts'
import type { TableCell, TableWithTotals } from './table.ts'

/**
 * Cells with respondents, not hidden, in a sum that touches the hidden component of `unsafe`.
 * Hiding cells elsewhere leaves the component's equations as they are, so every safe set contains one of these.
 */
export function candidatesFor(
  table: TableWithTotals,
  hidden: ReadonlySet<string>,
  unsafe: string,
): TableCell[] {
  const component = new Set(componentsOf(table.sums, hidden).get(unsafe) ?? [unsafe])
  const near = new Set<string>()
  for (const { total, parts } of table.sums) {
    const ids = [total, ...parts]
    if (ids.some((id) => component.has(id))) for (const id of ids) near.add(id)
  }
  return table.cells.filter(({ id, n }) => near.has(id) && !hidden.has(id) && n > 0)
}
