/** Ordinary least squares out of moments: coefficients, errors and fit without going back to rows. */
import { dot, inverse, type MatrixRows } from '#statistics/algebra/index.ts'
import { tUpper } from '#statistics/distributions/raw/student.ts'
import { summarise, type MomentSummary } from '#statistics/moments/index.ts'
import { correlationOfCovariance } from '#statistics/moments/summarise.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import type { DriverChoice } from './driver-correlations.ts'
import { refuseCorrelations } from './correlations.ts'
import { selectMoments } from './select-moments.ts'
import type { Moments } from '#statistics/moments/index.ts'

export type Ols = {
  readonly names: readonly string[]
  readonly intercept: number
  /** Change of the outcome per unit of each driver. */
  readonly coefficients: readonly number[]
  /** Per standard deviation of both. */
  readonly standardized: readonly number[]
  /** Intercept first; likewise `t` and `p` (two-sided, n − p − 1 degrees of freedom). */
  readonly se: readonly number[]
  readonly t: readonly number[]
  readonly p: readonly number[]
  readonly rSquared: number
  readonly adjustedRSquared: number
  /** Residual standard deviation. */
  readonly sigma: number
  readonly df: number
  readonly n: number
}

/**
 * Linear regression of an outcome on drivers from a table of moments; weights count as in R's `lm(weights = …)`.
 *
 * Complete rows only. Refuses unknown names, no residual degrees of freedom, constants and drivers that copy each other.
 * Formula: b = S⁻¹s, σ² = RSS/(n−p−1), Cov(b) = σ²(Σw(x−x̄)(x−x̄)′)⁻¹.
 * Source: Draper, Smith, Applied Regression Analysis.
 *
 * @example
 * const rows = [[1, 1], [2, 3], [3, 2], [4, 5]].map((values) => ({ values }))
 * const fit = ols({ moments: momentsFromRows({ variables: ['x', 'y'], rows }), outcome: 'y' })
 * fit.coefficients // [1.1]
 * fit.se[1] // 0.5196152
 */
export function ols({
  moments,
  outcome,
  drivers,
}: Omit<DriverChoice, 'missing'> & { readonly moments: Moments }): Ols | Refusal {
  const names = drivers ?? moments.variables.filter((name) => name !== outcome)
  const chosen = selectMoments(moments, [...names, outcome])
  if (isRefusal(chosen)) return chosen
  const summary = summarise({ moments: chosen })
  if (isRefusal(summary)) return summary
  const df = summary.n - names.length - 1
  if (df < 1)
    return refuse(
      'too-few',
      `[ols] ${summary.n} complete rows for ${names.length} drivers; give at least ${names.length + 2}.`,
    )
  return onlyFinite('ols', regression(names, summary, df))
}

function regression(names: readonly string[], summary: MomentSummary, df: number): Ols | Refusal {
  const p = names.length
  const r = correlationOfCovariance(summary)
  if (isRefusal(r)) return r
  const drivers = r.slice(0, p).map((row) => row.slice(0, p))
  const outcome = (r[p] ?? []).slice(0, p)
  const refusal = refuseCorrelations('ols', { drivers, outcome })
  if (refusal) return refusal
  const inverted = inverse(drivers)
  if (isRefusal(inverted)) return inverted
  const standardized = inverted.map((row) => dot(row, outcome))
  const rSquared = Math.min(1, dot(standardized, outcome))
  const sd = summary.covariance.map((row, i) => Math.sqrt(row[i] ?? 0))
  const coefficients = standardized.map((beta, j) => (beta * (sd[p] ?? 0)) / (sd[j] ?? 1))
  const intercept = (summary.means[p] ?? 0) - dot(coefficients, summary.means.slice(0, p))
  const freedom = summary.weight - summary.weight / summary.effectiveN
  const sigma = Math.sqrt(((1 - rSquared) * freedom) / df) * (sd[p] ?? 0)
  const se = standardErrors(inverted, sd, summary, sigma, freedom)
  const t = [intercept, ...coefficients].map((value, i) => value / (se[i] ?? 1))
  if (!t.every(Number.isFinite))
    return refuse(
      'no-variance',
      `[ols] the drivers explain all of ${summary.variables.at(-1)}; no error is left to measure.`,
    )
  const adjustedRSquared = 1 - ((1 - rSquared) * (summary.n - 1)) / df
  const twoSided = t.map((value) => 2 * tUpper(Math.abs(value), df))
  const fit = { names, intercept, coefficients, standardized, se, t, p: twoSided }
  return { ...fit, rSquared, adjustedRSquared, sigma, df, n: summary.n }
}

/** Of the intercept, then the coefficients. */
function standardErrors(
  inverted: MatrixRows,
  sd: readonly number[],
  { means, weight }: MomentSummary,
  sigma: number,
  freedom: number,
): number[] {
  const slopes = inverted.map((row, j) => (sigma * Math.sqrt((row[j] ?? 0) / freedom)) / (sd[j] ?? 1))
  const scaled = inverted.map((_, j) => (means[j] ?? 0) / (sd[j] ?? 1))
  const quadratic = inverted.reduce(
    (sum, row, i) =>
      sum + (scaled[i] ?? 0) * row.reduce((inner, value, j) => inner + value * (scaled[j] ?? 0), 0),
    0,
  )
  return [sigma * Math.sqrt(1 / weight + quadratic / freedom), ...slopes]
}
