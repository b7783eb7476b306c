/** LMG: the share of R² each driver (or group of drivers) brings, averaged over all orders of entry. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { refuseCorrelations, type Correlations } from './correlations.ts'
import { partialOut, shapley, subsetRSquared } from './subsets.ts'

/** 2^24 subsets take 128 MB; beyond that, group the items of a touchpoint. */
const mostPlayers = 24

export type LmgInput = Correlations & {
  /** Drivers that enter and leave together; each driver stands in exactly one group. Default: every driver alone. */
  readonly groups?: readonly (readonly number[])[]
  /** Drivers held fixed in every subset (controls); they get no weight. */
  readonly given?: readonly number[]
}

export type Lmg = {
  /** One weight per driver, or per group where `groups` is given, or per driver not in `given`; each ≥ 0. */
  readonly weights: readonly number[]
  /** R² of all drivers together; without `given`, the sum of the weights. */
  readonly rSquared: number
}

/**
 * Importance of drivers as mean gain in R² over all orders of entry: the Shapley value, also called general dominance.
 *
 * Exact, for up to 24 drivers or groups. Weights are in units of R² and sum to it (less the R² of `given`).
 * Refuses correlations that are no correlation matrix, drivers that copy each other, and groups that are no partition.
 * Formula: LMGⱼ = Σ_S s!(p−s−1)!/p! · (R²(S∪j) − R²(S)).
 * Source: Lindeman, Merenda, Gold 1980; Grömping, J. Stat. Softw. 17(1), 2006.
 *
 * @example
 * const azen = { drivers: [[1, .8, .1, .3], [.8, 1, .1, .1], [.1, .1, 1, .5], [.3, .1, .5, 1]], outcome: [.6, .3, .4, .5] }
 * lmg(azen).weights // [0.2921762, 0.0758614, 0.0949109, 0.1214041]
 * lmg(azen).rSquared // 0.5843525
 */
export function lmg(input: LmgInput): Lmg | Refusal {
  const refusal = refuseCorrelations('lmg', input)
  if (refusal) return refusal
  const players = playersOf('lmg', input)
  if ('refused' in players) return players
  const { residuals, rSquared } = partialOut(input, input.given ?? [], players.flat())
  const table = subsetRSquared(
    residuals,
    players.map((player) => player.length),
  )
  const gained = table.at(-1) ?? 0
  return { weights: shapley(table, players.length).map((w) => Math.max(w, 0)), rSquared: rSquared + gained }
}

/** The groups that enter one by one, checked to be a partition of the drivers that are not given. */
export function playersOf(where: string, input: LmgInput): readonly (readonly number[])[] | Refusal {
  const given = input.given ?? []
  const free = input.outcome.map((_, i) => i).filter((i) => !given.includes(i))
  const players = input.groups ?? free.map((i) => [i])
  const seen = [...given, ...players.flat()].sort((a, b) => a - b)
  if (seen.length !== input.outcome.length || seen.some((driver, i) => driver !== i))
    return refuse(
      'mismatch',
      `[${where}] groups and given drivers must name each of the ${input.outcome.length} drivers once, got ${JSON.stringify(seen)}.`,
    )
  if (players.some((group) => group.length === 0) || players.length === 0)
    return refuse('too-few', `[${where}] a group is empty, or no driver is left to weigh.`)
  if (players.length > mostPlayers)
    return refuse(
      'out-of-range',
      `[${where}] ${players.length} drivers make too many subsets for an exact answer; group them to at most ${mostPlayers}.`,
    )
  return players
}
