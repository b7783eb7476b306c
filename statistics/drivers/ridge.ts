/** Ridge regression out of moments, its penalty chosen by leaving out hash buckets of customers. */
import { solve } from '#statistics/algebra/index.ts'
import { correlation, summarise, type Moments } from '#statistics/moments/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { byBucket, weightedSum, type Buckets } from './collapse.ts'
import type { DriverChoice } from './driver-correlations.ts'
import { selectMoments } from './select-moments.ts'

export type RidgeFit = {
  readonly names: readonly string[]
  readonly intercept: number
  readonly coefficients: readonly number[]
  readonly standardized: readonly number[]
  readonly lambda: number
}

export type Ridge = RidgeFit & {
  /** Mean squared error of prediction on left-out folds, per penalty tried, with its standard error over folds. */
  readonly curve: readonly { readonly lambda: number; readonly error: number; readonly se: number }[]
  /** The largest penalty whose error is within one standard error of the least. */
  readonly lambdaOneSe: number
}

/** From nothing to a fivefold variance, in steps of about a third. */
const penalties = [0, ...Array.from({ length: 41 }, (_, i) => 10 ** (-4 + (i * 4.7) / 40))]

/**
 * Linear regression with shrunken coefficients at a given penalty, for drivers that say nearly the same.
 *
 * λ is in the unit of a correlation matrix: 0 is least squares, 1 doubles each driver's variance.
 * Refuses unknown names, too few rows, constants, a negative λ, and exact copies at λ = 0.
 * Formula: β = (R + λI)⁻¹r on standardised variables.
 * Source: Hoerl, Kennard, Technometrics 12, 1970.
 *
 * @example
 * const rows = [[1, 1], [2, 3], [3, 2], [4, 5]].map((values) => ({ values }))
 * const moments = momentsFromRows({ variables: ['x', 'y'], rows })
 * ridgeAt({ moments, outcome: 'y', lambda: 1 }).coefficients // [0.55]
 */
export function ridgeAt({
  moments,
  outcome,
  drivers,
  lambda,
}: Omit<DriverChoice, 'missing'> & { readonly moments: Moments; readonly lambda: number }):
  | RidgeFit
  | Refusal {
  const names = drivers ?? moments.variables.filter((name) => name !== outcome)
  if (!(lambda >= 0 && Number.isFinite(lambda)))
    return refuse('out-of-range', `[ridge] lambda is ${lambda}; give a finite number from 0.`)
  const chosen = selectMoments(moments, [...names, outcome])
  return onlyFinite('ridgeAt', isRefusal(chosen) ? chosen : fitRidge(chosen, names, lambda))
}

/**
 * Ridge regression whose penalty predicts left-out customers best.
 *
 * Folds are hash buckets modulo `folds` (bucket by customer), default 10. Refuses what `ridgeAt` refuses and fewer than 2 filled folds.
 * Formula: least Σ(y − ŷ)² over left-out folds, all from moments.
 * Source: Hoerl, Kennard 1970; Hastie, Tibshirani, Friedman 2009, 7.10 (one-standard-error rule).
 *
 * @example
 * const rows = Array.from({ length: 40 }, (_, i) => ({ values: [i % 7, (i * i) % 5, (i % 7) + ((i * 3) % 4)], bucket: i }))
 * const fit = ridge({ moments: momentsFromRows({ variables: ['x1', 'x2', 'y'], rows }), outcome: 'y' })
 * fit.lambda < 0.2 // true
 * fit.lambdaOneSe >= fit.lambda // true
 */
export function ridge({
  moments,
  outcome,
  drivers,
  folds = 10,
  lambdas = penalties,
}: Omit<DriverChoice, 'missing'> & {
  readonly moments: Moments
  readonly folds?: number
  readonly lambdas?: readonly number[]
}): Ridge | Refusal {
  const names = drivers ?? moments.variables.filter((name) => name !== outcome)
  const chosen = selectMoments(moments, [...names, outcome])
  if (isRefusal(chosen)) return chosen
  if (!Number.isInteger(folds) || folds < 2)
    return refuse('out-of-range', `[ridge] ${folds} folds; give a whole number from 2.`)
  if (lambdas.length === 0 || !lambdas.every((lambda) => lambda >= 0 && Number.isFinite(lambda)))
    return refuse('out-of-range', `[ridge] penalties must be finite numbers from 0, and at least one.`)
  const inFolds = byBucket({
    ...chosen,
    groups: chosen.groups.filter((g) => g.missing === 0).map((g) => ({ ...g, bucket: g.bucket % folds })),
  })
  if (inFolds.parts.length < 2)
    return refuse(
      'too-few',
      `[ridge] rows fill ${inFolds.parts.length} folds; cross-validation needs 2. Bucket rows by customer.`,
    )
  const tried = [...new Set(lambdas)]
    .sort((a, b) => a - b)
    .map((lambda) => crossValidate(inFolds, names, lambda))
  const curve = tried.flatMap((point) => (isRefusal(point) ? [] : [point]))
  const best = curve.toSorted((a, b) => a.error - b.error)[0]
  if (!best) return tried.find(isRefusal) ?? refuse('too-few', `[ridge] no penalty could be tried.`)
  const fit = fitRidge(inFolds.whole, names, best.lambda)
  if (isRefusal(fit)) return fit
  const lambdaOneSe = Math.max(
    ...curve.filter((point) => point.error <= best.error + best.se).map((point) => point.lambda),
  )
  return onlyFinite('ridge', { ...fit, curve, lambdaOneSe })
}

function fitRidge(chosen: Moments, names: readonly string[], lambda: number): RidgeFit | Refusal {
  const p = names.length
  const r = correlation({ moments: chosen })
  if (isRefusal(r)) return r
  const summary = summarise({ moments: chosen })
  if (isRefusal(summary)) return summary
  const { means, covariance } = summary
  const penalised = r.matrix
    .slice(0, p)
    .map((row, i) => row.slice(0, p).map((v, j) => v + (i === j ? lambda : 0)))
  const standardized = solve(penalised, (r.matrix[p] ?? []).slice(0, p))
  if (isRefusal(standardized)) return standardized
  const sd = covariance.map((row, i) => Math.sqrt(row[i] ?? 0))
  const coefficients = standardized.map((beta, j) => (beta * (sd[p] ?? 0)) / (sd[j] ?? 1))
  const intercept = coefficients.reduce((left, b, j) => left - b * (means[j] ?? 0), means[p] ?? 0)
  return { names, intercept, coefficients, standardized, lambda }
}

function crossValidate(
  folds: Buckets,
  names: readonly string[],
  lambda: number,
): { lambda: number; error: number; se: number } | Refusal {
  const errors: { squares: number; weight: number }[] = []
  for (const fold of folds.parts.keys()) {
    const others = folds.parts.map((_, other) => (other === fold ? 0 : 1))
    const fit = fitRidge(weightedSum(folds.whole, folds.parts, others), names, lambda)
    if (isRefusal(fit)) return fit
    const held = weightedSum(
      folds.whole,
      folds.parts,
      others.map((times) => 1 - times),
    )
    errors.push(squaredErrors(held, fit))
  }
  const weight = errors.reduce((sum, fold) => sum + fold.weight, 0)
  const error = errors.reduce((sum, fold) => sum + fold.squares, 0) / weight
  const means = errors.map((fold) => fold.squares / fold.weight)
  const average = means.reduce((sum, value) => sum + value, 0) / means.length
  const variance = means.reduce((sum, value) => sum + (value - average) ** 2, 0) / (means.length - 1)
  return { lambda, error, se: Math.sqrt(variance / means.length) }
}

/** Σw(y − a − xb)² out of second moments around the origin: v′Mv with v = (−b, 1) and a shifted constant. */
function squaredErrors(held: Moments, fit: RidgeFit): { squares: number; weight: number } {
  const v = [...fit.coefficients.map((b) => -b), 1]
  const constant = v.reduce((sum, factor, i) => sum + factor * (held.origin[i] ?? 0), 0) - fit.intercept
  let squares = 0
  let weight = 0
  for (const group of held.groups) {
    const linear = v.reduce((sum, factor, i) => sum + factor * (group.sums[i] ?? 0), 0)
    let at = 0
    let quadratic = 0
    for (const [i, vi] of v.entries())
      for (const [j, vj] of v.entries())
        if (j >= i) quadratic += (i === j ? 1 : 2) * vi * vj * (group.products[at++] ?? 0)
    squares += quadratic + 2 * constant * linear + constant ** 2 * group.weight
    weight += group.weight
  }
  return { squares, weight }
}
