/** An analyst who sees the whole company without its law: the estimators that should, or should not, find the planted effects again. */
import { wavesOf } from './answers.ts'
import type { Company, Order, Submission } from './company.ts'
import * as law from './law.ts'
import { DAY, plans } from './plan.ts'

/** Estimate and standard error. */
export type Estimate = { readonly value: number; readonly se: number }
function mean(values: readonly number[]): Estimate {
  const value = values.reduce((sum, one) => sum + one, 0) / values.length
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (values.length - 1)
  return { value, se: Math.sqrt(variance / values.length) }
}

const share = <T>(list: readonly T[], is: (item: T) => boolean): Estimate =>
  mean(list.map((item) => Number(is(item))))

/** (a/b)/(c/n) with the influence function of its logarithm. */
function ratioToAverage(
  list: readonly Submission[],
  isGroup: (s: Submission) => boolean,
  says: Submission['intent'],
): Estimate {
  const answered = list.filter(({ intent, csat }) => intent !== null && csat !== null)
  const n = answered.length
  const group = answered.filter(isGroup).length
  const sayers = answered.filter(({ intent }) => intent === says)
  const both = sayers.filter(isGroup).length
  const value = both / group / (sayers.length / n)
  const influence = answered.map((s) => {
    const [g, l] = [Number(isGroup(s)), Number(s.intent === says)]
    return (g * l * n) / both - (g * n) / group - (l * n) / sayers.length + 1
  })
  return { value, se: value * mean(influence).se }
}

const net = (s: Submission): number => ((s.nps ?? 7) >= 9 ? 100 : (s.nps ?? 7) <= 6 ? -100 : 0)
const isDissatisfied = ({ csat }: Submission): boolean => (csat ?? 3) <= 2
const isSatisfied = ({ csat }: Submission): boolean => (csat ?? 3) >= 4

function ordersByCustomer(company: Company): Map<string, Order[]> {
  return Map.groupBy(company.orders, ({ customerId }) => customerId)
}

function returns(orders: readonly Order[] | undefined, after: number): boolean {
  return orders?.some(({ orderedAt }) => +orderedAt > after && +orderedAt <= after + 90 * DAY) ?? false
}

/** Counting alone: shares, NPS, ratios to the average, repurchase by score group; named like the planted effects. */
export function plainEstimates(company: Company): Record<string, Estimate> {
  const transaction = company.submissions.filter(({ survey }) => survey === 'transaction')
  const wechat = company.submissions.filter(({ survey }) => survey === 'wechat')
  const orders = ordersByCustomer(company)
  const observed = transaction.filter(({ submittedAt }) => +submittedAt <= +company.to - 90 * DAY)
  const again = (is: (s: Submission) => boolean): Estimate =>
    share(observed.filter(is), (s) => returns(orders.get(s.customerId), +s.submittedAt))
  const nps = (channel: string): Estimate =>
    mean([...transaction, ...wechat].filter((s) => s.channel === channel).map(net))
  return {
    dissatisfied_share: share(transaction, isDissatisfied),
    'leave_ratio.dissatisfied': ratioToAverage(transaction, isDissatisfied, 'leave'),
    'raise_ratio.satisfied': ratioToAverage(transaction, isSatisfied, 'raise'),
    'satisfied_share.wechat': share(wechat, isSatisfied),
    ...Object.fromEntries(law.channels.map((channel) => [`nps.${channel}`, nps(channel)])),
    'repurchase_90d.dissatisfied': again(isDissatisfied),
    'repurchase_90d.neutral': again(({ csat }) => csat === 3),
    'repurchase_90d.satisfied': again(isSatisfied),
    'repurchase_90d.detractor': again(({ nps }) => (nps ?? 7) <= 6),
    'repurchase_90d.passive': again(({ nps }) => nps === 7 || nps === 8),
    'repurchase_90d.promoter': again(({ nps }) => (nps ?? 7) >= 9),
  }
}

const isLarge = ({ cents }: Order): boolean => cents >= law.largeBasketCents

/** Σ share·estimate over strata. */
function stratified(strata: readonly { share: number; estimate: Estimate }[]): Estimate {
  const value = strata.reduce((sum, { share, estimate }) => sum + share * estimate.value, 0)
  const variance = strata.reduce((sum, { share, estimate }) => sum + (share * estimate.se) ** 2, 0)
  return { value, se: Math.sqrt(variance) }
}

/** Late against punctual orders: as they are, and within basket sizes. */
export function lateness(company: Company): { naive: Estimate; adjusted: Estimate } {
  const orders = ordersByCustomer(company)
  const delivered = company.orders.filter(
    (order) =>
      order.promisedAt !== null &&
      order.status !== 'cancelled' &&
      +order.orderedAt <= +company.to - 100 * DAY,
  )
  const difference = (list: readonly Order[]): Estimate => {
    const side = (late: boolean): Estimate =>
      share(
        list.filter(({ promisedAt, deliveredAt }) => (deliveredAt ?? 0) > (promisedAt ?? 0) === late),
        (order) => returns(orders.get(order.customerId), +order.orderedAt),
      )
    const [late, punctual] = [side(true), side(false)]
    return { value: late.value - punctual.value, se: Math.hypot(late.se, punctual.se) }
  }
  const strata = [true, false].map((large) => {
    const list = delivered.filter((order) => isLarge(order) === large)
    return { share: list.length / delivered.length, estimate: difference(list) }
  })
  return { naive: difference(delivered), adjusted: stratified(strata) }
}

/** The relationship survey as answered, and weighted to everybody who had ordered before its wave. */
export function relationship(company: Company): { naive: Estimate; adjusted: Estimate } {
  const answers = company.submissions.filter(({ survey }) => survey === 'relationship')
  const first = new Map<string, Order>()
  for (const order of company.orders) if (!first.has(order.customerId)) first.set(order.customerId, order)
  const invited = wavesOf(plans[company.size]).flatMap((wave) =>
    [...first.values()].filter(({ orderedAt }) => +orderedAt < wave).map(isLarge),
  )
  const strata = [true, false].map((large) => ({
    share: invited.filter((one) => one === large).length / invited.length,
    estimate: mean(answers.filter((s) => isLarge(first.get(s.customerId) as Order) === large).map(net)),
  }))
  return { naive: mean(answers.map(net)), adjusted: stratified(strata) }
}

/** Correlations among the touchpoints everybody is asked about, and of each with the overall score; complete answers only. */
export function driverCorrelations(company: Company): { drivers: number[][]; outcome: number[] } {
  const rows = company.submissions
    .filter((s) => s.survey === 'transaction' && law.alwaysAsked.every((t) => s.touchpoints[t] !== undefined))
    .map((s) => [...law.alwaysAsked.map((t) => s.touchpoints[t] ?? 0), s.csat ?? 0])
  const centred = [...law.alwaysAsked, 'csat'].map((_, j) => {
    const column = rows.map((row) => row[j] ?? 0)
    const { value } = mean(column)
    return column.map((one) => one - value)
  })
  const product = (a: number, b: number): number =>
    (centred[a] ?? []).reduce((sum, one, i) => sum + one * (centred[b]?.[i] ?? 0), 0)
  const r = (a: number, b: number): number => product(a, b) / Math.sqrt(product(a, a) * product(b, b))
  const index = law.alwaysAsked.map((_, j) => j)
  return {
    drivers: index.map((a) => index.map((b) => (a === b ? 1 : r(a, b)))),
    outcome: index.map((a) => r(a, index.length)),
  }
}
