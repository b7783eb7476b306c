/** Binary logistic regression on cells: as exact as on rows, at the cost of the distinct feature combinations. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { normalUpper } from '#statistics/distributions/raw/normal.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { maximize, type Likelihood } from './newton.ts'

export type BinomialCell = {
  /** Features of the cell, without the constant. */
  readonly x: readonly number[]
  /** Rows of the cell with and without the outcome; weights may be fractions. */
  readonly positives: number
  readonly negatives: number
}

export type Logit = {
  readonly intercept: number
  /** Change of the log odds per unit of each feature. */
  readonly coefficients: readonly number[]
  /** Standard errors, intercept first; likewise `z` and `p` (two-sided) and `covariance`. */
  readonly se: readonly number[]
  readonly z: readonly number[]
  readonly p: readonly number[]
  readonly covariance: MatrixRows
  readonly logLikelihood: number
  /** −2 log-likelihood of rows, and that of the constant alone. */
  readonly deviance: number
  readonly nullDeviance: number
  readonly aic: number
  readonly n: number
  readonly iterations: number
}

/**
 * The odds of an outcome (promoter, churn, a response) as a product of effects, by maximum likelihood.
 *
 * Refuses no rows, one class only, features that copy each other, data that separate the outcome, and numbers that are not finite or negative counts.
 * Formula: P = 1/(1 + e^−(a + xb)), Newton = IRLS on the cells.
 * Source: McCullagh, Nelder, Generalized Linear Models, 1989, 4.4.
 *
 * @example
 * const aspirin = [{ x: [1], positives: 104, negatives: 10933 }, { x: [0], positives: 189, negatives: 10845 }]
 * logit(aspirin).coefficients // [-0.6054377]
 * logit(aspirin).se // [0.07337, 0.12284]
 */
export function logit(cells: readonly BinomialCell[]): Logit | Refusal {
  const refusal = refuseCells(cells)
  if (refusal) return refusal
  const positives = cells.reduce((sum, cell) => sum + cell.positives, 0)
  const negatives = cells.reduce((sum, cell) => sum + cell.negatives, 0)
  const start = [Math.log(positives / negatives), ...(cells[0]?.x ?? []).map(() => 0)]
  const rows = cells.map((cell) => ({ ...cell, x: [1, ...cell.x] }))
  const best = maximize('logit', start, (beta) => logitLikelihood(rows, beta))
  if (isRefusal(best)) return best
  const se = best.covariance.map((row, i) => Math.sqrt(row[i] ?? 0))
  const z = best.parameters.map((value, i) => value / (se[i] ?? 1))
  const [intercept = 0, ...coefficients] = best.parameters
  const n = positives + negatives
  return onlyFinite('logit', {
    intercept,
    coefficients,
    se,
    z,
    p: z.map((value) => 2 * normalUpper(Math.abs(value))),
    covariance: best.covariance,
    logLikelihood: best.logLikelihood,
    deviance: -2 * best.logLikelihood,
    nullDeviance: -2 * (positives * Math.log(positives / n) + negatives * Math.log(negatives / n)),
    aic: -2 * best.logLikelihood + 2 * best.parameters.length,
    n,
    iterations: best.iterations,
  })
}

/** 1/(1 + e^−u), without overflow at either end. */
export function logistic(u: number): number {
  return u >= 0 ? 1 / (1 + Math.exp(-u)) : Math.exp(u) / (1 + Math.exp(u))
}

/** ln(1 + e^u), exact in both tails. */
function softplus(u: number): number {
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)))
}

function logitLikelihood(cells: readonly BinomialCell[], beta: readonly number[]): Likelihood {
  const gradient = beta.map(() => 0)
  const information = beta.map(() => beta.map(() => 0))
  let value = 0
  for (const { x, positives, negatives } of cells) {
    const eta = x.reduce((sum, xi, i) => sum + xi * (beta[i] ?? 0), 0)
    const mu = logistic(eta)
    value -= positives * softplus(-eta) + negatives * softplus(eta)
    const residual = positives * logistic(-eta) - negatives * mu
    const weight = (positives + negatives) * mu * logistic(-eta)
    for (const [i, xi] of x.entries()) {
      gradient[i] = (gradient[i] ?? 0) + xi * residual
      const row = information[i] ?? []
      for (const [j, xj] of x.entries()) row[j] = (row[j] ?? 0) + weight * xi * xj
    }
  }
  return { value, gradient, information }
}

function refuseCells(cells: readonly BinomialCell[]): Refusal | undefined {
  const width = cells[0]?.x.length ?? 0
  if (cells.some((cell) => cell.x.length !== width))
    return refuse('mismatch', `[logit] cells differ in their number of features; the first has ${width}.`)
  if (!cells.every((cell) => [...cell.x, cell.positives, cell.negatives].every(Number.isFinite)))
    return refuse('not-finite', `[logit] a feature or a count is NaN or infinite; give finite numbers.`)
  if (cells.some((cell) => cell.positives < 0 || cell.negatives < 0))
    return refuse('out-of-range', `[logit] a count is negative; counts start at 0.`)
  const positives = cells.reduce((sum, cell) => sum + cell.positives, 0)
  const negatives = cells.reduce((sum, cell) => sum + cell.negatives, 0)
  if (positives + negatives === 0) return refuse('too-few', `[logit] there are no rows; give at least some.`)
  if (positives === 0 || negatives === 0)
    return refuse(
      'one-class',
      `[logit] all ${positives + negatives} rows have the same outcome; both must occur.`,
    )
  return undefined
}
