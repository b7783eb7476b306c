/** Which drivers the data cannot tell apart, so that a ranking is not read more finely than it was measured. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { normalUpper } from '#statistics/distributions/raw/normal.ts'
import { tUpper } from '#statistics/distributions/raw/student.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type InseparableGroups = {
  /** Largest sets of items of which no two differ significantly; sets may overlap. Items by falling value, sets by their first item. */
  readonly groups: readonly (readonly number[])[]
  /** Two-sided p of each pair after Holm's correction; 1 on the diagonal. */
  readonly p: MatrixRows
}

/**
 * Sets of statistics (driver weights, store scores) that cannot be told apart at a level.
 *
 * `covariance` is that of the statistics (from `bucketJackknife`), `df` its degrees of freedom (buckets − 1), default normal.
 * Refuses shapes that disagree, values that are not finite, negative variances and an α outside (0, 1).
 * Formula: t = (θᵢ − θⱼ)/√(Vᵢᵢ + Vⱼⱼ − 2Vᵢⱼ), Holm over all pairs, maximal cliques of the pairs with p > α.
 * Source: Piepho, J. Comput. Graph. Stat. 13, 2004 (letter displays); Holm 1979; Bron, Kerbosch 1973.
 *
 * @example
 * const input = { values: [0.4, 0.25, 0.22], covariance: [[0.001, 0, 0], [0, 0.001, 0], [0, 0, 0.001]] }
 * inseparableGroups(input).groups // [[0], [1, 2]]
 */
export function inseparableGroups({
  values,
  covariance,
  df = Infinity,
  alpha = 0.05,
}: {
  readonly values: readonly number[]
  readonly covariance: MatrixRows
  readonly df?: number
  readonly alpha?: number
}): InseparableGroups | Refusal {
  const k = values.length
  if (k === 0 || covariance.length !== k || covariance.some((row) => row.length !== k))
    return refuse(
      'mismatch',
      `[inseparableGroups] ${k} values need a ${k}×${k} covariance matrix and at least one value.`,
    )
  if (!values.concat(covariance.flat()).every(Number.isFinite))
    return refuse('not-finite', `[inseparableGroups] a value or covariance is NaN or infinite.`)
  if (!(df > 0) || !(alpha > 0 && alpha < 1) || covariance.some((row, i) => (row[i] ?? 0) < 0))
    return refuse(
      'out-of-range',
      `[inseparableGroups] df ${df}, alpha ${alpha}: df must be above 0, alpha within (0, 1), variances at least 0.`,
    )
  const pairs = values.flatMap((_, i) =>
    values.slice(i + 1).map((_unused, offset) => [i, i + 1 + offset] as const),
  )
  const adjusted = holm(pairs.map(([i, j]) => pairP(values, covariance, i, j, df)))
  const p = values.map(() => values.map(() => 1))
  for (const [at, [i, j]] of pairs.entries()) {
    for (const [a, b] of [
      [i, j],
      [j, i],
    ] as const)
      (p[a] ?? [])[b] = adjusted[at] ?? 1
  }
  const order = values.map((_, i) => i).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
  const together = (i: number, j: number) => i !== j && (p[i]?.[j] ?? 0) > alpha
  return onlyFinite('inseparableGroups', { groups: maximalCliques(order, together), p })
}

function pairP(values: readonly number[], v: MatrixRows, i: number, j: number, df: number): number {
  const variance = (v[i]?.[i] ?? 0) + (v[j]?.[j] ?? 0) - 2 * (v[i]?.[j] ?? 0)
  const gap = Math.abs((values[i] ?? 0) - (values[j] ?? 0))
  if (gap === 0) return 1
  if (variance <= 0) return 0
  const t = gap / Math.sqrt(variance)
  return 2 * (df === Infinity ? normalUpper(t) : tUpper(t, df))
}

function holm(p: readonly number[]): number[] {
  const order = p.map((_, i) => i).sort((a, b) => (p[a] ?? 0) - (p[b] ?? 0))
  const adjusted = p.map(() => 1)
  let largest = 0
  for (const [rank, i] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (p[i] ?? 1) * (p.length - rank)))
    adjusted[i] = largest
  }
  return adjusted
}

/** Bron–Kerbosch with a pivot, over vertices in the order in which cliques shall be read. */
function maximalCliques(order: readonly number[], together: (i: number, j: number) => boolean): number[][] {
  const cliques: number[][] = []
  const grow = (clique: number[], open: number[], closed: number[]): void => {
    if (open.length === 0 && closed.length === 0) cliques.push(clique)
    const pivot = open[0] ?? closed[0]
    if (pivot === undefined) return
    for (const vertex of open.filter((v) => !together(v, pivot))) {
      grow(
        [...clique, vertex],
        open.filter((v) => together(v, vertex)),
        closed.filter((v) => together(v, vertex)),
      )
      open = open.filter((v) => v !== vertex)
      closed = [...closed, vertex]
    }
  }
  grow([], [...order], [])
  const rank = new Map(order.map((item, at) => [item, at]))
  const place = (item: number | undefined) => rank.get(item ?? -1) ?? 0
  return cliques
    .map((clique) => clique.sort((a, b) => place(a) - place(b)))
    .sort((a, b) => place(a[0]) - place(b[0]) || place(a.at(-1)) - place(b.at(-1)))
}
