/** Customer lifetime value: the money still to come, at today's value. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { expectedPurchases } from './bg-nbd-forecast.ts'
import type { BgNbdParameters, PurchaseHistory } from './bg-nbd.ts'
import { refuseDiscount } from './contract-lifetime.ts'

/**
 * Lifetime value at a constant margin and retention rate: the rough cut of every finance deck.
 *
 * `includeFirst` adds the margin of the present period. Retention and discount are per period.
 * Refuses retention outside 0…1, a discount rate ≤ −1 or so low that the sum has no end, and numbers that are not finite.
 * Formula: m·r/(1+i−r) after the first period, m(1+i)/(1+i−r) with it.
 * Source: Gupta, Lehmann, J. Interactive Marketing 17, 2003.
 *
 * @example
 * constantLifetimeValue({ margin: 100, retention: 0.8, discount: 0.1 }) // 266.6667
 * constantLifetimeValue({ margin: 100, retention: 0.8, discount: 0.1, includeFirst: true }) // 366.6667
 */
export function constantLifetimeValue({
  margin,
  retention,
  discount,
  includeFirst = false,
}: {
  readonly margin: number
  readonly retention: number
  readonly discount: number
  readonly includeFirst?: boolean
}): number | Refusal {
  if (![margin, retention, discount].every(Number.isFinite))
    return refuse('not-finite', `[constantLifetimeValue] margin, retention or discount is NaN or infinite.`)
  if (retention < 0 || retention > 1 || discount <= -1 || 1 + discount - retention <= 1e-12)
    return refuse(
      'out-of-range',
      `[constantLifetimeValue] retention ${retention} at discount ${discount}: retention lies within 0…1 and below 1 + discount.`,
    )
  return onlyFinite(
    'constantLifetimeValue',
    (margin * (includeFirst ? 1 + discount : retention)) / (1 + discount - retention),
  )
}

/**
 * Lifetime value of a customer without contract over a number of periods: expected purchases × spend × margin, discounted.
 *
 * `periodLength` is a period in the time unit of the history (a month = 4.345 weeks); `discount` is per period.
 * Refuses what `expectedPurchases` refuses, periods that are no whole number from 1, a spend below 0 and a discount rate below 0.0001.
 * Formula: Σₜ (E[Y(t)] − E[Y(t−1)])·spend·margin/(1+d)ᵗ.
 * Source: Fader, Hardie, Lee, J. Marketing Research 42, 2005.
 *
 * @example
 * const model = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
 * const history = { frequency: 2, recency: 30.43, age: 38.86 }
 * purchaseLifetimeValue({ model, history, spend: 24.66, periods: 12, periodLength: 4.345, discount: 0.01 }) // 36.28375
 */
export function purchaseLifetimeValue({
  model,
  history,
  spend,
  margin = 1,
  periods,
  periodLength = 1,
  discount,
}: {
  readonly model: BgNbdParameters
  readonly history: PurchaseHistory
  /** Expected spend per purchase, from `expectedSpend`. */
  readonly spend: number
  /** Share of spend that stays. */
  readonly margin?: number
  readonly periods: number
  readonly periodLength?: number
  readonly discount: number
}): number | Refusal {
  const refusal = refuseDiscount('purchaseLifetimeValue', discount)
  if (refusal) return refusal
  const whole = Number.isInteger(periods) && periods >= 1 && periods <= 10_000
  if (
    !whole ||
    !(spend >= 0 && Number.isFinite(spend * margin)) ||
    !(periodLength > 0 && Number.isFinite(periodLength))
  )
    return refuse(
      'out-of-range',
      `[purchaseLifetimeValue] periods ${periods}, spend ${spend}, margin ${margin}, period length ${periodLength}: periods is a whole number from 1, spend at least 0, length above 0.`,
    )
  let before = 0
  let value = 0
  for (let t = 1; t <= periods; t++) {
    const upTo = expectedPurchases(model, { history, horizon: t * periodLength })
    if (isRefusal(upTo))
      return { ...upTo, reason: upTo.reason.replace('[expectedPurchases]', '[purchaseLifetimeValue]') }
    value += ((upTo - before) * spend * margin) / (1 + discount) ** t
    before = upTo
  }
  return onlyFinite('purchaseLifetimeValue', value)
}
