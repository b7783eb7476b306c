/** From a table of moments to the correlations of chosen drivers with one outcome. */
import { correlation, emMoments, type MissingRule, type Moments } from '#statistics/moments/index.ts'
import { correlationOfCovariance } from '#statistics/moments/summarise.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import type { Correlations } from './correlations.ts'
import { selectMoments } from './select-moments.ts'

export type DriverChoice = {
  readonly outcome: string
  /** Default: all variables but the outcome. */
  readonly drivers?: readonly string[]
  /** 'listwise' (default), 'pairwise', or 'em': maximum likelihood from the missing patterns. */
  readonly missing?: MissingRule | 'em'
}

export type DriverCorrelations = Correlations & {
  readonly names: readonly string[]
  /** Rows behind the correlations. */
  readonly n: number
}

/**
 * The correlations that `lmg`, `relativeWeights` and the others read, out of moments.
 *
 * Rows that miss one of the chosen variables are left out ('listwise', default), used pair by pair ('pairwise') or completed by
 * maximum likelihood ('em'); report listwise beside the other two.
 * Refuses unknown names, fewer than two rows, a constant variable and pairwise correlations that contradict each other.
 * Formula: Pearson's r of the summed moments.
 * Source: Pearson 1896; Little, Rubin, Statistical Analysis with Missing Data, 2002 (pairwise, EM).
 *
 * @example
 * const rows = [[1, 2, 3], [2, 1, 3], [3, 4, 8], [4, 3, 7]].map((values) => ({ values }))
 * const moments = momentsFromRows({ variables: ['x1', 'x2', 'y'], rows })
 * driverCorrelations({ moments, outcome: 'y' }).outcome // [0.8344972, 0.9326733]
 */
export function driverCorrelations({
  moments,
  outcome,
  drivers,
  missing = 'listwise',
}: DriverChoice & { readonly moments: Moments }): DriverCorrelations | Refusal {
  const names = drivers ?? moments.variables.filter((name) => name !== outcome)
  if (names.length === 0)
    return refuse('too-few', `[driverCorrelations] there is no driver beside ${outcome}.`)
  const chosen = selectMoments(moments, [...names, outcome])
  if (isRefusal(chosen)) return chosen
  const all = missing === 'em' ? emCorrelation(chosen) : correlation({ moments: chosen, missing })
  if (isRefusal(all)) return all
  const p = names.length
  return {
    names,
    n: all.n,
    drivers: all.matrix.slice(0, p).map((row) => row.slice(0, p)),
    outcome: (all.matrix[p] ?? []).slice(0, p),
  }
}

function emCorrelation(chosen: Moments): { n: number; matrix: number[][] } | Refusal {
  const em = emMoments({ moments: chosen })
  if (isRefusal(em)) return em
  const matrix = correlationOfCovariance(em)
  return isRefusal(matrix) ? matrix : { n: em.n, matrix }
}
