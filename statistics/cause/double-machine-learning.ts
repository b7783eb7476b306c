/** Double machine learning with linear nuisances, cross-fitted from the moments of hash buckets: no rows needed. */
import { dot, solve } from '#statistics/algebra/index.ts'
import type { Moments } from '#statistics/moments/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { around, type TestedEstimate } from './around.ts'
import { bucketProducts, minus, plus, type Products } from './bucket-products.ts'

export type DoubleMachineLearningOptions = {
  readonly moments: Moments
  readonly outcome: string
  readonly treatment: string
  /** Variables adjusted for; all others of the table unless given. */
  readonly controls?: readonly string[]
  /** Fold of a bucket = bucket mod folds. Default 5. */
  readonly folds?: number
  /** Default 0.95. */
  readonly confidence?: number
}

/**
 * Effect of one unit more treatment on the outcome, with all controls partialled out of both on other folds' rows.
 * Takes moments by hash bucket (complete rows only); answers in outcome units per unit of treatment; the interval is a
 * bucket jackknife, so that all rows of one customer move together.
 * Refuses unknown or repeated variables, fewer than two folds, fewer buckets than twice the folds, an empty fold, too few
 * rows for the controls, collinear controls, a treatment that the controls determine.
 * Formula: θ = Σ_k Σ_{i∈k} (d−x'b₋ₖ)(y−x'g₋ₖ) / Σ_k Σ_{i∈k} (d−x'b₋ₖ)², b₋ₖ, g₋ₖ least squares outside fold k;
 * SE² = (G−1)/G·Σ(θ₍₋g₎ − θ̄)² over G buckets.
 * Source: Chernozhukov et al., Econometrics Journal 21 (2018), partialling-out score, DML2.
 * @example
 * const rows = Array.from({ length: 200 }, (_, i) => {
 *   const x = (i * 7) % 11
 *   const d = 0.5 * x + ((i * 5) % 7)
 *   return { values: [3 * d + 2 * x + ((i * 3) % 5), d, x], bucket: i % 20 }
 * })
 * const moments = momentsFromRows({ variables: ['y', 'd', 'x'], rows })
 * doubleMachineLearning({ moments, outcome: 'y', treatment: 'd' }) // { value: 3.0259, se: 0.023232, n: 200 }
 */
export function doubleMachineLearning({
  moments,
  outcome,
  treatment,
  controls = moments.variables.filter((name) => name !== outcome && name !== treatment),
  folds = 5,
  confidence = 0.95,
}: DoubleMachineLearningOptions): TestedEstimate | Refusal {
  const products = bucketProducts('doubleMachineLearning', moments, [outcome, treatment, ...controls])
  if (isRefusal(products)) return products
  if (!Number.isInteger(folds) || folds < 2)
    return refuse(
      'out-of-range',
      `[doubleMachineLearning] folds is ${folds}; give a whole number of at least 2.`,
    )
  if (products.length < 2 * folds)
    return refuse(
      'too-few',
      `[doubleMachineLearning] ${products.length} buckets for ${folds} folds; two buckets a fold are the least.`,
    )
  const perFold = Array.from({ length: folds }, (_, fold) =>
    sumOf(products.filter(({ bucket }) => bucket % folds === fold)),
  )
  const full = partialledOut(perFold)
  if (isRefusal(full)) return full
  const without: number[] = []
  for (const left of products) {
    const fold = left.bucket % folds
    const theta = partialledOut(perFold.map((sum, k) => (k === fold && sum ? minus(sum, left) : sum)))
    if (isRefusal(theta)) return theta
    without.push(theta)
  }
  const groups = without.length
  const centre = without.reduce((sum, theta) => sum + theta / groups, 0)
  const spread = without.reduce((sum, theta) => sum + (theta - centre) ** 2, 0)
  return around({
    where: 'doubleMachineLearning',
    value: full,
    se: Math.sqrt(((groups - 1) / groups) * spread),
    n: products.reduce((sum, { n }) => sum + n, 0),
    confidence,
    df: groups - 1,
  })
}

function sumOf(products: readonly Products[]): Products | undefined {
  return products.length === 0 ? undefined : products.reduce(plus)
}

/** θ from the cross-products of each fold; columns: constant, outcome, treatment, controls. */
function partialledOut(folds: readonly (Products | undefined)[]): number | Refusal {
  const filled = folds.filter((fold) => fold !== undefined && fold.n > 0)
  if (filled.length < folds.length)
    return refuse(
      'empty-cell',
      `[doubleMachineLearning] ${folds.length - filled.length} fold(s) are empty; use fewer folds or spread the buckets.`,
    )
  const total = filled.filter((fold) => fold !== undefined).reduce(plus)
  let [cross, square, raw] = [0, 0, 0]
  for (const held of filled) {
    if (!held) continue
    const rest = minus(total, held)
    const known = [0, ...held.matrix.keys()].filter((column, i) => i === 0 || column > 2)
    if (rest.n <= known.length)
      return refuse(
        'too-few',
        `[doubleMachineLearning] ${rest.n} rows outside a fold for ${known.length} nuisance parameters.`,
      )
    const gram = known.map((i) => known.map((j) => rest.matrix[i]?.[j] ?? 0))
    const [y, d] = [1, 2].map((column) => residualOf(rest, gram, known, column))
    if (isRefusal(y)) return y
    if (isRefusal(d)) return d
    if (!y || !d) continue
    cross += quadratic(held, d, y)
    square += quadratic(held, d, d)
    raw += held.matrix[2]?.[2] ?? 0
  }
  if (!(square > 1e-12 * raw))
    return refuse(
      'no-variance',
      '[doubleMachineLearning] the controls determine the treatment; nothing of it is left to compare.',
    )
  return cross / square
}

/** A variable minus its regression outside the fold, as coefficients over all columns. */
function residualOf(
  rest: Products,
  gram: readonly (readonly number[])[],
  known: readonly number[],
  column: number,
): number[] | Refusal {
  const slopes = solve(
    gram,
    known.map((i) => rest.matrix[i]?.[column] ?? 0),
  )
  if (isRefusal(slopes))
    return refuse(
      'singular',
      '[doubleMachineLearning] the controls depend on each other outside a fold; leave one out.',
    )
  return rest.matrix.map((_, i) =>
    i === column ? 1 : known.includes(i) ? -(slopes[known.indexOf(i)] ?? 0) : 0,
  )
}

function quadratic({ matrix }: Products, a: readonly number[], b: readonly number[]): number {
  return dot(
    a,
    matrix.map((row) => dot(row, b)),
  )
}
