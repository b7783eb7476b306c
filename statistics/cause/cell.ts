/** The additive cell that effect estimators read: one GROUP BY row. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type Cell = {
  readonly n: number
  /** Σ y. */
  readonly sum: number
  /** Σ y²; for a 0/1 outcome it equals `sum`. */
  readonly sumOfSquares: number
}

/** The reason why a cell cannot be one, or nothing. */
export function unusableCell(
  where: string,
  name: string,
  { n, sum, sumOfSquares }: Cell,
): Refusal | undefined {
  if (![n, sum, sumOfSquares].every(Number.isFinite))
    return refuse(
      'not-finite',
      `[${where}] cell ${name} has n ${n}, sum ${sum}, squares ${sumOfSquares}; give finite numbers.`,
    )
  if (n < 0 || sumOfSquares < 0 || (n === 0 && (sum !== 0 || sumOfSquares !== 0)))
    return refuse(
      'out-of-range',
      `[${where}] cell ${name} has n ${n}, sum ${sum}, squares ${sumOfSquares}; an empty cell sums to 0.`,
    )
  if (n > 0 && sumOfSquares < (sum * sum) / n - 1e-9 * sumOfSquares)
    return refuse(
      'out-of-range',
      `[${where}] cell ${name} has Σy² ${sumOfSquares} below (Σy)²/n ${(sum * sum) / n}; check the sums.`,
    )
  return undefined
}

export function meanOf({ n, sum }: Pick<Cell, 'n' | 'sum'>): number {
  return sum / n
}

/** Variance of the mean, s²/n. */
export function meanVariance({ n, sum, sumOfSquares }: Cell): number {
  return Math.max(0, sumOfSquares - (sum * sum) / n) / (n - 1) / n
}
