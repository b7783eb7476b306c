/** Difference-in-differences over clusters and periods, with the pre-trend table that it must never be shown without. */
import { dot, solve } from '#statistics/algebra/index.ts'
import { fUpper } from '#statistics/distributions/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { around, type TestedEstimate } from './around.ts'
import { type ClusterCell, type GroupPeriods, groupPeriods } from './group-periods.ts'

export type DidOptions = {
  readonly cells: readonly ClusterCell[]
  /** Clusters that were treated; all others are controls. */
  readonly treated: readonly string[]
  /** First period after treatment began. */
  readonly start: number
  /**
   * `by-group` (default): variance of each group by its own number of clusters and Welch's df, honest with few treated clusters.
   * `cr1`: pooled cluster-robust with G/(G−1)·(N−1)/(N−K) and G−1 df, as Stata and statsmodels print it.
   */
  readonly variance?: 'by-group' | 'cr1'
  /** Default 0.95. */
  readonly confidence?: number
}

export type DidPeriod = {
  readonly period: number
  readonly treatedMean: number
  readonly controlMean: number
  /** Gap of this period minus the gap of the last period before treatment; null in that period itself. */
  readonly effect: TestedEstimate | null
}

export type DidResult = {
  /** Mean gap of the periods after minus mean gap of the periods before, every period counting the same. */
  readonly effect: TestedEstimate
  readonly clusters: { readonly treated: number; readonly control: number }
  readonly periods: readonly DidPeriod[]
  /** F test that all gaps before treatment are equal; null with one period before, or too few clusters for the test. */
  readonly preTrend: {
    readonly f: number
    readonly df1: number
    readonly df2: number
    readonly p: number
  } | null
}

/**
 * Effect of a change given to some clusters (stores, regions) from a date on, against the clusters without it.
 * Takes n and Σy per cluster and period; standard errors are clustered at the unit that was treated, so that thousands of
 * answers in five stores count as five. Comes with the effect of each period and a test of the pre-trend.
 * Refuses fewer than two clusters in a group, no period before or after, a period that a group misses, values not finite.
 * Formula: gap_t = ȳ_Tt − ȳ_Ct; effect = mean gap after − mean gap before; influence of a cluster on ȳ_gt is
 * (Σy_ct − n_ct·ȳ_gt)/N_gt, variance the sum of its squares times G/(G−1).
 * Source: Bertrand, Duflo & Mullainathan, QJE 119 (2004); Cameron & Miller, JHR 50 (2015) for the corrections.
 * @example
 * const cell = (cluster, period, sum) => ({ cluster, period, n: 10, sum })
 * const cells = [
 *   cell('a', 1, 50), cell('a', 2, 52), cell('a', 3, 70), cell('b', 1, 60), cell('b', 2, 60), cell('b', 3, 74),
 *   cell('c', 1, 40), cell('c', 2, 41), cell('c', 3, 43), cell('d', 1, 55), cell('d', 2, 57), cell('d', 3, 57),
 * ]
 * const did = differenceInDifferences({ cells, treated: ['a', 'b'], start: 3 })
 * did.effect // { value: 1.475, se: 0.26101, df: 1.1786, n: 120 }
 * did.periods[0].effect.value // 0.05
 */
export function differenceInDifferences({
  cells,
  treated,
  start,
  variance = 'by-group',
  confidence = 0.95,
}: DidOptions): DidResult | Refusal {
  const groups = groupPeriods(cells, new Set(treated))
  if (isRefusal(groups)) return groups
  const before = groups.periods.filter((period) => period < start).length
  const after = groups.periods.length - before
  if (before === 0 || after === 0)
    return refuse(
      'too-few',
      `[differenceInDifferences] ${before} period(s) before and ${after} from ${start} on; both are needed.`,
    )
  const contrast = (weights: readonly number[]) => estimateOf(groups, weights, variance, confidence)
  const last = before - 1
  const effect = contrast(groups.periods.map((_, i) => (i < before ? -1 / before : 1 / after)))
  if (isRefusal(effect)) return effect
  const periods: DidPeriod[] = []
  for (const [i, period] of groups.periods.entries()) {
    const own = i === last ? null : contrast(unit(groups.periods.length, i, last))
    periods.push({
      period,
      treatedMean: groups.treatedMeans[i] ?? 0,
      controlMean: groups.controlMeans[i] ?? 0,
      effect: isRefusal(own) ? null : own,
    })
  }
  return onlyFinite('differenceInDifferences', {
    effect,
    clusters: { treated: groups.treated.length, control: groups.control.length },
    periods,
    preTrend: preTrend(groups, before, variance),
  })
}

function unit(length: number, plus: number, minus: number): number[] {
  return Array.from({ length }, (_, i) => (i === plus ? 1 : i === minus ? -1 : 0))
}

type Variance = 'by-group' | 'cr1'

/** Linear combination of the gaps with its clustered standard error. */
function estimateOf(
  groups: GroupPeriods,
  weights: readonly number[],
  variance: Variance,
  confidence: number,
) {
  const gaps = groups.treatedMeans.map((mean, i) => mean - (groups.controlMeans[i] ?? 0))
  const [treated, control] = [groups.treated, groups.control].map((rows) =>
    covariance(rows, [weights], correction(groups, rows.length, variance)),
  )
  const parts = [treated?.[0]?.[0] ?? 0, control?.[0]?.[0] ?? 0] as const
  const value = dot(gaps, weights)
  const se = Math.sqrt(parts[0] + parts[1])
  const df = freedom(groups, parts, variance)
  return around({ where: 'differenceInDifferences', value, se, n: groups.n, confidence, df })
}

/** Σ over clusters of the influence on each contrast, as a matrix. */
function covariance(
  rows: readonly (readonly number[])[],
  contrasts: readonly (readonly number[])[],
  factor: number,
) {
  const influence = rows.map((row) => contrasts.map((weights) => dot(row, weights)))
  return contrasts.map((_, i) =>
    contrasts.map((_, j) => factor * influence.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)),
  )
}

function correction({ treated, control, periods, n }: GroupPeriods, own: number, variance: Variance): number {
  if (variance === 'by-group') return own / (own - 1)
  const clusters = treated.length + control.length
  return (clusters / (clusters - 1)) * ((n - 1) / (n - 2 * periods.length))
}

function freedom(
  { treated, control }: GroupPeriods,
  parts: readonly [number, number],
  variance: Variance,
): number {
  if (variance === 'cr1') return treated.length + control.length - 1
  const [t, c] = parts
  return (t + c) ** 2 / (t ** 2 / (treated.length - 1) + c ** 2 / (control.length - 1))
}

/** Wald test that the gaps of all periods before treatment equal the last one, as F with clusters − 1 df. */
function preTrend(groups: GroupPeriods, before: number, variance: Variance): DidResult['preTrend'] {
  const last = before - 1
  const contrasts = Array.from({ length: last }, (_, i) => unit(groups.periods.length, i, last))
  const df2 = groups.treated.length + groups.control.length - 1
  if (last === 0 || df2 <= last) return null
  const gaps = groups.treatedMeans.map((mean, i) => mean - (groups.controlMeans[i] ?? 0))
  const leads = contrasts.map((weights) => dot(gaps, weights))
  const [t, c] = [groups.treated, groups.control].map((rows) =>
    covariance(rows, contrasts, correction(groups, rows.length, variance)),
  )
  const solved = solve(
    leads.map((_, i) => leads.map((_, j) => (t?.[i]?.[j] ?? 0) + (c?.[i]?.[j] ?? 0))),
    leads,
  )
  if (isRefusal(solved)) return null
  const f = dot(leads, solved) / last
  const p = fUpper({ f, df1: last, df2 })
  return isRefusal(p) ? null : { f, df1: last, df2, p }
}
