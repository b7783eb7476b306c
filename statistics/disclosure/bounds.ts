/** What an attacker can work out about each hidden count: its least and largest value given every published cell and every sum. */
import { solve } from 'yalps'
import type { TableSum, TableWithTotals } from './table.ts'

export type CellBounds = { readonly low: number; readonly high: number }

/** One sum reduced to its hidden cells: Σ sign·x = right. */
type Equation = { readonly terms: readonly (readonly [id: string, sign: 1 | -1])[]; readonly right: number }

/** The hidden cells' counts, tied together by the sums; solves two linear programs per cell, component by component. */
export function hiddenBounds(
  table: TableWithTotals,
  hidden: ReadonlySet<string>,
): (id: string) => CellBounds {
  const counts = new Map(table.cells.map((cell) => [cell.id, cell.n]))
  const components = componentsOf(table.sums, hidden)
  const equations = new Map<readonly string[], Equation[]>()
  return (id) => {
    const component = components.get(id)
    if (!component) return { low: 0, high: Infinity }
    const system = equations.get(component) ?? equationsOf(table.sums, hidden, counts, new Set(component))
    equations.set(component, system)
    // Without an answer from the solver the cell counts as known, which is the safe side.
    return bound(id, component, system) ?? { low: counts.get(id) ?? 0, high: counts.get(id) ?? 0 }
  }
}

/** Hidden cells that a chain of sums ties to each other; cells in no sum are absent. */
export function componentsOf(
  sums: readonly TableSum[],
  hidden: ReadonlySet<string>,
): Map<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const { total, parts } of sums) {
    const inSum = [total, ...parts].filter((id) => hidden.has(id))
    const merged = [...new Set(inSum.flatMap((id) => groups.get(id) ?? [id]))]
    for (const id of merged) groups.set(id, merged)
  }
  return groups
}

function equationsOf(
  sums: readonly TableSum[],
  hidden: ReadonlySet<string>,
  counts: ReadonlyMap<string, number>,
  component: ReadonlySet<string>,
): Equation[] {
  const equations: Equation[] = []
  for (const { total, parts } of sums) {
    const signed = [[total, -1] as const, ...parts.map((id) => [id, 1] as const)]
    const terms = signed.filter(([id]) => hidden.has(id))
    if (!terms.some(([id]) => component.has(id))) continue
    const published = signed.filter(([id]) => !hidden.has(id))
    equations.push({
      terms,
      right: -published.reduce((so, [id, sign]) => so + sign * (counts.get(id) ?? 0), 0),
    })
  }
  return equations
}

function bound(
  id: string,
  component: readonly string[],
  equations: readonly Equation[],
): CellBounds | undefined {
  const variables = component.map((cell) => {
    const rows = equations.flatMap(({ terms }, e) =>
      terms.filter(([term]) => term === cell).map(([, sign]) => [`e${e}`, sign] as const),
    )
    return [cell, cell === id ? [...rows, ['aim', 1] as const] : rows] as const
  })
  const constraints = equations.map(({ right }, e) => [`e${e}`, { equal: right }] as const)
  const extreme = (direction: 'minimize' | 'maximize') => {
    const { status, result } = solve(
      { direction, objective: 'aim', constraints, variables },
      { checkCycles: true, maxPivots: 50_000 },
    )
    if (status === 'unbounded') return Infinity
    return status === 'optimal' ? result : undefined
  }
  const [low, high] = [extreme('minimize'), extreme('maximize')]
  if (low === undefined || high === undefined) return undefined
  // Counts are whole: the attacker rounds inwards.
  return {
    low: Math.max(0, Math.ceil(low - 1e-6)),
    high: high === Infinity ? Infinity : Math.floor(high + 1e-6),
  }
}
