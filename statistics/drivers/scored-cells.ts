/** Predictions beside what happened: the input of calibration and discrimination, compressed to distinct scores. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type ScoredCell = {
  /** Predicted probability (0–1), or any score that rises with it where the method says so. */
  readonly score: number
  /** Rows with this score that had the outcome, and that had not; weights may be fractions. */
  readonly positives: number
  readonly negatives: number
}

type Demands = { readonly probabilities?: boolean; readonly bothClasses?: boolean }

export function refuseScores(
  where: string,
  cells: readonly ScoredCell[],
  demands: Demands,
): Refusal | undefined {
  if (!cells.every((cell) => [cell.score, cell.positives, cell.negatives].every(Number.isFinite)))
    return refuse('not-finite', `[${where}] a score or a count is NaN or infinite; give finite numbers.`)
  if (cells.some((cell) => cell.positives < 0 || cell.negatives < 0))
    return refuse('out-of-range', `[${where}] a count is negative; counts start at 0.`)
  const outside = cells.find((cell) => cell.score < 0 || cell.score > 1)
  if (demands.probabilities && outside)
    return refuse(
      'out-of-range',
      `[${where}] ${outside.score} is no probability; predictions lie within 0…1.`,
    )
  const { positives, negatives } = totals(cells)
  if (positives + negatives === 0)
    return refuse('too-few', `[${where}] there are no rows; give at least one.`)
  if (demands.bothClasses && (positives === 0 || negatives === 0))
    return refuse('one-class', `[${where}] all rows have the same outcome; both must occur.`)
  return undefined
}

export function totals(cells: readonly ScoredCell[]): { positives: number; negatives: number } {
  return {
    positives: cells.reduce((sum, cell) => sum + cell.positives, 0),
    negatives: cells.reduce((sum, cell) => sum + cell.negatives, 0),
  }
}

/** Distinct scores in rising order, equal ones pooled, empty ones dropped. */
export function pooled(cells: readonly ScoredCell[]): ScoredCell[] {
  const byScore = new Map<number, ScoredCell>()
  for (const cell of cells) {
    const before = byScore.get(cell.score)
    byScore.set(cell.score, {
      score: cell.score,
      positives: cell.positives + (before?.positives ?? 0),
      negatives: cell.negatives + (before?.negatives ?? 0),
    })
  }
  return [...byScore.values()]
    .filter((cell) => cell.positives + cell.negatives > 0)
    .sort((a, b) => a.score - b.score)
}
