/** Dominance analysis: in which subsets of the others one driver beats another. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { refuseCorrelations, type Correlations } from './correlations.ts'
import { playersOf } from './lmg.ts'
import { bits, partialOut, shapley, subsetRSquared } from './subsets.ts'
import type { Refusal } from '#statistics/refusal.ts'

/** Gains closer than this count as equal. */
const tie = 1e-12

export type Dominance = {
  /** Row s: mean gain in R² of each driver on top of s others, s = 0 … p−1. */
  readonly conditional: MatrixRows
  /** Mean of the rows of `conditional`: equal to LMG. */
  readonly general: readonly number[]
  /** `completeOver[i][j]`: driver i gains at least what j gains on top of every subset of the others, and more somewhere. */
  readonly completeOver: readonly (readonly boolean[])[]
  /** The same for the means at every subset size. */
  readonly conditionalOver: readonly (readonly boolean[])[]
  readonly rSquared: number
}

/**
 * Conditional, complete and general dominance of drivers.
 *
 * Exact for up to 24 drivers (20 take well under a second). Gains are in units of R².
 * Refuses what is no correlation matrix, drivers that copy each other and more than 24 drivers.
 * Formula: gain(j | S) = R²(S∪j) − R²(S); i completely dominates j when R²(S∪i) ≥ R²(S∪j) for all S without both.
 * Source: Azen, Budescu, Psychol. Methods 8, 2003; Budescu 1993.
 *
 * @example
 * const azen = { drivers: [[1, .8, .1, .3], [.8, 1, .1, .1], [.1, .1, 1, .5], [.3, .1, .5, 1]], outcome: [.6, .3, .4, .5] }
 * dominance(azen).conditional[1] // [0.299765, 0.073805, 0.095017, 0.151886]
 * dominance(azen).completeOver[0] // [false, true, true, true]
 */
export function dominance(input: Correlations): Dominance | Refusal {
  const refusal = refuseCorrelations('dominance', input)
  if (refusal) return refusal
  const players = playersOf('dominance', input)
  if ('refused' in players) return players
  const p = players.length
  const table = subsetRSquared(
    partialOut(input, [], players.flat()).residuals,
    players.map(() => 1),
  )
  const conditional = meanGains(table, p)
  const compare = (beats: (i: number, j: number) => boolean): boolean[][] =>
    players.map((_, i) => players.map((_unused, j) => i !== j && beats(i, j)))
  return {
    conditional,
    completeOver: compare((i, j) => dominates(table, i, j)),
    conditionalOver: compare((i, j) =>
      beatsEverywhere(conditional.map((row) => (row[i] ?? 0) - (row[j] ?? 0))),
    ),
    rSquared: table.at(-1) ?? 0,
    general: shapley(table, p),
  }
}

function meanGains(table: Float64Array, p: number): number[][] {
  const sums = Array.from({ length: p }, () => new Float64Array(p))
  for (let mask = 0; mask < table.length; mask++) {
    const row = sums[bits(mask)]
    if (!row) continue
    for (let j = 0; j < p; j++)
      if (!(mask & (1 << j))) row[j] = (row[j] ?? 0) + (table[mask | (1 << j)] ?? 0) - (table[mask] ?? 0)
  }
  let subsets = 1
  return sums.map((row, size) => {
    if (size > 0) subsets = (subsets * (p - size)) / size
    return Array.from(row, (sum) => sum / subsets)
  })
}

function dominates(table: Float64Array, i: number, j: number): boolean {
  const both = (1 << i) | (1 << j)
  let ahead = false
  for (let mask = 0; mask < table.length; mask++) {
    if (mask & both) continue
    const lead = (table[mask | (1 << i)] ?? 0) - (table[mask | (1 << j)] ?? 0)
    if (lead < -tie) return false
    ahead ||= lead > tie
  }
  return ahead
}

function beatsEverywhere(leads: readonly number[]): boolean {
  return leads.every((lead) => lead >= -tie) && leads.some((lead) => lead > tie)
}
