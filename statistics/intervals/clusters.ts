/** Cluster-robust intervals: answers of one customer, store or interviewer count as one draw. */
import { LARGEST, notFinite } from '#statistics/argument-checks.ts'
import { neumaierSum } from '#statistics/algebra/index.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, finiteFactor, type Level, notLevel, tOf } from './level.ts'
import type { RatioSums } from './ratio.ts'
import { ratioDelta } from './ratio.ts'

/** What one cluster contributes. */
export type ClusterSum = {
  /** Answers in the cluster, or Σw of them. */
  readonly n: number
  /** Σx, or Σwx. */
  readonly sum: number
}

/** The additive sums over clusters from which `ratioDelta` computes the same interval. */
export function ratioSumsOfClusters(clusters: readonly ClusterSum[]): RatioSums {
  return {
    n: clusters.length,
    numerator: neumaierSum(clusters.map((c) => c.sum)),
    denominator: neumaierSum(clusters.map((c) => c.n)),
    numeratorSquares: neumaierSum(clusters.map((c) => c.sum * c.sum)),
    denominatorSquares: neumaierSum(clusters.map((c) => c.n * c.n)),
    products: neumaierSum(clusters.map((c) => c.n * c.sum)),
  }
}

/**
 * Mean per answer with a cluster-robust standard error, from one (n, Σx) per cluster; t limits with G − 1 degrees of freedom.
 * Refuses fewer than two clusters, negative or non-finite sizes, no answers at all. `populationSize` counts clusters.
 * Formula: m = Σx/Σn, se² = G/(G−1)·Σ_g(sum_g − m·n_g)²/(Σn)².
 * Source: Cochran (1977) 9A.3; equals R `survey::svymean` with `ids = ~cluster`.
 * @example
 * clusterMean({ clusters: [{ n: 2, sum: 3 }, { n: 3, sum: 3 }, { n: 1, sum: 0 }] }) // { value: 1, n: 6, se: 0.288675, clusters: 3 }
 */
export function clusterMean({
  clusters,
  confidence,
  populationSize,
}: { readonly clusters: readonly ClusterSum[] } & Level):
  | (Estimate & { se: number; clusters: number; designDf: number })
  | Refusal {
  for (const { n, sum } of clusters) {
    const refused = notFinite('clusterMean', { n, sum })
    if (refused) return refused
    if (n < 0) return refuse('out-of-range', `[clusterMean] a cluster has n ${n}; sizes must be at least 0.`)
  }
  const filled = clusters.filter((c) => c.n > 0)
  if (filled.length < 2)
    return refuse(
      'too-few',
      `[clusterMean] ${filled.length} clusters with answers; a standard error needs at least two.`,
    )
  const sums = ratioSumsOfClusters(filled)
  const ratio = ratioDelta({ ...sums, confidence, populationSize })
  if (isRefusal(ratio)) return { ...ratio, reason: ratio.reason.replace('[ratioDelta]', '[clusterMean]') }
  return { ...ratio, n: sums.denominator, clusters: filled.length, designDf: filled.length - 1 }
}

/** One cluster's answers in two overlapping samples, such as two months or two segments; n 0 where it is absent. */
export type ClusterPair = { readonly a: ClusterSum; readonly b: ClusterSum }

/**
 * Difference of two means whose samples share clusters (the same customers in both months): the covariance is in the standard error.
 * Refuses fewer than two clusters, a sample without answers, and sizes that are negative or not finite.
 * Formula: z_g = (y_ag − m_a·n_ag)/Σn_a − (y_bg − m_b·n_bg)/Σn_b, se² = G/(G−1)·Σz_g²; t limits with G − 1 degrees of freedom.
 * Source: Taylor linearisation of a difference of two ratios, Särndal, Swensson & Wretman (1992) 5.6.
 * @example
 * const clusters = [{ a: { n: 1, sum: 5 }, b: { n: 1, sum: 4 } }, { a: { n: 1, sum: 3 }, b: { n: 1, sum: 1 } }, { a: { n: 1, sum: 4 }, b: { n: 1, sum: 4 } }]
 * clusteredDifference({ clusters }) // { value: 1, n: 3, se: 0.577350 }
 */
export function clusteredDifference({
  clusters,
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
}: { readonly clusters: readonly ClusterPair[] } & Level): (Estimate & { se: number }) | Refusal {
  const filled = clusters.filter(({ a, b }) => a.n > 0 || b.n > 0)
  for (const { a, b } of clusters) {
    const refused = notFinite('clusteredDifference', {
      'a.n': a.n,
      'a.sum': a.sum,
      'b.n': b.n,
      'b.sum': b.sum,
    })
    if (refused) return refused
    if (a.n < 0 || b.n < 0)
      return refuse(
        'out-of-range',
        '[clusteredDifference] a cluster has a negative n; sizes must be at least 0.',
      )
  }
  const g = filled.length
  const refused = notLevel('clusteredDifference', { confidence, populationSize }, g)
  if (refused) return refused
  if (g < 2)
    return refuse(
      'too-few',
      `[clusteredDifference] ${g} clusters with answers; a standard error needs at least two.`,
    )
  const totals = {
    a: ratioSumsOfClusters(filled.map(({ a }) => a)),
    b: ratioSumsOfClusters(filled.map(({ b }) => b)),
  }
  if (Math.min(totals.a.denominator, totals.b.denominator) < 1 / LARGEST)
    return refuse('empty-cell', '[clusteredDifference] one sample has no answers; both sides need some.')
  const residual = (c: ClusterSum, { numerator, denominator }: RatioSums) =>
    (c.sum - (numerator / denominator) * c.n) / denominator
  const squares = neumaierSum(filled.map(({ a, b }) => (residual(a, totals.a) - residual(b, totals.b)) ** 2))
  const se = Math.sqrt(((squares * g) / (g - 1)) * finiteFactor(g, populationSize))
  const value = totals.a.numerator / totals.a.denominator - totals.b.numerator / totals.b.denominator
  const half = tOf(confidence, g - 1) * se
  return { value, n: g, se, low: value - half, high: value + half, confidence }
}
