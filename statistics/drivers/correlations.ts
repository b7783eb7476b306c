/** What every driver method reads: the correlations of the drivers among themselves and with the outcome. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type Correlations = {
  /** p×p correlations of the drivers among themselves, ones on the diagonal. */
  readonly drivers: MatrixRows
  /** p correlations, one of each driver with the outcome. */
  readonly outcome: readonly number[]
}

/** A driver whose variance the others leave unexplained by less than this share counts as their copy. */
export const smallestTolerance = 1e-8
const rounding = 1e-6

/** The reason why these are no correlations of p drivers and an outcome, or nothing. */
export function refuseCorrelations(where: string, { drivers, outcome }: Correlations): Refusal | undefined {
  const p = outcome.length
  if (p === 0) return refuse('too-few', `[${where}] there is no driver; give at least one.`)
  if (drivers.length !== p || drivers.some((row) => row.length !== p))
    return refuse(
      'mismatch',
      `[${where}] ${p} outcome correlations need a ${p}×${p} matrix of drivers, got ${drivers.length} rows.`,
    )
  if (!drivers.flat().concat(outcome).every(Number.isFinite))
    return refuse('not-finite', `[${where}] a correlation is NaN or infinite; a constant driver has none.`)
  const fault = faultyEntry(drivers) ?? outcome.find((r) => Math.abs(r) > 1 + rounding)
  if (fault !== undefined)
    return refuse(
      'out-of-range',
      `[${where}] ${fault} does not belong in a correlation matrix; it must be symmetric, with ones on the diagonal and all else within −1…1.`,
    )
  return refuseCopies(where, { drivers, outcome })
}

function faultyEntry(drivers: MatrixRows): number | undefined {
  for (const [i, row] of drivers.entries())
    for (const [j, value] of row.entries()) {
      if (i === j ? Math.abs(value - 1) > rounding : Math.abs(value) > 1 + rounding) return value
      if (Math.abs(value - (drivers[j]?.[i] ?? Number.NaN)) > rounding) return value
    }
  return undefined
}

function refuseCopies(where: string, { drivers, outcome }: Correlations): Refusal | undefined {
  const p = outcome.length
  const a = drivers.map((row, i) => [...row, outcome[i] ?? 0])
  let rSquared = 0
  for (let k = 0; k < p; k++) {
    const pivotRow = a[k] ?? []
    const pivot = pivotRow[k] ?? 0
    if (pivot < smallestTolerance)
      return refuse(
        'singular',
        pivot < -rounding
          ? `[${where}] the correlations contradict each other at driver ${k} (a variance of ${pivot}); pairwise deletion does that, use complete rows or EM.`
          : `[${where}] driver ${k} is a copy or a sum of the drivers before it; drop it or merge them.`,
      )
    rSquared += (pivotRow[p] ?? 0) ** 2 / pivot
    for (let i = k + 1; i < p; i++) subtract(a[i] ?? [], pivotRow, k, pivot)
  }
  if (rSquared > 1 + rounding)
    return refuse(
      'out-of-range',
      `[${where}] the correlations contradict each other: together they explain ${rSquared} of the outcome; pairwise deletion does that, use complete rows or EM.`,
    )
  return undefined
}

function subtract(row: number[], pivotRow: readonly number[], k: number, pivot: number): void {
  const factor = (row[k] ?? 0) / pivot
  for (let j = k; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (pivotRow[j] ?? 0)
}
