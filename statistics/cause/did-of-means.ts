/** Difference-in-differences of four means: repeated cross-sections of independent respondents. */
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { around, type TestedEstimate } from './around.ts'
import { type Cell, meanOf, meanVariance, unusableCell } from './cell.ts'

export type BeforeAfter = { readonly before: Cell; readonly after: Cell }

export type DidOfMeansOptions = {
  readonly treated: BeforeAfter
  readonly control: BeforeAfter
  /** Default 0.95. */
  readonly confidence?: number
}

/**
 * Effect of a change that reached one group only, from four independent samples: (T₁−T₀) − (C₁−C₀).
 * Takes n, Σy, Σy² of each; answers in the unit of y with Welch's t interval.
 * Where respondents share stores or regions use `differenceInDifferences`, which clusters: this one is then too sure.
 * Refuses a sample of fewer than two, sums that are not finite or contradict each other, and an outcome without variance.
 * Formula: SE = √Σ s²/n over the four samples, df by Welch–Satterthwaite.
 * Source: Card & Krueger, American Economic Review 84 (1994), table 3, for the layout; Welch 1947.
 * @example
 * const treated = { before: { n: 100, sum: 700, sumOfSquares: 5300 }, after: { n: 100, sum: 780, sumOfSquares: 6500 } }
 * const control = { before: { n: 100, sum: 710, sumOfSquares: 5400 }, after: { n: 100, sum: 720, sumOfSquares: 5600 } }
 * didOfMeans({ treated, control }).value // 0.7
 * didOfMeans({ treated, control }).se // 0.40088
 */
export function didOfMeans({
  treated,
  control,
  confidence = 0.95,
}: DidOfMeansOptions): TestedEstimate | Refusal {
  const cells = [treated.after, treated.before, control.after, control.before]
  const names = ['treated after', 'treated before', 'control after', 'control before']
  for (const [i, cell] of cells.entries()) {
    const refusal = unusableCell('didOfMeans', names[i] ?? '', cell)
    if (refusal) return refusal
    if (cell.n < 2)
      return refuse('too-few', `[didOfMeans] ${names[i]} has n ${cell.n}; a variance needs at least 2.`)
  }
  const [t1 = 0, t0 = 0, c1 = 0, c0 = 0] = cells.map(meanOf)
  const variances = cells.map(meanVariance)
  const variance = variances.reduce((sum, part) => sum + part, 0)
  const welch = variances.reduce((sum, part, i) => sum + part ** 2 / ((cells[i]?.n ?? 2) - 1), 0)
  return around({
    where: 'didOfMeans',
    value: t1 - t0 - (c1 - c0),
    se: Math.sqrt(variance),
    n: cells.reduce((sum, { n }) => sum + n, 0),
    confidence,
    df: variance ** 2 / welch,
  })
}
