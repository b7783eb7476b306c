/** The heuristic: hide the cheapest helpful cell until the audit passes, then publish again whatever was not needed. */
import { type DisclosureRule, firstUnsafe } from './audit.ts'
import { candidatesFor } from './candidates.ts'
import type { TableCell, TableWithTotals } from './table.ts'

export function greedySuppression(
  table: TableWithTotals,
  small: ReadonlySet<string>,
  rule: Required<DisclosureRule>,
): ReadonlySet<string> {
  const hidden = new Set(small)
  bySums(table, hidden, rule)
  for (;;) {
    const unsafe = firstUnsafe(table, hidden, rule)
    if (unsafe === undefined) break
    const cheapest = least(candidatesFor(table, hidden, unsafe))
    // Without a candidate everything tied to the cell is hidden or 0: then zeros are hidden too.
    const helpers = cheapest ? [cheapest.id] : zerosNear(table, hidden)
    if (helpers.length === 0) break
    for (const id of helpers) hidden.add(id)
  }
  return reduced({ table, small, rule, hidden })
}

/** Quick first pass without linear programs: no sum may have a lone hidden cell, nor hidden parts that amount to less than the protection. */
function bySums(table: TableWithTotals, hidden: Set<string>, { protection }: Required<DisclosureRule>): void {
  const counts = new Map(table.cells.map((cell) => [cell.id, cell]))
  for (let changed = true; changed;) {
    changed = false
    for (const { total, parts } of table.sums) {
      const inSum = [total, ...parts]
      const hiddenHere = inSum.filter((id) => hidden.has(id))
      const amount = hiddenHere.reduce((so, id) => so + (counts.get(id)?.n ?? 0), 0)
      if (hiddenHere.length === 0 || (hiddenHere.length > 1 && amount >= protection)) continue
      const helper = least(
        inSum.flatMap((id) => counts.get(id) ?? []).filter(({ id, n }) => !hidden.has(id) && n > 0),
      )
      if (!helper) continue
      hidden.add(helper.id)
      changed = true
    }
  }
}

function zerosNear(table: TableWithTotals, hidden: ReadonlySet<string>): string[] {
  return table.cells.filter(({ id, n }) => n === 0 && !hidden.has(id)).map(({ id }) => id)
}

/** Publishes complementary cells again, the costliest first, where the audit still passes. */
function reduced({
  table,
  small,
  rule,
  hidden,
}: {
  table: TableWithTotals
  small: ReadonlySet<string>
  rule: Required<DisclosureRule>
  hidden: ReadonlySet<string>
}): ReadonlySet<string> {
  const kept = new Set(hidden)
  const costliest = table.cells.filter(({ id }) => hidden.has(id) && !small.has(id)).sort((a, b) => b.n - a.n)
  for (const { id } of costliest) {
    kept.delete(id)
    if (firstUnsafe(table, kept, rule) !== undefined) kept.add(id)
  }
  return kept
}

function least(cells: readonly TableCell[]): TableCell | undefined {
  return cells.reduce<TableCell | undefined>(
    (best, cell) => (!best || cell.n < best.n ? cell : best),
    undefined,
  )
}
