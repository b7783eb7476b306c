/** Means, covariances and correlations out of moments, by complete rows or by all rows of each pair. */
import { symmetricEigen } from '#statistics/algebra/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { isMissing, type MomentGroup, type Moments, packedAt } from './moments.ts'

/** What to do with rows that miss some variables: leave them out, or use each pair's own rows. */
export type MissingRule = 'listwise' | 'pairwise'

export type MomentSummary = {
  readonly variables: readonly string[]
  /** Rows used: complete rows, or under `pairwise` all rows with at least one variable. */
  readonly n: number
  readonly weight: number
  /** Kish: (Σw)²/Σw². */
  readonly effectiveN: number
  readonly means: number[]
  /** Unbiased: divided by Σw − Σw²/Σw, which is n − 1 for weights of 1. */
  readonly covariance: number[][]
}

export type Correlation = {
  readonly variables: readonly string[]
  readonly n: number
  readonly matrix: number[][]
}

/**
 * Means and covariance matrix of the rows behind a table of moments, all groups together.
 * Refuses fewer than two rows (for any pair under `pairwise`) and weights that sum to 0.
 * Formula: S_ij = (Σw x_i x_j − Σw x_i Σw x_j/Σw)/(Σw − Σw²/Σw) over rows in which both are known.
 * Source: Chan, Golub & LeVeque (1983), The American Statistician 37; Kish (1965) for the effective n.
 * @example
 * const moments = momentsFromRows({ variables: ['x', 'y'], rows: [{ values: [1, 2] }, { values: [2, 4] }, { values: [3, 9] }] })
 * summarise({ moments }) // { n: 3, means: [2, 5], covariance: [[1, 3.5], [3.5, 13]] }
 */
export function summarise({
  moments,
  missing = 'listwise',
}: {
  moments: Moments
  missing?: MissingRule
}): MomentSummary | Refusal {
  const p = moments.variables.length
  const used = moments.groups.filter((g) =>
    missing === 'listwise' ? g.missing === 0 : g.missing < 2 ** p - 1,
  )
  const covariance = moments.variables.map(() => Array<number>(p).fill(0))
  for (let i = 0; i < p; i++)
    for (let j = i; j < p; j++) {
      const pair = pairCovariance(used, i, j, moments.variables)
      if (isRefusal(pair)) return pair
      for (const [a, b] of [
        [i, j],
        [j, i],
      ] as const)
        (covariance[a] ?? [])[b] = pair
    }
  const weight = total(used, (g) => g.weight)
  return {
    variables: moments.variables,
    n: total(used, (g) => g.n),
    weight,
    effectiveN: weight ** 2 / total(used, (g) => g.squaredWeight),
    means: moments.variables.map((_, i) => {
      const known = used.filter((g) => !isMissing(g, i))
      return (moments.origin[i] ?? 0) + total(known, (g) => g.sums[i] ?? 0) / total(known, (g) => g.weight)
    }),
    covariance,
  }
}

/**
 * Correlation matrix of the rows behind a table of moments.
 * Refuses what `summarise` refuses, a constant variable, and under `pairwise` a matrix that no complete data could have (negative eigenvalue).
 * Source: Pearson's product-moment correlation; Little & Rubin (2002) 3.4 on pairwise matrices.
 * @example
 * const moments = momentsFromRows({ variables: ['x', 'y'], rows: [{ values: [1, 2] }, { values: [2, 4] }, { values: [3, 9] }] })
 * correlation({ moments }).matrix[0][1] // 0.970725343394151
 */
export function correlation({
  moments,
  missing = 'listwise',
}: {
  moments: Moments
  missing?: MissingRule
}): Correlation | Refusal {
  const summary = summarise({ moments, missing })
  if (isRefusal(summary)) return summary
  const matrix = correlationOfCovariance(summary)
  if (isRefusal(matrix)) return matrix
  if (missing === 'pairwise') {
    const eigen = symmetricEigen(matrix)
    if (isRefusal(eigen)) return eigen
    const least = eigen.values.at(-1) ?? 0
    if (least < -1e-8)
      return refuse(
        'singular',
        `[correlation] pairwise correlations contradict each other (eigenvalue ${least}); use listwise rows or emMoments.`,
      )
  }
  return { variables: summary.variables, n: summary.n, matrix }
}

/** R from S; refuses a variable whose variance is 0 up to rounding. */
export function correlationOfCovariance({
  variables,
  covariance,
}: Pick<MomentSummary, 'variables' | 'covariance'>): number[][] | Refusal {
  const sd = variables.map((_, i) => Math.sqrt(Math.max(0, covariance[i]?.[i] ?? 0)))
  const constant = sd.findIndex((value) => !(value > 0))
  if (constant >= 0)
    return refuse('no-variance', `[correlation] ${variables[constant]} is constant; leave it out.`)
  return covariance.map((row, i) =>
    row.map((value, j) => (i === j ? 1 : Math.max(-1, Math.min(1, value / ((sd[i] ?? 1) * (sd[j] ?? 1)))))),
  )
}

function pairCovariance(
  groups: readonly MomentGroup[],
  i: number,
  j: number,
  variables: readonly string[],
): number | Refusal {
  const known = groups.filter((g) => !isMissing(g, i) && !isMissing(g, j))
  const pair = i === j ? `${variables[i]}` : `${variables[i]} and ${variables[j]}`
  const n = total(known, (g) => g.n)
  if (n < 2) return refuse('too-few', `[summarise] ${n} rows know ${pair}; at least 2 are needed.`)
  const weight = total(known, (g) => g.weight)
  if (!(weight > 0))
    return refuse('no-weight', `[summarise] the rows that know ${pair} have weight 0; give positive weights.`)
  const freedom = weight - total(known, (g) => g.squaredWeight) / weight
  if (!(freedom > 1e-12 * weight))
    return refuse('too-few', `[summarise] one row carries all the weight of ${pair}; a variance needs two.`)
  const at = packedAt(i, j, variables.length)
  const square = total(known, (g) => g.products[at] ?? 0)
  const centred =
    square - (total(known, (g) => g.sums[i] ?? 0) * total(known, (g) => g.sums[j] ?? 0)) / weight
  const rounding = i === j && centred <= 1e-13 * square
  return rounding ? 0 : centred / freedom
}

function total(groups: readonly MomentGroup[], of: (group: MomentGroup) => number): number {
  let sum = 0
  for (const group of groups) sum += of(group)
  return sum
}
