/** The heuristic: hide the cheapest helpful cell until every small cell is protected, then publish again whatever was not needed. */
import type { DisclosureRule } from './audit.ts'
import { protectors } from './bounds.ts'
import { candidatesFor } from './candidates.ts'
import type { IndexedTable } from './component.ts'
import type { TableCell } from './table.ts'

export function greedySuppression(
  table: IndexedTable,
  small: ReadonlySet<string>,
  { protection }: Required<DisclosureRule>,
): ReadonlySet<string> {
  const hidden = new Set(small)
  bySums(table, hidden, protection)
  const protectedBy = new Map<string, ReadonlySet<string>>()
  // Hiding more never narrows a range, so one pass over the small cells is enough.
  let protectorsOf = protectors(table, hidden, protection)
  for (const id of small) {
    for (;;) {
      const found = protectorsOf(id)
      if (found) protectedBy.set(id, found)
      if (found || !hideHelpers(table, hidden, id)) break
      protectorsOf = protectors(table, hidden, protection)
    }
  }
  return reduced(table, { hidden, small, protection, protectedBy })
}

/** Hides the cheapest candidate; where there is none, everything tied to the cell is hidden or 0, and the zeros are hidden too. */
function hideHelpers(table: IndexedTable, hidden: Set<string>, unsafe: string): boolean {
  const cheapest = least(candidatesFor(table, hidden, unsafe))
  const zeros = cheapest ? [] : table.cells.filter(({ id, n }) => n === 0 && !hidden.has(id))
  for (const { id } of cheapest ? [cheapest] : zeros) hidden.add(id)
  return cheapest !== undefined || zeros.length > 0
}

/** Quick first pass: no sum may have a lone hidden cell, nor hidden cells that amount to less than the protection. */
function bySums(table: IndexedTable, hidden: Set<string>, protection: number): void {
  const countOf = (id: string) => table.counts.get(id) ?? 0
  for (let changed = true; changed;) {
    changed = false
    for (const relation of table.relations) {
      const inside = relation.map(([id]) => id).filter((id) => hidden.has(id))
      const amount = inside.reduce((so, id) => so + countOf(id), 0)
      if (inside.length === 0 || (inside.length > 1 && amount >= protection)) continue
      const open = relation
        .map(([id]) => ({ id, n: countOf(id) }))
        .filter(({ id, n }) => !hidden.has(id) && n > 0)
      const helper = least(open)
      if (helper) hidden.add(helper.id)
      changed ||= helper !== undefined
    }
  }
}

type Protected = {
  readonly hidden: ReadonlySet<string>
  readonly small: ReadonlySet<string>
  readonly protection: number
  readonly protectedBy: Map<string, ReadonlySet<string>>
}

/** Publishes complementary cells again, the costliest first, where every small cell that leant on them finds other protectors. */
function reduced(
  table: IndexedTable,
  { hidden, small, protection, protectedBy }: Protected,
): ReadonlySet<string> {
  const kept = new Set(hidden)
  const costliest = table.cells.filter(({ id }) => hidden.has(id) && !small.has(id)).sort((a, b) => b.n - a.n)
  for (const { id } of costliest) {
    kept.delete(id)
    const leaning = [...protectedBy].filter(([, by]) => by.has(id)).map(([cell]) => cell)
    const found = new Map<string, ReadonlySet<string>>()
    const protectorsOf = protectors(table, kept, protection)
    for (const cell of leaning) {
      const others = protectorsOf(cell)
      if (!others) break
      found.set(cell, others)
    }
    if (found.size < leaning.length) kept.add(id)
    else for (const [cell, others] of found) protectedBy.set(cell, others)
  }
  return kept
}

function least(cells: readonly TableCell[]): TableCell | undefined {
  return cells.reduce<TableCell | undefined>(
    (best, cell) => (!best || cell.n < best.n ? cell : best),
    undefined,
  )
}
