/** What an attacker can work out about hidden counts, given every published cell and every sum. */
import { type Component, componentOf, type IndexedTable } from './component.ts'
import { boundsByLinearProgram, type CellBounds } from './linear-program.ts'
import { type Network, networkOf, rangeInNetwork } from './network.ts'

type System = { readonly component: Component; readonly network: Network | undefined }

/** The system of equations around any hidden cell, set up once per component. */
function systems(table: IndexedTable, hidden: ReadonlySet<string>): (id: string) => System {
  const known = new Map<string, System>()
  return (id) => {
    const found = known.get(id)
    if (found) return found
    const component = componentOf(table, hidden, id)
    const system = { component, network: networkOf(component, table.counts) }
    for (const cell of component.cells) known.set(cell, system)
    return system
  }
}

/** Bounds of any hidden cell. */
export function hiddenBounds(table: IndexedTable, hidden: ReadonlySet<string>): (id: string) => CellBounds {
  const systemOf = systems(table, hidden)
  return (id) => {
    const { component, network } = systemOf(id)
    if (component.equations.length === 0) return { low: 0, high: Infinity }
    const n = table.counts.get(id) ?? 0
    // Without an answer from the solver the cell counts as known, which is the safe side.
    return (
      (network ? rangeInNetwork(network, id) : boundsByLinearProgram(component, id)) ?? { low: n, high: n }
    )
  }
}

/**
 * Finds the cells that make a hidden cell's range at least `width` wide (it stays so while they stay hidden), or nothing where it is narrower.
 * `hidden` must not change while the finder is in use.
 */
export function protectors(
  table: IndexedTable,
  hidden: ReadonlySet<string>,
  width: number,
): (id: string) => ReadonlySet<string> | undefined {
  const systemOf = systems(table, hidden)
  return (id) => {
    const { component, network } = systemOf(id)
    if (component.equations.length === 0) return new Set([id])
    if (network) {
      const range = rangeInNetwork(network, id, width)
      return range && range.high - range.low >= width ? range.used : undefined
    }
    const range = boundsByLinearProgram(component, id)
    return range && range.high - range.low >= width ? new Set(component.cells) : undefined
  }
}
