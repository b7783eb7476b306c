/** Caps on weights: no respondent speaks for too many. */
import type { RakingCell } from './margins.ts'

/** Median weight of a respondent over cells. */
export function medianWeight(cells: readonly RakingCell[], totals: readonly number[]): number {
  const units = cells.flatMap((cell, i) =>
    cell.n > 0 ? [{ weight: (totals[i] ?? 0) / cell.n, n: cell.n }] : [],
  )
  units.sort((a, b) => a.weight - b.weight)
  const half = units.reduce((sum, unit) => sum + unit.n, 0) / 2
  let seen = 0
  for (const [i, { weight, n }] of units.entries()) {
    seen += n
    if (seen === half) return (weight + (units[i + 1]?.weight ?? weight)) / 2
    if (seen > half) return weight
  }
  return 0
}

/** Lowers totals whose respondents weigh more than the limit, in place. */
export function cappedAt(limit: number, cells: readonly RakingCell[], totals: number[]): void {
  for (const [i, cell] of cells.entries()) totals[i] = Math.min(totals[i] ?? 0, limit * cell.n)
}
