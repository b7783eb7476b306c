/** Tickets and calls: what goes wrong makes people write and ring. */
import type { Call, Ticket } from './company.ts'
import { commentOn } from './comments.ts'
import type { Dice } from './dice.ts'
import type { Experience } from './lives.ts'
import type { Person } from './people.ts'
import { DAY, HOUR, type Plan } from './plan.ts'

/** Numbers for tickets and calls, counted up over a whole block. */
export type Counter = { ticket: number; call: number }

export type Service = { readonly tickets: Ticket[]; readonly calls: Call[] }

export function serviceOf(
  dice: Dice,
  person: Person,
  experiences: readonly Experience[],
  plan: Plan,
  counter: Counter,
): Service {
  const service: Service = { tickets: [], calls: [] }
  for (const experience of experiences) {
    const at = experience.settledAt - (experience.late ? dice.between(0, 30) : -dice.between(1, 90)) * HOUR
    if (at >= plan.to) continue
    const asks = 0.02 + (experience.late ? 0.12 : 0) + (experience.mood === 'dissatisfied' ? 0.05 : 0)
    const ticket = dice.chance(asks) ? ticketOf(dice, person, experience, at, plan, counter) : null
    if (ticket) service.tickets.push(ticket)
    const rings = ticket?.channel === 'voice' ? 1 + Number(dice.chance(0.25)) : Number(dice.chance(0.025))
    for (let ring = 0; ring < rings; ring += 1)
      service.calls.push(callOf(dice, person, at + ring * dice.between(1, 26) * HOUR, ticket, counter))
  }
  return {
    tickets: service.tickets,
    calls: service.calls.filter((call) => call.startedAt.getTime() < plan.to),
  }
}

function ticketOf(
  dice: Dice,
  person: Person,
  experience: Experience,
  at: number,
  plan: Plan,
  counter: Counter,
): Ticket {
  counter.ticket += 1
  const touchpoint = experience.late ? 'delivery' : dice.pick(['staff', 'product', 'price', 'app'])
  const description = commentOn(dice, person.language, experience.mood, { [touchpoint]: experience.csat })
  const closedAt = at + dice.between(1, 90) * HOUR
  const solved = closedAt < plan.to
  const updatedAt = solved ? closedAt : at
  return {
    id: counter.ticket,
    customerId: person.id,
    channel: dice.pick(['email', 'voice', 'voice', 'web', 'chat']),
    subject: subjectOf(person.language, touchpoint, experience.order.id),
    description,
    language: person.language,
    status: statusOf(dice, solved, plan.to - at > 30 * DAY),
    priority: experience.late ? dice.pick(['high', 'urgent', 'normal']) : dice.pick(['low', 'normal']),
    createdAt: new Date(at),
    updatedAt: new Date(updatedAt),
    rating: solved && dice.chance(0.35) ? ratingOf(dice, person, experience, updatedAt) : null,
  }
}

function statusOf(dice: Dice, solved: boolean, old: boolean): Ticket['status'] {
  if (dice.chance(0.005)) return 'deleted'
  if (!solved) return dice.pick(['open', 'pending'])
  return old ? 'closed' : 'solved'
}

function ratingOf(dice: Dice, person: Person, experience: Experience, at: number): Ticket['rating'] {
  const good = dice.chance(experience.mood === 'dissatisfied' ? 0.45 : 0.85)
  const comment = dice.chance(0.3)
    ? commentOn(dice, person.language, good ? 'satisfied' : 'dissatisfied', { staff: good ? 5 : 1 })
    : null
  return { score: good ? 'good' : 'bad', comment, createdAt: new Date(at) }
}

function callOf(dice: Dice, person: Person, at: number, ticket: Ticket | null, counter: Counter): Call {
  counter.call += 1
  const waitSeconds = Math.floor(dice.next() ** 3 * 600)
  const abandoned = ticket === null && dice.chance(waitSeconds > 180 ? 0.4 : 0.03)
  const talkSeconds = abandoned ? 0 : dice.whole(30, 900)
  return {
    id: counter.call,
    customerId: person.id,
    ticketId: ticket?.id ?? null,
    startedAt: new Date(at),
    direction: dice.chance(0.88) ? 'inbound' : 'outbound',
    waitSeconds,
    talkSeconds,
    completion: abandoned ? 'abandoned_in_queue' : 'completed',
    updatedAt: new Date(at + (waitSeconds + talkSeconds) * 1_000),
  }
}

const subjects: Readonly<Record<string, readonly [string, string]>> = {
  delivery: ['订单迟迟未到', 'Where is my order'],
  staff: ['服务态度问题', 'About the service I got'],
  product: ['商品质量问题', 'Problem with the product'],
  price: ['价格与优惠咨询', 'Question about a price'],
  app: ['App 使用问题', 'Problem with the app'],
}

function subjectOf(language: 'zh' | 'en', touchpoint: string, orderId: string): string {
  const [zh, en] = subjects[touchpoint] ?? ['咨询', 'Question']
  return language === 'zh' ? `${zh}（${orderId}）` : `${en} (${orderId})`
}
