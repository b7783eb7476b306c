/** Importance–performance analysis: where to work first. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type Quadrant = 'concentrate here' | 'keep up the good work' | 'low priority' | 'possible overkill'

export type ImportancePerformance = {
  /** The lines between low and high. */
  readonly cut: { readonly importance: number; readonly performance: number }
  /** One per item. */
  readonly quadrants: readonly Quadrant[]
  /**
   * Gap to the diagonal after both axes are scaled to 0–1 over the items: importance − performance, −1…1; above 0 asks for work.
   */
  readonly gaps: readonly number[]
}

/**
 * Quadrants of derived importance (LMG, not stated importance) against mean performance.
 *
 * Cuts default to the grand means and are a governed parameter; a value on the line counts as high.
 * Refuses no item, lists of different length, values that are not finite, and an axis on which all items are equal.
 * Formula: high = value ≥ cut.
 * Source: Martilla, James, J. Marketing 41, 1977; diagonal as in Abalo, Varela, Manzano, J. Bus. Res. 60, 2007.
 *
 * @example
 * importancePerformance({ importance: [0.4, 0.1, 0.3], performance: [6, 8, 9] }).quadrants // ['concentrate here', 'possible overkill', 'keep up the good work']
 */
export function importancePerformance({
  importance,
  performance,
  cut,
}: {
  readonly importance: readonly number[]
  readonly performance: readonly number[]
  readonly cut?: { readonly importance?: number; readonly performance?: number }
}): ImportancePerformance | Refusal {
  if (importance.length !== performance.length)
    return refuse(
      'mismatch',
      `[importancePerformance] ${importance.length} importances for ${performance.length} performances; give one of each per item.`,
    )
  if (importance.length === 0)
    return refuse('too-few', `[importancePerformance] there is no item; give at least two.`)
  if (![...importance, ...performance, cut?.importance ?? 0, cut?.performance ?? 0].every(Number.isFinite))
    return refuse('not-finite', `[importancePerformance] a value is NaN or infinite; leave that item out.`)
  const scaled = [importance, performance].map(toUnit)
  const [x, y] = scaled
  if (!x || !y)
    return refuse(
      'no-variance',
      `[importancePerformance] all items are equal on an axis; there is nothing to compare.`,
    )
  const lines = {
    importance: cut?.importance ?? mean(importance),
    performance: cut?.performance ?? mean(performance),
  }
  return onlyFinite('importancePerformance', {
    cut: lines,
    quadrants: importance.map((value, i) =>
      quadrant(value >= lines.importance, (performance[i] ?? 0) >= lines.performance),
    ),
    gaps: x.map((value, i) => value - (y[i] ?? 0)),
  })
}

function quadrant(important: boolean, good: boolean): Quadrant {
  if (important) return good ? 'keep up the good work' : 'concentrate here'
  return good ? 'possible overkill' : 'low priority'
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function toUnit(values: readonly number[]): number[] | undefined {
  const low = Math.min(...values)
  const range = Math.max(...values) - low
  return range > 0 ? values.map((value) => (value - low) / range) : undefined
}
