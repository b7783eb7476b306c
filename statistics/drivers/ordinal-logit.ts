/** Ordinal logistic regression (proportional odds) on cells: for satisfaction grades and predicted NPS. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { maximize } from './newton.ts'
import { between, ordinalLikelihood, type OrdinalCell } from './ordinal-likelihood.ts'

export type OrdinalLogit = {
  /** K−1 rising cut points. */
  readonly thresholds: readonly number[]
  /** Shift of the log odds of a higher category per unit of each feature. */
  readonly coefficients: readonly number[]
  readonly thresholdSe: readonly number[]
  readonly se: readonly number[]
  /** Of thresholds, then coefficients. */
  readonly covariance: MatrixRows
  readonly logLikelihood: number
  readonly deviance: number
  readonly aic: number
  readonly n: number
  readonly iterations: number
}

/**
 * The odds of answering higher as a product of effects that are the same at every cut point.
 *
 * Standard errors come from the observed information.
 * Refuses shapes that disagree, no rows, fewer than two categories in use, an empty category between others, copies among features, and separation.
 * Formula: P(Y ≤ k) = 1/(1 + e^−(ζₖ − xb)).
 * Source: McCullagh, J. R. Stat. Soc. B 42, 1980; signs as in MASS::polr (Venables, Ripley 2002, 7.3).
 *
 * @example
 * const cells = [{ x: [0], counts: [40, 30, 30] }, { x: [1], counts: [20, 30, 50] }]
 * ordinalLogit(cells).coefficients // [0.9034324]
 * ordinalLogit(cells).thresholds // [-0.4319353, 0.8827494]
 */
export function ordinalLogit(cells: readonly OrdinalCell[]): OrdinalLogit | Refusal {
  const refusal = refuseOrdinalCells(cells)
  if (refusal) return refusal
  const categories = cells[0]?.counts.length ?? 0
  const totals = Array.from({ length: categories }, (_, k) =>
    cells.reduce((sum, cell) => sum + (cell.counts[k] ?? 0), 0),
  )
  const n = totals.reduce((sum, count) => sum + count, 0)
  const cuts = totals.slice(0, -1).map((_, k) => {
    const below = totals.slice(0, k + 1).reduce((sum, count) => sum + count, 0)
    return Math.log(below / (n - below))
  })
  const start = [...cuts, ...(cells[0]?.x ?? []).map(() => 0)]
  const best = maximize('ordinalLogit', start, (parameters) =>
    ordinalLikelihood(cells, categories, parameters),
  )
  if (isRefusal(best)) return best
  const se = best.covariance.map((row, i) => Math.sqrt(row[i] ?? 0))
  return {
    thresholds: best.parameters.slice(0, cuts.length),
    coefficients: best.parameters.slice(cuts.length),
    thresholdSe: se.slice(0, cuts.length),
    se: se.slice(cuts.length),
    covariance: best.covariance,
    logLikelihood: best.logLikelihood,
    deviance: -2 * best.logLikelihood,
    aic: -2 * best.logLikelihood + 2 * best.parameters.length,
    n,
    iterations: best.iterations,
  }
}

/**
 * Probability of each category for one set of features; average these over people, never predicted classes.
 *
 * Refuses features whose number differs from the coefficients.
 * Source: McCullagh 1980.
 *
 * @example
 * const model = { thresholds: [-0.4961353, 0.6907081], coefficients: [0.5663937, 1.2888191] }
 * ordinalProbabilities(model, [0, 0]) // [0.378449, 0.287675, 0.333876]
 */
export function ordinalProbabilities(
  model: Pick<OrdinalLogit, 'thresholds' | 'coefficients'>,
  x: readonly number[],
): number[] | Refusal {
  if (x.length !== model.coefficients.length || !x.every(Number.isFinite))
    return refuse(
      'mismatch',
      `[ordinalProbabilities] ${x.length} features for ${model.coefficients.length} coefficients; give one finite number for each.`,
    )
  const eta = x.reduce((sum, xi, i) => sum + xi * (model.coefficients[i] ?? 0), 0)
  const edges = [-Infinity, ...model.thresholds.map((cut) => cut - eta), Infinity]
  return onlyFinite(
    'ordinalProbabilities',
    edges.slice(1).map((upper, k) => between(edges[k] ?? -Infinity, upper)),
  )
}

function refuseOrdinalCells(cells: readonly OrdinalCell[]): Refusal | undefined {
  const [first] = cells
  if (!first)
    return refuse('too-few', `[ordinalLogit] there are no cells; give at least one per feature combination.`)
  if (cells.some((cell) => cell.x.length !== first.x.length || cell.counts.length !== first.counts.length))
    return refuse('mismatch', `[ordinalLogit] cells differ in their number of features or categories.`)
  if (!cells.every((cell) => [...cell.x, ...cell.counts].every(Number.isFinite)))
    return refuse(
      'not-finite',
      `[ordinalLogit] a feature or a count is NaN or infinite; give finite numbers.`,
    )
  if (cells.some((cell) => cell.counts.some((count) => count < 0)))
    return refuse('out-of-range', `[ordinalLogit] a count is negative; counts start at 0.`)
  const totals = first.counts.map((_, k) => cells.reduce((sum, cell) => sum + (cell.counts[k] ?? 0), 0))
  const used = totals.filter((count) => count > 0).length
  if (used === 0) return refuse('too-few', `[ordinalLogit] there are no rows; give at least some.`)
  if (used === 1) return refuse('one-class', `[ordinalLogit] all rows are in one category; two must occur.`)
  if (used < totals.length)
    return refuse(
      'empty-cell',
      `[ordinalLogit] category ${totals.indexOf(0)} has no rows; merge it with a neighbour.`,
    )
  return undefined
}
