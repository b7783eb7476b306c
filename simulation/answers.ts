/** Filled-in questionnaires: one about an order, one after a WeChat order, and twice a year one about the company as a whole. */
import type { Channel, Submission, SurveyId } from './company.ts'
import { Dice } from './dice.ts'
import * as law from './law.ts'
import type { Experience } from './lives.ts'
import { DAY, HOUR, type Plan } from './plan.ts'
import type { Person } from './people.ts'
import { commentOn } from './comments.ts'

/** Answers about orders: who answers is left to chance alone. */
export function orderAnswersOf(
  dice: Dice,
  person: Person,
  experiences: readonly Experience[],
  plan: Plan,
): Submission[] {
  return experiences.flatMap((experience, index) => {
    const wechat = experience.order.channel === 'wechat'
    const answers = dice.chance(wechat ? law.wechatResponse : law.transactionResponse)
    const submittedAt = experience.settledAt + dice.between(4, 60) * HOUR
    if (!answers || submittedAt >= plan.to) return []
    const submission = aboutOrder(dice, person, experience, submittedAt, index)
    return [submission, ...repeated(dice, submission)]
  })
}

function aboutOrder(
  dice: Dice,
  person: Person,
  experience: Experience,
  submittedAt: number,
  index: number,
): Submission {
  const { order, csat, mood, late } = experience
  const survey: SurveyId = order.channel === 'wechat' ? 'wechat' : 'transaction'
  const touchpoints = touchpointScores(dice, order.channel, csat, late)
  return {
    id: `${survey.charAt(0)}${person.index.toString(36)}-${index.toString(36)}`,
    survey,
    customerId: person.id,
    language: person.language,
    channel: order.channel,
    touchpoint: law.isDelivered(order.channel) ? 'delivery' : 'store',
    storeId: order.storeId,
    orderId: dice.chance(0.9) ? order.id : null,
    startedAt: new Date(submittedAt - dice.between(40, 400) * 1_000),
    submittedAt: new Date(submittedAt),
    nps: npsScore(dice, law.npsShares(order.channel, mood)),
    csat,
    touchpoints,
    intent: survey === 'wechat' ? null : (intents[dice.weigh(law.intentions(mood))] ?? null),
    comment: dice.chance(mood === 'neutral' ? 0.25 : 0.5)
      ? commentOn(dice, person.language, mood, touchpoints)
      : null,
  }
}

const intents = ['leave', 'stay', 'raise'] as const

/** A double click sends the same answers again under another id, seconds later. */
function repeated(dice: Dice, submission: Submission): Submission[] {
  if (!dice.chance(0.008)) return []
  const submittedAt = new Date(submission.submittedAt.getTime() + dice.between(2, 20) * 1_000)
  return [{ ...submission, id: `${submission.id}r`, submittedAt }]
}

function touchpointScores(dice: Dice, channel: Channel, csat: number, late: boolean): Record<string, number> {
  const asked: law.Touchpoint[] = [...law.alwaysAsked]
  if (law.isDelivered(channel)) asked.push('delivery')
  if (channel === 'app' || channel === 'web') asked.push('app')
  const scores: Record<string, number> = {}
  for (const touchpoint of asked) {
    if (dice.chance(0.03)) continue
    const pulled = dice.chance(law.touchpointPull[touchpoint])
    const score = pulled ? csat : 1 + dice.weigh(law.touchpointBase)
    scores[touchpoint] = touchpoint === 'delivery' && late ? Math.max(1, score - 2) : score
  }
  return scores
}

function npsScore(dice: Dice, shares: readonly [number, number, number]): number {
  const group = dice.weigh(shares)
  if (group === 0) return dice.weigh([8, 3, 6, 10, 12, 28, 33])
  return group === 1 ? 7 + dice.weigh([45, 55]) : 9 + dice.weigh([45, 55])
}

/** The first of each survey: five and eleven months into every year. */
export function wavesOf(plan: Plan): number[] {
  const waves: number[] = []
  for (let year = plan.from; year < plan.to; year += 365 * DAY) waves.push(year + 150 * DAY, year + 330 * DAY)
  return waves.filter((wave) => wave + 20 * DAY < plan.to)
}

/** Whoever has ordered before a wave is asked; large-basket customers answer four times as often. */
export function relationshipAnswersOf(dice: Dice, person: Person, plan: Plan): Submission[] {
  const invited = wavesOf(plan).filter((wave) => person.firstOrderAt < wave)
  return invited.flatMap((wave, index) => {
    if (!dice.chance(law.relationshipResponse(person.large))) return []
    const attitude = dice.weigh(law.attitudeShares(person.large))
    const csat = attitude === 2 ? dice.whole(4, 5) : attitude === 1 ? dice.whole(3, 4) : dice.whole(1, 3)
    const submittedAt = wave + dice.between(1, 18 * 24) * HOUR
    const touchpoints = touchpointScores(dice, person.usualChannel, csat, false)
    const submission: Submission = {
      id: `r${person.index.toString(36)}-${index}`,
      survey: 'relationship',
      customerId: person.id,
      language: person.language,
      channel: person.usualChannel,
      touchpoint: 'relationship',
      storeId: person.storeId,
      orderId: null,
      startedAt: new Date(submittedAt - dice.between(60, 900) * 1_000),
      submittedAt: new Date(submittedAt),
      nps: npsScore(dice, onlyGroup(attitude)),
      csat,
      touchpoints,
      intent: null,
      comment: dice.chance(0.4) ? commentOn(dice, person.language, law.moodOf(csat), touchpoints) : null,
    }
    return [submission, ...repeated(dice, submission)]
  })
}

const onlyGroup = (group: number): [number, number, number] => [
  +(group === 0),
  +(group === 1),
  +(group === 2),
]
