/** Intervals of ranks: how high and how low a unit may truly stand. */
import { normalUpper } from '#statistics/distributions/raw/normal.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { refuseUnits, type NormalUnits } from './normal-units.ts'

export type RankInterval = {
  /** Rank of the estimate, 1 = largest; ties share the better rank. */
  readonly rank: number
  /** Best and worst rank that the data do not rule out. */
  readonly best: number
  readonly worst: number
}

/**
 * Simultaneous intervals of the ranks of independent units: all true ranks lie inside with the confidence given.
 *
 * Refuses fewer than 2 units, errors not above 0, numbers that are not finite and a confidence outside (0, 1).
 * Formula: one-sided z tests of all ordered pairs, Holm's correction; best = 1 + units significantly above, worst = units − those significantly below.
 * Source: Mogstad, Romano, Shaikh, Wilhelm, Rev. Econ. Studies 91, 2024 (with Holm in place of the bootstrap).
 *
 * @example
 * const stores = { values: [70, 52, 50, 30], se: [3, 3, 3, 3] }
 * rankIntervals(stores)[1] // { rank: 2, best: 2, worst: 3 }
 * rankIntervals(stores)[3] // { rank: 4, best: 4, worst: 4 }
 */
export function rankIntervals({
  values,
  se,
  confidence = 0.95,
}: NormalUnits & { readonly confidence?: number }): readonly RankInterval[] | Refusal {
  const refusal = refuseUnits('rankIntervals', { values, se }, 2)
  if (refusal) return refusal
  if (!(confidence > 0 && confidence < 1))
    return refuse('out-of-range', `[rankIntervals] confidence is ${confidence}; give a share within (0, 1).`)
  const above = significantPairs({ values, se }, 1 - confidence)
  const k = values.length
  const order = values.toSorted((a, b) => b - a)
  return values.map((value, i) => ({
    rank: order.indexOf(value) + 1,
    best: 1 + above.filter(([, lower]) => lower === i).length,
    worst: k - above.filter(([higher]) => higher === i).length,
  }))
}

/** Ordered pairs (higher, lower) that Holm's procedure over all k(k−1) one-sided tests rejects as equal. */
function significantPairs({ values, se }: NormalUnits, alpha: number): [number, number][] {
  const k = values.length
  const tests: { pair: [number, number]; p: number }[] = []
  for (const [i, value] of values.entries())
    for (const [j, other] of values.entries()) {
      if (value <= other) continue
      tests.push({ pair: [i, j], p: normalUpper((value - other) / Math.hypot(se[i] ?? 0, se[j] ?? 0)) })
    }
  tests.sort((a, b) => a.p - b.p)
  const stop = tests.findIndex(({ p }, at) => p > alpha / (k * (k - 1) - at))
  return tests.slice(0, stop < 0 ? tests.length : stop).map(({ pair }) => pair)
}
