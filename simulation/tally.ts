/** Running sums over everybody's true probabilities: the population values that an honest sample estimates. */
import * as law from './law.ts'
import type { Experience } from './lives.ts'
import { DAY, type Plan } from './plan.ts'
import type { Person } from './people.ts'

export type Mean = { weight: number; sum: number }

export type Tally = {
  readonly returnByMood: Readonly<Record<law.Mood, Mean>>
  readonly returnByNps: Readonly<Record<law.NpsGroup, Mean>>
  readonly latenessEffect: Mean
  readonly attitude: Mean
}

export function emptyTally(): Tally {
  const mean = (): Mean => ({ weight: 0, sum: 0 })
  return {
    returnByMood: { dissatisfied: mean(), neutral: mean(), satisfied: mean() },
    returnByNps: { detractor: mean(), passive: mean(), promoter: mean() },
    latenessEffect: mean(),
    attitude: mean(),
  }
}

/** Only orders whose 90 days are over before the data ends count. */
export function tallyOrder(tally: Tally, experience: Experience, plan: Plan): void {
  const { order, mood, returning, large } = experience
  if (order.orderedAt.getTime() > plan.to - 100 * DAY) return
  if (law.isDelivered(order.channel)) add(tally.latenessEffect, 1, law.effectOfLateness(order.channel, large))
  if (order.channel === 'wechat') return
  add(tally.returnByMood[mood], 1, returning)
  const shares = law.npsShares(order.channel, mood)
  for (const [index, group] of law.npsGroups.entries())
    add(tally.returnByNps[group], shares[index] ?? 0, returning)
}

/** Once per wave a person is asked in. */
export function tallyAttitude(tally: Tally, person: Person, waves: number): void {
  const [detractor, , promoter] = law.attitudeShares(person.large)
  add(tally.attitude, waves, promoter - detractor)
}

export function merge(into: Tally, from: Tally): void {
  for (const mood of law.moods) addMean(into.returnByMood[mood], from.returnByMood[mood])
  for (const group of law.npsGroups) addMean(into.returnByNps[group], from.returnByNps[group])
  addMean(into.latenessEffect, from.latenessEffect)
  addMean(into.attitude, from.attitude)
}

function add(mean: Mean, weight: number, value: number): void {
  mean.weight += weight
  mean.sum += weight * value
}

function addMean(into: Mean, from: Mean): void {
  into.weight += from.weight
  into.sum += from.sum
}
