/** The company is the same for the same seed, hangs together, and is as dirty as promised. */
import { describe, expect, test } from 'vitest'
import type { Company } from './company.ts'
import { placeholderPhone } from './contacts.ts'
import { companyBlocks, generateCompany } from './generate.ts'
import * as law from './law.ts'

const company: Company = generateCompany({ seed: 7, size: 'tiny' })
const unique = (ids: readonly unknown[]): boolean => new Set(ids).size === ids.length

describe('the law', () => {
  test('is 21 % dissatisfied, whatever the basket, and WeChat stays below 30 % satisfied', () => {
    for (const channel of ['store', 'web', 'app', 'phone'] as const)
      for (const large of [true, false]) {
        const late = law.isDelivered(channel) ? law.lateShare(large) : 0
        const share =
          late * law.dissatisfaction(channel, large, true) +
          (1 - late) * law.dissatisfaction(channel, large, false)
        expect(share).toBeCloseTo(0.21, 12)
      }
    expect(law.moodShare('wechat', 'satisfied')).toBeLessThan(0.3)
  })

  test('ratios to the average, weighted by share, make one', () => {
    const average = (index: 0 | 2): number =>
      law.moods.reduce((sum, mood) => sum + law.moodShare('web', mood) * law.intentions(mood)[index], 0)
    expect(average(0)).toBeCloseTo(0.1, 12)
    expect(average(2)).toBeCloseTo(0.25, 12)
    expect(law.intentions('dissatisfied')[0] / average(0)).toBeCloseTo(3, 12)
    expect(law.intentions('satisfied')[2] / average(2)).toBeCloseTo(1.3, 12)
    expect(law.leaveRatio.dissatisfied).toBeLessThanOrEqual(1 / law.moodShare('web', 'dissatisfied'))
  })

  test('draws from probabilities only', () => {
    for (const mood of law.moods) {
      const nps = law.channels.map((channel) => law.npsShares(channel, mood))
      for (const shares of [law.intentions(mood), ...nps]) {
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(0)
      }
      for (const [large, late] of [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ] as const) {
        expect(law.returning(large, late, mood)).toBeGreaterThan(0.1)
        expect(law.returning(large, late, mood)).toBeLessThan(0.9)
      }
    }
  })

  test('makes one touchpoint matter most, and their shares one', () => {
    const shares = law.alwaysAsked.map(law.driverShare)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(shares[0]).toBeGreaterThan(0.6)
  })

  test('makes lateness harmful', () => {
    expect(law.effectOfLateness('web', true)).toBeCloseTo(
      -0.06 - 0.15 * 0.3867 - 0.05 * 0.3867 * (0.57 / 0.79),
      3,
    )
  })
})

describe('a company', () => {
  test('is the same for the same seed and another for the next', () => {
    expect(generateCompany({ seed: 7, size: 'tiny' })).toEqual(company)
    const next = generateCompany({ seed: 8, size: 'tiny' })
    expect(next.orders.slice(0, 50).map(({ cents }) => cents)).not.toEqual(
      company.orders.slice(0, 50).map(({ cents }) => cents),
    )
  })

  test('hangs together: ids are unique, and whatever is named exists', () => {
    const { customers, orders, tickets, submissions, stores, contacts, calls, posts } = company
    for (const list of [customers, orders, tickets, submissions, stores, contacts, calls, posts])
      expect(unique(list.map(({ id }) => id))).toBe(true)
    const known = new Set(customers.map(({ id }) => id))
    for (const { customerId } of [...orders, ...tickets, ...submissions, ...contacts, ...calls])
      expect(known).toContain(customerId)
    const orderIds = new Set(orders.map(({ id }) => id))
    for (const { orderId } of submissions) if (orderId !== null) expect(orderIds).toContain(orderId)
    const ticketIds = new Set(tickets.map(({ id }) => id))
    for (const { ticketId } of calls) if (ticketId !== null) expect(ticketIds).toContain(ticketId)
  })

  test('happens inside its period, causes before effects', () => {
    const [from, to] = [+company.from, +company.to]
    for (const order of company.orders) {
      expect(+order.orderedAt).toBeGreaterThanOrEqual(from)
      expect(+order.updatedAt).toBeLessThan(to)
      expect(+(order.deliveredAt ?? order.orderedAt)).toBeGreaterThanOrEqual(+order.orderedAt)
    }
    const orders = new Map(company.orders.map((order) => [order.id, order]))
    for (const { orderId, submittedAt, startedAt } of company.submissions) {
      const about = orderId === null ? undefined : orders.get(orderId)
      expect(+submittedAt).toBeLessThan(to)
      expect(+startedAt).toBeLessThan(+submittedAt)
      if (about !== undefined) expect(+submittedAt).toBeGreaterThan(+(about.deliveredAt ?? about.orderedAt))
    }
    for (const { createdAt, updatedAt } of [...company.contacts, ...company.tickets])
      expect(+updatedAt).toBeGreaterThanOrEqual(+createdAt)
  })

  test('keeps its people apart and its records dirty', () => {
    const { customers, contacts } = company
    expect(unique(customers.map(({ email }) => email))).toBe(true)
    const shared = customers.length - new Set(customers.map(({ phone }) => phone)).size
    expect(shared / customers.length).toBeGreaterThan(0.008)
    expect(shared / customers.length).toBeLessThan(0.025)
    for (const { email, phone, memberId } of contacts) expect(email ?? phone ?? memberId).not.toBeNull()
    const some = (is: (contact: (typeof contacts)[number]) => boolean): void =>
      expect(contacts.some(is)).toBe(true)
    some(({ email }) => email === null)
    some(({ email }) => /[A-Z]/.test(email ?? ''))
    some(({ email }) => /[ａ-ｚ]/.test(email ?? ''))
    some(({ phone }) => phone?.startsWith('+86 ') === true)
    some(({ phone }) => /[０-９]/.test(phone ?? ''))
    expect(contacts.filter(({ phone }) => phone === placeholderPhone).length).toBeGreaterThan(2)
  })

  test('speaks Chinese and English, and does not repeat itself much', () => {
    const comments = company.submissions.flatMap(({ comment, language }) =>
      comment === null ? [] : [{ comment, language }],
    )
    expect(comments.some(({ language }) => language === 'en')).toBe(true)
    for (const { comment, language } of comments)
      expect(/\p{Script=Han}/u.test(comment)).toBe(language === 'zh')
    expect(new Set(comments.map(({ comment }) => comment)).size / comments.length).toBeGreaterThan(0.6)
  })

  test('counts itself right', () => {
    const truth = new Map(company.truth.map(({ name, value }) => [name, value]))
    expect(unique(company.truth.map(({ name }) => name))).toBe(true)
    expect(truth.get('count.persons')).toBe(2_000)
    expect(truth.get('count.contacts')).toBe(2_000 + (truth.get('count.duplicate_contacts') ?? 0))
    const surveys = ['relationship', 'transaction', 'wechat'].map(
      (survey) => truth.get(`count.submissions_${survey}`) ?? 0,
    )
    expect(surveys.reduce((sum, count) => sum + count, 0)).toBe(company.submissions.length)
  })
})

test('blocks of a large company come one by one and share no id', () => {
  const ids: string[] = []
  for (const { orders, customers } of companyBlocks({ seed: 3, size: 'large' })) {
    ids.push(...orders.map(({ id }) => id), ...customers.map(({ id }) => id))
    if (ids.length > 150_000) break
  }
  expect(unique(ids)).toBe(true)
})
