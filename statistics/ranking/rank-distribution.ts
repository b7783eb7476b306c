/** The distribution of ranks by seeded draws: expected rank, the chance to be best, the chance to be in the top. */
import { seeded } from '#statistics/random/index.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { refuseUnits, type NormalUnits } from './normal-units.ts'

export type RankDistribution = {
  /** Mean rank, 1 = largest. */
  readonly expected: number
  /** Central interval of the rank of this unit alone. */
  readonly low: number
  readonly high: number
  /** Share of draws in which the unit is first, and among the first `top`. */
  readonly best: number
  readonly inTop: number
}

/**
 * Ranks of units whose true values are normal around `values` (best the shrunken ones) with deviations `se`.
 *
 * Equal seeds give equal answers. Intervals hold unit by unit; for all at once use `rankIntervals`.
 * Refuses fewer than 2 units, errors not above 0, numbers that are not finite, fewer than 100 draws, `top` not within 1…units.
 * Formula: ranks of independent normal draws.
 * Source: Goldstein, Spiegelhalter, J. R. Stat. Soc. A 159, 1996.
 *
 * @example
 * const ranks = rankDistribution({ values: [70, 52, 30], se: [1, 1, 1], seed: 1, draws: 500 })
 * ranks.map((unit) => unit.expected) // [1, 2, 3]
 */
export function rankDistribution({
  values,
  se,
  seed,
  draws = 10_000,
  top = 1,
  confidence = 0.95,
}: NormalUnits & {
  readonly seed: number
  readonly draws?: number
  readonly top?: number
  readonly confidence?: number
}): readonly RankDistribution[] | Refusal {
  const refusal = refuseUnits('rankDistribution', { values, se }, 2)
  if (refusal) return refusal
  const k = values.length
  if (!Number.isInteger(draws) || draws < 100)
    return refuse('too-few', `[rankDistribution] ${draws} draws; give a whole number from 100.`)
  if (!Number.isInteger(top) || top < 1 || top > k || !(confidence > 0 && confidence < 1))
    return refuse(
      'out-of-range',
      `[rankDistribution] top ${top} of ${k}, confidence ${confidence}; top lies within 1…${k}, confidence within (0, 1).`,
    )
  const counts = countRanks({ values, se }, seed, draws)
  return counts.map((ranks) => ({
    expected: ranks.reduce((sum, count, at) => sum + count * (at + 1), 0) / draws,
    low: rankQuantile(ranks, (draws * (1 - confidence)) / 2),
    high: rankQuantile(ranks, (draws * (1 + confidence)) / 2),
    best: (ranks[0] ?? 0) / draws,
    inTop: ranks.slice(0, top).reduce((sum, count) => sum + count, 0) / draws,
  }))
}

/** Per unit, how often it had each rank. */
function countRanks({ values, se }: NormalUnits, seed: number, draws: number): number[][] {
  const random = seeded(seed)
  const counts = values.map(() => values.map(() => 0))
  for (let draw = 0; draw < draws; draw++) {
    const drawn = values.map((value, i) => random.normal(value, se[i] ?? 0))
    const order = drawn.map((_, i) => i).sort((a, b) => (drawn[b] ?? 0) - (drawn[a] ?? 0))
    for (const [at, unit] of order.entries()) {
      const own = counts[unit] ?? []
      own[at] = (own[at] ?? 0) + 1
    }
  }
  return counts
}

function rankQuantile(ranks: readonly number[], target: number): number {
  let seen = 0
  for (const [at, count] of ranks.entries()) {
    seen += count
    if (seen >= target && seen > 0) return at + 1
  }
  return ranks.length
}
