/** Which orders the shops' tills export in which monthly file: most in their month, some a month late, open ones again once delivered. */
import type { Company, Order, Store } from './company.ts'
import { Dice } from './dice.ts'
import { endOfMonth } from './lay-file.ts'
import { ZONE_OFFSET } from './plan.ts'

export type TillFile = {
  /** English name of the region. */
  readonly region: string
  /** YYYY-MM in the company's time zone. */
  readonly month: string
  /** Orders as they stood when the file was written, at the month's end. */
  readonly orders: readonly Order[]
}

/** Orders over the counter and by telephone; all others are the CRM's. */
export function isTillOrder({ channel }: Order): boolean {
  return channel === 'store' || channel === 'phone'
}

/** Files in order of region, then month. */
export function tillFilesOf(company: Company): TillFile[] {
  const regionOf = new Map(company.stores.map((store) => [store.id, store.region.en]))
  const months = monthsOf(company)
  const dice = new Dice(company.seed, 8)
  const files = new Map<string, Order[]>()
  for (const region of new Set(company.stores.map((store: Store) => store.region.en)))
    for (const month of months) files.set(`${region}\0${month}`, [])
  for (const order of company.orders.filter(isTillOrder)) {
    const own = months.indexOf(monthOf(order.orderedAt))
    const late = dice.chance(0.01)
    for (const index of new Set([late ? own + 1 : own, months.indexOf(monthOf(order.updatedAt))])) {
      const month = months[Math.min(Math.max(index, own), months.length - 1)] ?? ''
      const exportedAt = new Date(Math.min(endOfMonth(month), company.to.getTime()) - 1)
      const region = regionOf.get(order.storeId) ?? ''
      files.get(`${region}\0${month}`)?.push(asOf(order, exportedAt))
    }
  }
  return [...files].map(([key, orders]) => {
    const [region = '', month = ''] = key.split('\0')
    return { region, month, orders }
  })
}

/** An order that is delivered later is still on its way when the month's file is written. */
function asOf(order: Order, at: Date): Order {
  if (order.deliveredAt === null || order.deliveredAt <= at) return order
  return { ...order, deliveredAt: null, status: 'shipped', updatedAt: order.orderedAt }
}

function monthOf(at: Date): string {
  return new Date(at.getTime() + ZONE_OFFSET).toISOString().slice(0, 7)
}

function monthsOf(company: Company): string[] {
  const months = new Set<string>()
  for (let at = company.from.getTime(); at < company.to.getTime(); at += 86_400_000)
    months.add(monthOf(new Date(at)))
  return [...months]
}
