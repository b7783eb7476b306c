/** How often each driver keeps its place when the data are drawn again. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type RankStability = {
  /** Row i, column k: share of replicates in which item i stands at rank k+1 (1 = largest); ties share their ranks equally. */
  readonly rankShares: MatrixRows
  /** Mean rank of each item. */
  readonly meanRanks: readonly number[]
  /** Row i, column j: share of replicates in which i exceeds j; ties count one half, the diagonal too. */
  readonly above: MatrixRows
}

/**
 * Stability of a ranking over replicates of the same statistics (bootstrap draws, rows of `replicates`).
 *
 * Refuses no replicate, rows of unequal length, and values that are not finite.
 * Formula: shares of replicates.
 * Source: Goldstein, Spiegelhalter, J. R. Stat. Soc. A 159, 1996, on bootstrapped ranks.
 *
 * @example
 * rankStability([[0.5, 0.3], [0.4, 0.2], [0.2, 0.3], [0.6, 0.1]]).rankShares // [[0.75, 0.25], [0.25, 0.75]]
 */
export function rankStability(replicates: MatrixRows): RankStability | Refusal {
  const k = replicates[0]?.length ?? 0
  if (k === 0) return refuse('too-few', `[rankStability] there is no replicate; give at least one.`)
  if (replicates.some((row) => row.length !== k))
    return refuse('mismatch', `[rankStability] replicates differ in length; the first has ${k} values.`)
  if (!replicates.flat().every(Number.isFinite))
    return refuse('not-finite', `[rankStability] a replicate holds NaN or ±∞; leave refused draws out.`)
  const rankShares = Array.from({ length: k }, () => Array.from({ length: k }, () => 0))
  const above = Array.from({ length: k }, () => Array.from({ length: k }, () => 0))
  for (const row of replicates)
    for (const [i, value] of row.entries()) {
      const larger = row.filter((other) => other > value).length
      const equal = row.filter((other) => other === value).length
      const shares = rankShares[i] ?? []
      for (let rank = larger; rank < larger + equal; rank++)
        shares[rank] = (shares[rank] ?? 0) + 1 / equal / replicates.length
      const wins = above[i] ?? []
      for (const [j, other] of row.entries())
        wins[j] = (wins[j] ?? 0) + (value > other ? 1 : value === other ? 0.5 : 0) / replicates.length
    }
  return {
    rankShares,
    above,
    meanRanks: rankShares.map((shares) => shares.reduce((sum, share, rank) => sum + share * (rank + 1), 0)),
  }
}
