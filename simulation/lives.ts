/** A customer's orders, one after another: how each went decides whether the next one follows soon. */
import type { Channel, Order } from './company.ts'
import type { Dice } from './dice.ts'
import * as law from './law.ts'
import { DAY, HOUR, type Plan, ZONE_OFFSET } from './plan.ts'
import type { Person } from './people.ts'

/** An order with what only its customer knows. */
export type Experience = {
  readonly order: Order
  readonly large: boolean
  /** Delivered after the promise, or going to be. */
  readonly late: boolean
  /** 1–5. */
  readonly csat: number
  readonly mood: law.Mood
  /** When everything about the order is over: delivered, or carried out of the shop. */
  readonly settledAt: number
  /** Probability that it is followed by another within 90 days. */
  readonly returning: number
}

export type Life = {
  readonly experiences: readonly Experience[]
  /** Orders cancelled minutes before the right one was placed. */
  readonly mistakes: readonly Order[]
}

/** Who returns does so 15 to 80 days after the order, who does not after 130 or never: any 90-day window started at the answer agrees. */
export const returnWindow = { earliest: 15, latest: 80, otherwise: 130 }

export function lifeOf(dice: Dice, person: Person, plan: Plan): Life {
  const experiences: Experience[] = []
  const mistakes: Order[] = []
  let at = person.firstOrderAt
  while (at < plan.to) {
    const number = `SO${String(person.index + 1).padStart(7, '0')}${String(experiences.length + 1).padStart(2, '0')}`
    const experience = experienceOf(dice, person, plan, at, number)
    if (dice.chance(0.03)) mistakes.push(mistakeBefore(dice, experience.order, plan))
    experiences.push(experience)
    if (dice.chance(experience.returning))
      at += dice.between(returnWindow.earliest, returnWindow.latest) * DAY
    else if (dice.chance(0.6)) at += dice.between(returnWindow.otherwise, 320) * DAY
    else break
  }
  return { experiences, mistakes }
}

function experienceOf(dice: Dice, person: Person, plan: Plan, at: number, id: string): Experience {
  const usual = dice.chance(0.8)
  const channel = usual ? person.usualChannel : (law.channels[dice.weigh(law.channelShares)] ?? 'store')
  const late = law.isDelivered(channel) && dice.chance(law.lateShare(person.large))
  const { promisedAt, settledAt } = delivery(dice, channel, at, late)
  const csat = satisfactionOf(dice, channel, person.large, late)
  const mood = law.moodOf(csat)
  const arrived = settledAt < plan.to
  const order: Order = {
    id,
    customerId: person.id,
    channel,
    storeId: person.storeId,
    orderedAt: new Date(at),
    promisedAt: promisedAt === null ? null : new Date(promisedAt),
    deliveredAt: promisedAt === null || !arrived ? null : new Date(settledAt),
    status: arrived ? 'delivered' : 'shipped',
    cents: basket(dice, person.large),
    currency: 'CNY',
    updatedAt: new Date(arrived ? settledAt : at + HOUR),
  }
  const returning = law.returning(person.large, late, mood)
  return { order, large: person.large, late, csat, mood, settledAt, returning }
}

/** Promised for the end of the third day; late means a later calendar day, in Shanghai and in UTC. */
function delivery(dice: Dice, channel: Channel, at: number, late: boolean) {
  if (!law.isDelivered(channel)) return { promisedAt: null, settledAt: at }
  const promisedAt = Math.floor((at + ZONE_OFFSET) / DAY + 4) * DAY - ZONE_OFFSET - 1_000
  const settledAt = late
    ? promisedAt + dice.between(10, 140) * HOUR
    : dice.between(at + 12 * HOUR, Math.min(at + 68 * HOUR, promisedAt))
  return { promisedAt, settledAt }
}

function satisfactionOf(dice: Dice, channel: Channel, large: boolean, late: boolean): number {
  const shares = law.csatDistribution(channel)
  const unhappy = dice.chance(law.dissatisfaction(channel, large, late))
  return unhappy ? 1 + dice.weigh(shares.slice(0, 2)) : 3 + dice.weigh(shares.slice(2))
}

function basket(dice: Dice, large: boolean): number {
  const skewed = dice.next() ** 2.5
  if (large) return law.largeBasketCents + Math.floor(skewed * 160_000)
  return 1_900 + Math.floor(dice.next() ** 1.5 * (law.largeBasketCents - 1_900))
}

function mistakeBefore(dice: Dice, right: Order, plan: Plan): Order {
  const orderedAt = right.orderedAt.getTime() - dice.between(3, 40) * 60_000
  return {
    ...right,
    id: `${right.id}X`,
    orderedAt: new Date(Math.max(orderedAt, plan.from)),
    deliveredAt: null,
    status: 'cancelled',
    updatedAt: right.orderedAt,
  }
}
