/** Bounds of a hidden cell in any table, by two linear programs. */
import { solve } from 'yalps'
import type { Component } from './component.ts'

export type CellBounds = {
  readonly low: number
  /** Infinity where nothing limits it. */
  readonly high: number
}

/** Least and largest count of a hidden cell that agrees with the equations; nothing when the solver gives up. */
export function boundsByLinearProgram({ cells, equations }: Component, id: string): CellBounds | undefined {
  const rows = new Map<string, [string, number][]>(
    cells.map((cell) => [cell, cell === id ? [['aim', 1]] : []]),
  )
  for (const [e, { terms }] of equations.entries())
    for (const [cell, sign] of terms) rows.get(cell)?.push([`e${e}`, sign])
  const constraints = equations.map(({ right }, e) => [`e${e}`, { equal: right }] as const)
  const extreme = (direction: 'minimize' | 'maximize') => {
    const model = { direction, objective: 'aim', constraints, variables: rows }
    const { status, result } = solve(model, { checkCycles: true, maxPivots: 50_000 })
    if (status === 'unbounded') return Infinity
    return status === 'optimal' ? result : undefined
  }
  const [low, high] = [extreme('minimize'), extreme('maximize')]
  if (low === undefined || high === undefined) return undefined
  // Counts are whole, so the attacker rounds inwards.
  return { low: Math.max(0, Math.ceil(low - 1e-6)), high: high === Infinity ? high : Math.floor(high + 1e-6) }
}
