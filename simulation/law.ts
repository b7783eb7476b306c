/**
 * The planted law: every probability the simulation draws from, and the population values that follow from them.
 *
 * Satisfaction is drawn so that its distribution is the same for large and small baskets although large baskets are late more
 * often (they forgive more when on time). So counting answers of a random sample of orders is honest, while comparing late with
 * punctual orders is not: who is late also buys more.
 */
import type { Channel } from './company.ts'

export type Mood = 'dissatisfied' | 'neutral' | 'satisfied'
export const moods: readonly Mood[] = ['dissatisfied', 'neutral', 'satisfied']
export type NpsGroup = 'detractor' | 'passive' | 'promoter'
export const npsGroups: readonly NpsGroup[] = ['detractor', 'passive', 'promoter']

/** Shares of the satisfaction scores 1–5. WeChat stays below 30 % satisfied (4–5). */
const csatShares = {
  shop: [0.08, 0.13, 0.22, 0.32, 0.25],
  wechat: [0.16, 0.24, 0.32, 0.19, 0.09],
} as const

export const moodOf = (csat: number): Mood =>
  csat <= 2 ? 'dissatisfied' : csat === 3 ? 'neutral' : 'satisfied'

export function csatDistribution(channel: Channel): readonly number[] {
  return channel === 'wechat' ? csatShares.wechat : csatShares.shop
}

/** Share of a mood among the orders of a channel: shop 0.21, 0.22, 0.57; WeChat 0.40, 0.32, 0.28. */
export function moodShare(channel: Channel, mood: Mood): number {
  return csatDistribution(channel).reduce(
    (sum, share, index) => sum + (moodOf(index + 1) === mood ? share : 0),
    0,
  )
}

// ── who buys, and who is late ──

/** A large basket is worth at least ¥400, every time; a small one always less: an analyst can see which. */
export const largeBasketShare = 0.25
export const largeBasketCents = 40_000
export const channels: readonly Channel[] = ['store', 'web', 'app', 'wechat', 'phone']
export const channelShares: readonly number[] = [0.4, 0.15, 0.2, 0.15, 0.1]
export const isDelivered = (channel: Channel): boolean => channel !== 'store'
export const lateShare = (large: boolean): number => (large ? 0.25 : 0.05)

/** Probability that an order leaves its customer dissatisfied; averages to the mood's share in both basket sizes. */
export function dissatisfaction(channel: Channel, large: boolean, late: boolean): number {
  const share = moodShare(channel, 'dissatisfied')
  if (!isDelivered(channel)) return share
  const whenLate = channel === 'wechat' ? 0.7 : 0.5
  if (late) return whenLate
  return (share - lateShare(large) * whenLate) / (1 - lateShare(large))
}

// ── what they do next ──

/** Probability of another order within 90 days. */
export function returning(large: boolean, late: boolean, mood: Mood): number {
  const moodEffect = { dissatisfied: -0.15, neutral: 0, satisfied: 0.05 }[mood]
  return (large ? 0.72 : 0.42) + moodEffect - (late ? 0.06 : 0)
}

/** What lateness itself does to that probability, through the mood and besides it, for one order. */
export function effectOfLateness(channel: Channel, large: boolean): number {
  const under = (late: boolean): number => {
    const unhappy = dissatisfaction(channel, large, late)
    const rest = (1 - unhappy) / (1 - moodShare(channel, 'dissatisfied'))
    return moods.reduce((sum, mood) => {
      const share = mood === 'dissatisfied' ? unhappy : rest * moodShare(channel, mood)
      return sum + share * returning(large, late, mood)
    }, 0)
  }
  return under(true) - under(false)
}

// ── what they say ──

/** Share of answers that say so, over all transaction answers. */
const intentAverage = { leave: 0.1, raise: 0.25 }
/** Ratio to the average; the ratio left open follows from Σ share·ratio = 1. */
export const leaveRatio = { dissatisfied: 3, neutral: 0.7 }
export const raiseRatio = { dissatisfied: 0.2, satisfied: 1.3 }

const remaining = (ratios: Partial<Record<Mood, number>>, mood: Mood): number =>
  (1 - moods.reduce((sum, other) => sum + moodShare('web', other) * (ratios[other] ?? 0), 0)) /
  moodShare('web', mood)

/** Probabilities of [leave, stay, raise] by mood: .30/.07/.0379 leave, .05/.2466/.325 raise. */
export function intentions(mood: Mood): readonly [number, number, number] {
  const leave = intentAverage.leave * (mood === 'satisfied' ? remaining(leaveRatio, mood) : leaveRatio[mood])
  const raise = intentAverage.raise * (mood === 'neutral' ? remaining(raiseRatio, mood) : raiseRatio[mood])
  return [leave, 1 - leave - raise, raise]
}

const npsByMood: Readonly<Record<Mood, readonly [number, number]>> = {
  dissatisfied: [0.8, 0.04],
  neutral: [0.35, 0.12],
  satisfied: [0.06, 0.58],
}
const npsShift: Readonly<Record<Channel, number>> = {
  store: 0.04,
  web: 0,
  app: 0.02,
  wechat: -0.03,
  phone: -0.03,
}

/** Probabilities of [detractor, passive, promoter] after an order. */
export function npsShares(channel: Channel, mood: Mood): readonly [number, number, number] {
  const [detractor, promoter] = npsByMood[mood]
  const shift = npsShift[channel]
  return [detractor - shift, 1 - detractor - promoter, promoter + shift]
}

/** NPS of a channel's orders in points: store 16.62, web 8.62, app 12.62, phone 2.62, WeChat −29.20. */
export function npsOf(channel: Channel): number {
  const net = moods.reduce((sum, mood) => {
    const [detractor, , promoter] = npsShares(channel, mood)
    return sum + moodShare(channel, mood) * (promoter - detractor)
  }, 0)
  return net * 100
}

/** Half-yearly relationship survey: large-basket customers like the company more and answer far more often. */
export const attitudeShares = (large: boolean): readonly [number, number, number] =>
  large ? [0.15, 0.25, 0.6] : [0.32, 0.36, 0.32]
export const relationshipResponse = (large: boolean): number => (large ? 0.3 : 0.07)

/** Answering a survey about one order depends on nothing but chance. */
export const transactionResponse = 0.25
export const wechatResponse = 0.3

// ── what moves satisfaction ──

/** A touchpoint's score repeats the overall score with this probability, else it is drawn from `touchpointBase`. */
export const touchpointPull = { staff: 0.65, product: 0.4, price: 0.25, delivery: 0.45, app: 0.35 } as const
export type Touchpoint = keyof typeof touchpointPull
export const touchpointBase: readonly number[] = [0.05, 0.1, 0.25, 0.35, 0.25]
/** Asked of everyone; delivery and app only where there was one. */
export const alwaysAsked: readonly Touchpoint[] = ['staff', 'product', 'price']

/** Correlation of a touchpoint's score with the overall score in the transaction survey. */
export function touchpointCorrelation(touchpoint: Touchpoint): number {
  const overall = momentsOf(csatShares.shop)
  const base = momentsOf(touchpointBase)
  const pull = touchpointPull[touchpoint]
  const mean = pull * overall.mean + (1 - pull) * base.mean
  const square = pull * overall.square + (1 - pull) * base.square
  return (pull * overall.variance) / Math.sqrt(overall.variance * (square - mean ** 2))
}

/**
 * Share of explained variance (LMG, all orders of entry averaged) of one of the touchpoints asked of everyone. Given the overall
 * score they are independent, so R²(S) = g/(1+g) with g = Σ ρ²/(1−ρ²).
 */
export function driverShare(touchpoint: Touchpoint): number {
  const odds = (t: Touchpoint): number => 1 / (1 / touchpointCorrelation(t) ** 2 - 1)
  const explained = (set: readonly Touchpoint[]): number => {
    const g = set.reduce((sum, t) => sum + odds(t), 0)
    return g / (1 + g)
  }
  const others = alwaysAsked.filter((t) => t !== touchpoint)
  const gain = (before: readonly Touchpoint[]): number =>
    explained([...before, touchpoint]) - explained(before)
  const middle = others.reduce((sum, other) => sum + gain([other]), 0) / others.length
  return (gain([]) + middle + gain(others)) / 3 / explained(alwaysAsked)
}

function momentsOf(shares: readonly number[]): { mean: number; square: number; variance: number } {
  const mean = shares.reduce((sum, share, index) => sum + share * (index + 1), 0)
  const square = shares.reduce((sum, share, index) => sum + share * (index + 1) ** 2, 0)
  return { mean, square, variance: square - mean ** 2 }
}
