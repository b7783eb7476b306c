/** DirectLiNGAM: a causal order out of rows, for linear effects with non-Gaussian noise. Exploratory only. */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { edgesInOrder } from './lingam-edges.ts'

export type DirectLingamOptions = {
  readonly variables: readonly string[]
  /** One row per observation, one finite number per variable; a sample of at most some 100,000. */
  readonly rows: readonly (readonly number[])[]
}

export type LingamEdge = {
  readonly from: string
  readonly to: string
  /** Change of `to` per unit of `from`, all other causes of `to` held fixed. */
  readonly effect: number
}

export type DirectLingamResult = {
  /** Causes before effects. */
  readonly order: readonly string[]
  /** Effects that remain after pruning by BIC. */
  readonly edges: readonly LingamEdge[]
}

/**
 * Explores which variable acts on which: finds the order in which each is independent of the residuals of those before it.
 * Needs rows, linear effects, no hidden common cause and noise that is not Gaussian; survey scores stretch all four, so show
 * the frequencies of `directLingamBootstrap`, never one graph as a cause.
 * Takes rows of finite numbers (missing left out before); answers effects in the units of the variables.
 * Refuses fewer than two variables, fewer than ten rows per variable, values that are not finite, a constant variable,
 * variables that determine each other.
 * Formula: first is the variable that minimises Σ_j min(0, I(x_i, x_j))², I the difference of entropies of both residuals,
 * H(u) ≈ (1+ln 2π)/2 − 79.047(E[ln cosh u] − 0.37457)² − 7.4129 E[u·exp(−u²/2)]²; then repeat on the residuals. Edges by
 * least squares on all earlier variables, the weakest dropped while t² < ln n.
 * Source: Shimizu et al., JMLR 12 (2011); Hyvärinen & Smith, JMLR 14 (2013) for the measure.
 * @example
 * const random = seeded(1)
 * const rows = Array.from({ length: 500 }, () => {
 *   const wait = random.uniform()
 *   const mood = 2 * wait + random.uniform()
 *   return [3 * mood + random.uniform(), wait, mood]
 * })
 * const graph = directLingam({ variables: ['score', 'wait', 'mood'], rows })
 * graph.order // ['wait', 'mood', 'score']
 * graph.edges.map(({ effect }) => Math.round(effect)) // [2, 3]
 */
export function directLingam({ variables, rows }: DirectLingamOptions): DirectLingamResult | Refusal {
  const refusal = unusable(variables, rows)
  if (refusal) return refusal
  const columns = variables.map((_, j) => Float64Array.from(rows, (row) => row[j] ?? 0))
  const order = causalOrder(columns)
  if (!order)
    return refuse('singular', '[directLingam] a variable is constant or determined by others; leave it out.')
  const edges = edgesInOrder(columns, order)
  if (isRefusal(edges)) return edges
  return onlyFinite('directLingam', {
    order: order.map((i) => variables[i] ?? ''),
    edges: edges.map(({ from, to, effect }) => ({
      from: variables[from] ?? '',
      to: variables[to] ?? '',
      effect,
    })),
  })
}

/** Indices of the columns, causes first; undefined when a column has nothing of its own left. */
export function causalOrder(columns: readonly Float64Array[]): number[] | undefined {
  let left = columns.map((column, index) => ({ index, values: standardised(column) }))
  if (left.some(({ values }) => values === undefined)) return undefined
  const order: number[] = []
  while (left.length > 0) {
    const first = mostExogenous(left.flatMap(({ values }) => values ?? []))
    const chosen = left[first]
    if (!chosen?.values) return undefined
    order.push(chosen.index)
    const { values: cause } = chosen
    left = left
      .filter((_, i) => i !== first)
      .map(({ index, values }) => ({ index, values: values && standardised(residual(values, cause), 1e-6) }))
    if (left.some(({ values }) => values === undefined)) return undefined
  }
  return order
}

/** The column whose residuals tell least of itself. */
function mostExogenous(columns: readonly Float64Array[]): number {
  const entropies = columns.map(entropy)
  const scores = columns.map(() => 0)
  for (let i = 0; i < columns.length; i++)
    for (let j = i + 1; j < columns.length; j++) {
      const [a, b] = [columns[i], columns[j]]
      if (!a || !b) continue
      const aGivenB = entropy(standardised(residual(a, b)) ?? a)
      const bGivenA = entropy(standardised(residual(b, a)) ?? b)
      const difference = (entropies[j] ?? 0) + aGivenB - ((entropies[i] ?? 0) + bGivenA)
      scores[i] = (scores[i] ?? 0) + Math.min(0, difference) ** 2
      scores[j] = (scores[j] ?? 0) + Math.min(0, -difference) ** 2
    }
  return scores.indexOf(Math.min(...scores))
}

/** Of standardised columns: y minus its regression on x. */
function residual(y: Float64Array, x: Float64Array): Float64Array {
  let slope = 0
  for (let t = 0; t < y.length; t++) slope += ((y[t] ?? 0) * (x[t] ?? 0)) / y.length
  return y.map((value, t) => value - slope * (x[t] ?? 0))
}

/** Hyvärinen's maximum-entropy approximation for a standardised variable. */
function entropy(u: Float64Array): number {
  let [logCosh, gauss] = [0, 0]
  for (const value of u) {
    const size = Math.abs(value)
    logCosh += size + Math.log1p(Math.exp(-2 * size)) - Math.LN2
    gauss += value * Math.exp((-value * value) / 2)
  }
  const n = u.length
  return (1 + Math.log(2 * Math.PI)) / 2 - 79.047 * (logCosh / n - 0.37457) ** 2 - 7.4129 * (gauss / n) ** 2
}

/** Mean 0, population variance 1; undefined when the spread is no more than `least`. */
function standardised(column: Float64Array, least = 0): Float64Array | undefined {
  const mean = neumaierSum(column) / column.length
  const spread = deviation(column)
  return spread > Math.max(least, 1e-12 * Math.abs(mean))
    ? column.map((value) => (value - mean) / spread)
    : undefined
}

function deviation(column: Float64Array): number {
  const mean = neumaierSum(column) / column.length
  return Math.sqrt(neumaierSum(column.map((value) => (value - mean) ** 2)) / column.length)
}

function unusable(variables: readonly string[], rows: readonly (readonly number[])[]): Refusal | undefined {
  const p = variables.length
  if (p < 2) return refuse('too-few', `[directLingam] ${p} variable(s); give at least two.`)
  if (rows.length < 10 * p)
    return refuse(
      'too-few',
      `[directLingam] ${rows.length} rows for ${p} variables; ten rows each are the least.`,
    )
  const short = rows.findIndex((row) => row.length !== p)
  if (short >= 0)
    return refuse(
      'mismatch',
      `[directLingam] row ${short} has ${rows[short]?.length} values for ${p} variables.`,
    )
  const wrong = rows.findIndex((row) => !row.every(Number.isFinite))
  if (wrong >= 0)
    return refuse(
      'not-finite',
      `[directLingam] row ${wrong} has a value that is not finite; leave the row out.`,
    )
  return undefined
}
