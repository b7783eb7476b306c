/** Minimum-n suppression with the complementary cells that keep the small ones from being worked out by subtraction. */
import { notPositive } from '#statistics/argument-checks.ts'
import type { Refusal } from '#statistics/refusal.ts'
import { audit, type DisclosureAudit, type DisclosureRule, isSmall } from './audit.ts'
import { cheapestSuppression } from './cheapest.ts'
import { indexed } from './component.ts'
import { greedySuppression } from './greedy.ts'
import { notTable, type TableWithTotals } from './table.ts'

export type Suppression = {
  /** All hidden cells: the small ones and, marked so, those hidden to protect them. */
  readonly hidden: readonly { readonly id: string; readonly why: 'small' | 'complementary' }[]
  /** 'exact': no cheaper set of complementary cells is safe; 'heuristic': safe, but a cheaper set may exist. */
  readonly method: 'exact' | 'heuristic'
  /** Respondents behind the complementary cells: what the protection costs. */
  readonly cost: number
  readonly audit: DisclosureAudit
}

/** Tables with more cells go to the heuristic at once. */
const EXACT_CELLS = 60
/** Audits that the exact search may spend before it leaves the table to the heuristic. */
const EXACT_AUDITS = 3000

/**
 * Hides every cell with 1 … minimumN − 1 respondents, and as few respondents more as it takes that nobody can work them out from totals.
 * Cells with n 0 may be published: there is nothing behind them. The result is always audited and always safe.
 * Exact (least respondents hidden) for small tables, heuristic for others and where the exact search would take too long.
 * Refuses a table whose sums do not hold and minimumN or protection ≤ 0.
 * Source: Cox (1980), JASA 75, 377–385; Fischetti & Salazar (2001), Management Science 47, 1008–1027.
 * @example
 * const sums = [{ total: 'all', parts: ['a', 'b', 'c'] }]
 * const table = { cells: [{ id: 'a', n: 3 }, { id: 'b', n: 40 }, { id: 'c', n: 25 }, { id: 'all', n: 68 }], sums }
 * suppress({ table, minimumN: 10 }) // { hidden: [{ id: 'a', why: 'small' }, { id: 'c', why: 'complementary' }], method: 'exact', cost: 25 }
 */
export function suppress({
  table,
  minimumN,
  protection = minimumN,
}: { table: TableWithTotals } & DisclosureRule): Suppression | Refusal {
  const refused = notTable('suppress', table) ?? notPositive('suppress', { minimumN, protection })
  if (refused) return refused
  const rule = { minimumN, protection }
  const small = new Set(table.cells.filter(({ n }) => isSmall(n, minimumN)).map(({ id }) => id))
  const index = indexed(table)
  const heuristic = greedySuppression(index, small, rule)
  const exact =
    table.cells.length <= EXACT_CELLS
      ? cheapestSuppression({ table: index, small, rule, known: heuristic, audits: EXACT_AUDITS })
      : undefined
  const hidden = exact ?? heuristic
  const complementary = table.cells.filter(({ id }) => hidden.has(id) && !small.has(id))
  return {
    hidden: table.cells.flatMap(({ id }) =>
      hidden.has(id) ? [{ id, why: small.has(id) ? 'small' : 'complementary' } as const] : [],
    ),
    method: exact ? 'exact' : 'heuristic',
    cost: complementary.reduce((sum, { n }) => sum + n, 0),
    audit: audit(index, hidden, rule),
  }
}
