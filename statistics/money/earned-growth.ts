/** Earned growth: growth that customers brought by staying and telling others, apart from growth that was bought. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type EarnedGrowth = {
  /** This period's revenue from last period's customers, over last period's revenue. */
  readonly netRevenueRetention: number
  /** Revenue of new customers who came by referral, over last period's revenue. */
  readonly earnedNewCustomers: number
  /** NRR + ENC − 1. */
  readonly earnedGrowthRate: number
  /** Revenue of new customers who were bought by advertising or price, over last period's revenue. */
  readonly boughtGrowth: number
  /** Earned + bought. */
  readonly totalGrowth: number
  /** Share of new customers' revenue that was earned; absent without new customers. */
  readonly earnedShareOfNew?: number
}

/**
 * Growth split into earned and bought, as shares of last period's revenue.
 *
 * All four amounts in one currency and unit. Refuses last period's revenue not above 0, negative revenue of new customers and amounts that are not finite.
 * Formula: EGR = NRR + ENC − 100 %.
 * Source: Reichheld, Darnell, Burns, Harvard Business Review, November 2021.
 *
 * @example
 * earnedGrowth({ lastRevenue: 1000, retainedRevenue: 1130, earnedNewRevenue: 90, boughtNewRevenue: 60 }) // { netRevenueRetention: 1.13, earnedNewCustomers: 0.09, earnedGrowthRate: 0.22, boughtGrowth: 0.06, totalGrowth: 0.28, earnedShareOfNew: 0.6 }
 */
export function earnedGrowth({
  lastRevenue,
  retainedRevenue,
  earnedNewRevenue,
  boughtNewRevenue,
}: {
  readonly lastRevenue: number
  readonly retainedRevenue: number
  readonly earnedNewRevenue: number
  readonly boughtNewRevenue: number
}): EarnedGrowth | Refusal {
  if (![lastRevenue, retainedRevenue, earnedNewRevenue, boughtNewRevenue].every(Number.isFinite))
    return refuse('not-finite', `[earnedGrowth] an amount is NaN or infinite.`)
  if (lastRevenue <= 0 || earnedNewRevenue < 0 || boughtNewRevenue < 0)
    return refuse(
      'out-of-range',
      `[earnedGrowth] last revenue ${lastRevenue} must be above 0, revenue of new customers (${earnedNewRevenue}, ${boughtNewRevenue}) at least 0.`,
    )
  const added = earnedNewRevenue + boughtNewRevenue
  return onlyFinite('earnedGrowth', {
    netRevenueRetention: retainedRevenue / lastRevenue,
    earnedNewCustomers: earnedNewRevenue / lastRevenue,
    earnedGrowthRate: (retainedRevenue + earnedNewRevenue - lastRevenue) / lastRevenue,
    boughtGrowth: boughtNewRevenue / lastRevenue,
    totalGrowth: (retainedRevenue + added - lastRevenue) / lastRevenue,
    ...(added > 0 ? { earnedShareOfNew: earnedNewRevenue / added } : {}),
  })
}
