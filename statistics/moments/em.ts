/** Maximum likelihood under missing answers: EM for the multivariate normal, from pattern moments alone. */
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { isMissing, type Moments, packedAt } from './moments.ts'
import { type Pattern, patternsOf } from './patterns.ts'
import { swept } from './sweep.ts'

export type EmSummary = {
  readonly variables: readonly string[]
  /** Rows with at least one known value. */
  readonly n: number
  readonly weight: number
  readonly means: number[]
  /** Maximum-likelihood covariance (divided by Σw, not n − 1). */
  readonly covariance: number[][]
  readonly iterations: number
}

/** Mean and covariance in units of the variables' available standard deviations, around their available means. */
type State = { readonly mean: number[]; readonly covariance: number[][] }

/**
 * Means and covariances of all rows when some answers are missing at random: the same as row-level maximum likelihood, out of sums per missing pattern.
 * `tolerance` is the largest change per step, in standard deviations.
 * Refuses a variable or a pair of variables that is never known (together), a constant variable, dependent variables, and no convergence within `maxIterations`.
 * Formula: E-step regresses the missing on the known with the current (μ, Σ), pattern by pattern; M-step takes means and covariances of the completed sums.
 * Source: Dempster, Laird & Rubin (1977); Little & Rubin (2002) 11.2, by sweeps.
 * @example
 * const moments = momentsFromRows({ variables: ['x', 'y'], rows: [[1, 2], [2, 3], [3, 5], [4, 6], [9, null]].map((values) => ({ values })) })
 * emMoments({ moments }).means // [3.8, 5.82]
 */
export function emMoments({
  moments,
  tolerance = 1e-12,
  maxIterations = 20_000,
}: {
  moments: Moments
  tolerance?: number
  maxIterations?: number
}): EmSummary | Refusal {
  const { variables } = moments
  const refused = unidentified(moments)
  if (refused) return refused
  const { patterns, centre, scale } = patternsOf(moments)
  const constant = scale.findIndex((sd) => !(sd > 0))
  if (constant >= 0)
    return refuse('no-variance', `[emMoments] ${variables[constant]} is constant; leave it out.`)
  let state: State = {
    mean: variables.map(() => 0),
    covariance: variables.map((_, i) => variables.map((_, j) => (i === j ? 1 : 0))),
  }
  for (let iterations = 1; iterations <= maxIterations; iterations++) {
    const next = step(patterns, state)
    if (!next) return refuse('singular', '[emMoments] variables depend on each other; drop or merge one.')
    const change = largestChange(state, next)
    state = next
    if (change < tolerance) {
      const weight = patterns.reduce((sum, pattern) => sum + pattern.weight, 0)
      const n = patterns.reduce((sum, pattern) => sum + pattern.n, 0)
      return { variables, n, weight, iterations, ...inUnits(state, centre, scale) }
    }
  }
  return refuse(
    'not-converged',
    `[emMoments] no convergence in ${maxIterations} steps; too much is missing: raise maxIterations or the tolerance.`,
  )
}

function unidentified({ variables, groups }: Moments): Refusal | undefined {
  for (const [i, first] of variables.entries())
    for (const [j, second] of variables.entries()) {
      const together = groups.some((g) => g.n > 0 && g.weight > 0 && !isMissing(g, i) && !isMissing(g, j))
      if (together || j < i) continue
      const what = i === j ? `${first} is never known` : `${first} and ${second} are never known together`
      return refuse('empty-cell', `[emMoments] ${what}; nothing can be estimated about it.`)
    }
  return undefined
}

function step(patterns: readonly Pattern[], state: State): State | undefined {
  const p = state.mean.length
  const sum = Array<number>(p).fill(0)
  const square = state.mean.map(() => Array<number>(p).fill(0))
  let weight = 0
  for (const pattern of patterns) {
    const added = complete(pattern, state, sum, square)
    if (!added) return undefined
    weight += pattern.weight
  }
  const mean = sum.map((value) => value / weight)
  const covariance = square.map((row, i) =>
    row.map((value, j) => value / weight - (mean[i] ?? 0) * (mean[j] ?? 0)),
  )
  return { mean, covariance }
}

/** Adds the expected Σx and Σxx′ of one pattern: each x is an affine map of the known ones, plus residual covariance. */
function complete(
  { known, weight, sums, products }: Pattern,
  { mean, covariance }: State,
  sum: number[],
  square: number[][],
): boolean {
  const regression = swept(covariance, known)
  if (!regression) return false
  const p = mean.length
  const isKnown = mean.map((_, i) => known.includes(i))
  // Row i maps the known values to the expected x_i.
  const slopes = mean.map((_, i) =>
    known.map((k) => (isKnown[i] ? (i === k ? 1 : 0) : (regression[i]?.[k] ?? 0))),
  )
  const intercepts = slopes.map(
    (row, i) => (mean[i] ?? 0) - row.reduce((s, b, k) => s + b * (mean[known[k] ?? 0] ?? 0), 0),
  )
  const mapped = slopes.map((row) => row.reduce((s, b, k) => s + b * (sums[known[k] ?? 0] ?? 0), 0))
  const half = slopes.map((row) =>
    known.map((_, l) =>
      row.reduce((s, b, k) => s + b * (products[packedAt(known[k] ?? 0, known[l] ?? 0, p)] ?? 0), 0),
    ),
  )
  for (let i = 0; i < p; i++) {
    const a = intercepts[i] ?? 0
    sum[i] = (sum[i] ?? 0) + a * weight + (mapped[i] ?? 0)
    const row = square[i] ?? []
    for (let j = 0; j < p; j++) {
      const b = intercepts[j] ?? 0
      const quadratic = (half[i] ?? []).reduce((s, value, l) => s + value * (slopes[j]?.[l] ?? 0), 0)
      const residual = isKnown[i] || isKnown[j] ? 0 : weight * (regression[i]?.[j] ?? 0)
      row[j] =
        (row[j] ?? 0) + a * b * weight + a * (mapped[j] ?? 0) + b * (mapped[i] ?? 0) + quadratic + residual
    }
  }
  return true
}

function largestChange(before: State, after: State): number {
  const mean = Math.max(...after.mean.map((value, i) => Math.abs(value - (before.mean[i] ?? 0))))
  const covariance = after.covariance.map((row, i) =>
    Math.max(...row.map((value, j) => Math.abs(value - (before.covariance[i]?.[j] ?? 0)))),
  )
  return Math.max(mean, ...covariance)
}

function inUnits({ mean, covariance }: State, centre: readonly number[], scale: readonly number[]) {
  return {
    means: mean.map((value, i) => (centre[i] ?? 0) + value * (scale[i] ?? 1)),
    covariance: covariance.map((row, i) => row.map((value, j) => value * (scale[i] ?? 1) * (scale[j] ?? 1))),
  }
}
