/** Relative risks of groups, against the average and against the rest: two numbers that are too often taken for one. */
import { normalQuantile } from '#statistics/distributions/index.ts'
import type { Interval } from '#statistics/estimate.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

export type RiskGroup = { readonly group: string; readonly events: number; readonly n: number }

export type RelativeRisk = {
  readonly group: string
  readonly risk: number
  readonly share: number
  /** Risk of the group over risk of everybody; Σ share·value = 1 and value ≤ 1/share. */
  readonly againstAverage: Interval & { readonly value: number }
  /** Risk of the group over risk of all others. */
  readonly againstRest: Interval & { readonly value: number }
}

/**
 * How much likelier an event is in each group than on average, and than in the rest ("dissatisfied customers leave 3 times
 * as often": as whom?). Takes events and n of groups that part everybody; no adjustment for anything.
 * Refuses fewer than two groups, counts that are not finite or not 0 ≤ events ≤ n, an empty group, a group or a rest
 * without events (the ratio has no interval).
 * Formula: against rest p_g/p_r with log-normal interval, SE² = 1/a − 1/n_g + 1/b − 1/n_r; against average
 * 1/(s + (1−s)/ratio) of value and limits, s = share of the group.
 * Source: Katz et al. 1978 for the interval; the average is the share-weighted mean of group and rest.
 * @example
 * const groups = [{ group: 'detractor', events: 630, n: 2100 }, { group: 'passive', events: 210, n: 3900 }, { group: 'promoter', events: 160, n: 4000 }]
 * const risks = relativeRisks({ groups })
 * risks.map(({ againstAverage }) => againstAverage.value) // [3, 0.53846, 0.4]
 * risks.map(({ againstRest }) => againstRest.value) // [6.405, 0.4158, 0.2857]
 */
export function relativeRisks({
  groups,
  confidence = 0.95,
}: {
  readonly groups: readonly RiskGroup[]
  readonly confidence?: number
}): RelativeRisk[] | Refusal {
  const refusal = unusable(groups)
  if (refusal) return refusal
  const z = normalQuantile((1 + confidence) / 2)
  if (isRefusal(z) || !(confidence > 0))
    return refuse(
      'out-of-range',
      `[relativeRisks] confidence is ${confidence}; give a share between 0 and 1.`,
    )
  const total = { events: sum(groups, 'events'), n: sum(groups, 'n') }
  return onlyFinite(
    'relativeRisks',
    groups.map(({ group, events, n }) => {
      const rest = { events: total.events - events, n: total.n - n }
      const ratio = events / n / (rest.events / rest.n)
      const factor = Math.exp(z * Math.sqrt(1 / events - 1 / n + 1 / rest.events - 1 / rest.n))
      const share = n / total.n
      const againstRest = { value: ratio, low: ratio / factor, high: ratio * factor, confidence }
      const average = (ofRest: number) => 1 / (share + (1 - share) / ofRest)
      const { value, low, high } = againstRest
      const againstAverage = { value: average(value), low: average(low), high: average(high), confidence }
      return { group, risk: events / n, share, againstAverage, againstRest }
    }),
  )
}

function unusable(groups: readonly RiskGroup[]): Refusal | undefined {
  if (groups.length < 2)
    return refuse('too-few', `[relativeRisks] ${groups.length} group(s) given; give at least two.`)
  for (const { group, events, n } of groups) {
    if (!Number.isFinite(events) || !Number.isFinite(n))
      return refuse('not-finite', `[relativeRisks] "${group}" has ${events} of ${n}; give finite counts.`)
    if (n === 0) return refuse('empty-cell', `[relativeRisks] "${group}" is empty; leave it out.`)
    if (events < 0 || events > n)
      return refuse('out-of-range', `[relativeRisks] "${group}" has ${events} of ${n}; give 0 ≤ events ≤ n.`)
  }
  const none = groups.find(({ events }) => events === 0 || events === sum(groups, 'events'))
  return none
    ? refuse(
        'one-class',
        `[relativeRisks] all or none of the events are in "${none.group}"; a ratio of 0 or ∞ has no interval.`,
      )
    : undefined
}

function sum(groups: readonly RiskGroup[], of: 'events' | 'n'): number {
  return groups.reduce((total, group) => total + group[of], 0)
}
