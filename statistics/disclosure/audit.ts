/** The auditor: whether the cells hidden in a table stay hidden from somebody who can add and subtract. */
import { notPositive } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { hiddenBounds } from './bounds.ts'
import { indexed, type IndexedTable } from './component.ts'
import { notTable, type TableWithTotals } from './table.ts'

export type AuditedCell = {
  readonly id: string
  /** The true count; for the auditor's eyes only. */
  readonly n: number
  /** What an attacker can work out: low ≤ n ≤ high. `high` is null where there is no upper limit. */
  readonly low: number
  readonly high: number | null
  /** Below the minimum, so that it must not be worked out. */
  readonly small: boolean
  /** Not small, or its range is at least as wide as the protection. */
  readonly safe: boolean
}

export type DisclosureAudit = {
  readonly safe: boolean
  /** Every hidden cell. */
  readonly cells: readonly AuditedCell[]
  /** Small cells that are published. */
  readonly exposed: readonly string[]
}

export type DisclosureRule = {
  /** Cells with 1 … minimumN − 1 respondents are small. */
  readonly minimumN: number
  /** Least width of the range an attacker may work out for a small cell; default minimumN. */
  readonly protection?: number
}

/**
 * Bounds every hidden cell of a table by linear programming (as a network flow where each cell lies in at most two sums), given the published cells, all sums and counts ≥ 0.
 * Safe when no small cell is published and every small cell's range is at least `protection` wide.
 * Refuses a table whose sums do not hold, hidden ids it does not have, and minimumN or protection ≤ 0.
 * In tables of three and more dimensions the ranges are those of the linear relaxation and may be slightly wide.
 * Source: Fischetti & Salazar (2001), Management Science 47, 1008–1027 (attacker's problems); solver yalps.
 * @example
 * const table = { cells: [{ id: 'a', n: 3 }, { id: 'b', n: 40 }, { id: 'all', n: 43 }], sums: [{ total: 'all', parts: ['a', 'b'] }] }
 * auditDisclosure({ table, hidden: ['a'], minimumN: 10 }) // { safe: false, cells: [{ id: 'a', low: 3, high: 3 }] }
 * auditDisclosure({ table, hidden: ['a', 'b'], minimumN: 10 }) // { safe: true, cells: [{ low: 0, high: 43 }, { low: 0, high: 43 }] }
 */
export function auditDisclosure({
  table,
  hidden,
  minimumN,
  protection = minimumN,
}: { table: TableWithTotals; hidden: readonly string[] } & DisclosureRule): DisclosureAudit | Refusal {
  const refused =
    notTable('auditDisclosure', table) ?? notPositive('auditDisclosure', { minimumN, protection })
  if (refused) return refused
  const known = new Set(table.cells.map((cell) => cell.id))
  const stray = hidden.find((id) => !known.has(id))
  if (stray !== undefined)
    return refuse('mismatch', `[auditDisclosure] hidden cell ${stray} is not in the table; check its id.`)
  return audit(indexed(table), new Set(hidden), { minimumN, protection })
}

export function isSmall(n: number, minimumN: number): boolean {
  return n > 0 && n < minimumN
}

/** The audit of a table that has been checked. */
export function audit(
  table: IndexedTable,
  hidden: ReadonlySet<string>,
  { minimumN, protection }: Required<DisclosureRule>,
): DisclosureAudit {
  const boundsOf = hiddenBounds(table, hidden)
  const cells = table.cells
    .filter(({ id }) => hidden.has(id))
    .map(({ id, n }): AuditedCell => {
      const { low, high } = boundsOf(id)
      const small = isSmall(n, minimumN)
      return {
        id,
        n,
        low,
        high: high === Infinity ? null : high,
        small,
        safe: !small || high - low >= protection,
      }
    })
  const exposed = table.cells
    .filter(({ id, n }) => !hidden.has(id) && isSmall(n, minimumN))
    .map(({ id }) => id)
  return { safe: exposed.length === 0 && cells.every((cell) => cell.safe), cells, exposed }
}
