/** Group means per period with each cluster's influence on them: what difference-in-differences and its pre-trend share. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type ClusterCell = {
  /** The unit at which treatment was given: a store, a region; repeat answers inside it hang together. */
  readonly cluster: string
  /** Any numbers that order the periods. */
  readonly period: number
  readonly n: number
  /** Σ y. */
  readonly sum: number
}

export type GroupPeriods = {
  readonly periods: readonly number[]
  readonly treatedMeans: readonly number[]
  readonly controlMeans: readonly number[]
  /** Per treated cluster its influence on each period's treated mean, Σ = 0 over clusters. */
  readonly treated: readonly (readonly number[])[]
  readonly control: readonly (readonly number[])[]
  /** Rows in all. */
  readonly n: number
}

/** Refuses counts that are not finite or negative, fewer than two clusters in a group, and a period that a group misses. */
export function groupPeriods(
  cells: readonly ClusterCell[],
  treatedClusters: ReadonlySet<string>,
): GroupPeriods | Refusal {
  const wrong = cells.find(({ n, sum, period }) => ![n, sum, period].every(Number.isFinite))
  if (wrong)
    return refuse(
      'not-finite',
      `[differenceInDifferences] cluster ${wrong.cluster} has n ${wrong.n}, sum ${wrong.sum} in period ${wrong.period}.`,
    )
  const negative = cells.find(({ n, sum }) => n < 0 || (n === 0 && sum !== 0))
  if (negative)
    return refuse(
      'out-of-range',
      `[differenceInDifferences] cluster ${negative.cluster} has n ${negative.n} with sum ${negative.sum}.`,
    )
  const periods = [...new Set(cells.map(({ period }) => period))].sort((a, b) => a - b)
  const groups = [true, false].map((side) => {
    const own = cells.filter(({ cluster, n }) => n > 0 && treatedClusters.has(cluster) === side)
    return groupOf(own, periods)
  })
  const [treated, control] = groups
  for (const [i, group] of groups.entries()) {
    const name = i === 0 ? 'treated' : 'control'
    if (group.influence.length < 2)
      return refuse(
        'too-few',
        `[differenceInDifferences] ${group.influence.length} ${name} cluster(s); two are the least for a standard error.`,
      )
    const gap = group.totals.findIndex((n) => n === 0)
    if (gap >= 0)
      return refuse(
        'empty-cell',
        `[differenceInDifferences] no ${name} answers in period ${periods[gap]}; leave the period out.`,
      )
  }
  if (!treated || !control) return refuse('too-few', '[differenceInDifferences] no cells.')
  return {
    periods,
    treatedMeans: treated.means,
    controlMeans: control.means,
    treated: treated.influence,
    control: control.influence,
    n: [...treated.totals, ...control.totals].reduce((sum, n) => sum + n, 0),
  }
}

function groupOf(cells: readonly ClusterCell[], periods: readonly number[]) {
  const at = new Map(periods.map((period, i) => [period, i]))
  const totals = periods.map(() => 0)
  const sums = periods.map(() => 0)
  for (const { period, n, sum } of cells) {
    const i = at.get(period) ?? 0
    totals[i] = (totals[i] ?? 0) + n
    sums[i] = (sums[i] ?? 0) + sum
  }
  const means = sums.map((sum, i) => sum / (totals[i] ?? 1))
  const influence = new Map<string, number[]>()
  for (const { cluster, period, n, sum } of cells) {
    const i = at.get(period) ?? 0
    const row = influence.get(cluster) ?? periods.map(() => 0)
    row[i] = (row[i] ?? 0) + (sum - n * (means[i] ?? 0)) / (totals[i] ?? 1)
    influence.set(cluster, row)
  }
  return { totals, means, influence: [...influence.values()] }
}
