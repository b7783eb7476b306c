/** The dropped files, read back through the file connector: what was planted is found, and nothing else. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createContext } from '#connectors/context.ts'
import type { Unreadable } from '#connectors/connector.ts'
import { files } from '#connectors/files.ts'
import type { Company, PlantedEffect } from './company.ts'
import { dropFiles } from './drops.ts'
import { generateCompany } from './generate.ts'
import { isTillOrder } from './till-orders.ts'

const pos = {
  match: 'pos/**',
  key: ['order_no'],
  eventTime: 'ordered_at',
  cursorField: 'updated_at',
  timezone: 'Asia/Shanghai',
  columns: {
    order_no: { type: 'text', from: ['订单号', 'order_no'] },
    store: { type: 'text', from: ['门店', 'store'] },
    channel: { type: 'text', from: ['渠道', 'channel'], codes: { 门店: 'store', 电话: 'phone' } },
    ordered_at: { type: 'timestamp', from: ['下单时间', 'ordered_at'] },
    promised_at: { type: 'timestamp', from: ['承诺送达', 'promised_at'] },
    delivered_at: { type: 'timestamp', from: ['实际送达', 'delivered_at'] },
    status: {
      type: 'text',
      from: ['状态', 'status'],
      codes: { 已完成: 'delivered', 已取消: 'cancelled', 配送中: 'shipped' },
    },
    amount: { type: 'money', from: ['金额', 'amount'] },
    member_no: { type: 'text', from: ['会员号', 'member_no'] },
    phone: { type: 'text', from: ['手机', 'phone'] },
    updated_at: { type: 'timestamp', from: ['更新时间', 'updated_at'] },
    note: { type: 'text', from: ['备注', 'note'], optional: true },
  },
  privacy: { member_no: 'id', phone: 'phone' },
}
const kiosk = {
  match: 'kiosk/*.jsonl',
  key: ['id'],
  eventTime: 'pressed_at',
  others: 'drop',
  columns: { id: 'text', store: 'text', pressed_at: 'timestamp', score: 'integer', comment: 'text' },
}

type Landed = { good: Record<string, unknown>[]; bad: number; unreadable: Unreadable[] }

async function land(folder: string, stream: string): Promise<Landed> {
  const config = files.config.parse({ folder, streams: { pos, kiosk } })
  const context = createContext({
    source: 'stores',
    connector: files,
    config,
    secrets: {},
    random: () => 0.5,
  })
  const record = files.streams(config).find(({ name }) => name === stream)?.record
  const landed: Landed = { good: [], bad: 0, unreadable: [] }
  const request = { stream, slice: {}, checkpoint: null, signal: AbortSignal.timeout(20_000) }
  for await (const event of files.read({ ...context, config }, request)) {
    if (event.type !== 'page') continue
    landed.unreadable.push(...(event.unreadable ?? []))
    for (const raw of event.records) {
      const parsed = record?.safeParse(raw)
      if (parsed?.success === true) landed.good.push(parsed.data)
      else landed.bad += 1
    }
  }
  return landed
}

function latest(rows: readonly Record<string, unknown>[], key: string, cursor: string) {
  const newest = new Map<unknown, Record<string, unknown>>()
  for (const row of rows) {
    const known = newest.get(row[key])
    if (known === undefined || String(row[cursor]) >= String(known[cursor])) newest.set(row[key], row)
  }
  return newest
}

describe.each([1, 20])('the files of seed %i', (seed) => {
  let folder = ''
  let company: Company
  let planted: readonly PlantedEffect[]
  const of = (name: string): number | undefined =>
    planted.find((effect) => effect.name === `files.${name}`)?.value

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'saydo-drops-'))
    company = generateCompany({ seed, size: 'tiny' })
    planted = dropFiles(company, folder)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('hold every till order in its last state, once copies and repeated exports are told apart', async () => {
    const { good } = await land(folder, 'pos')
    const orders = latest(good, 'order_no', 'updated_at')
    const expected = company.orders.filter(isTillOrder)
    expect(good.length).toBeGreaterThan(expected.length)
    expect(orders.size).toBe(expected.length)
    const second = (at: Date | null): string | null =>
      at === null ? null : `${at.toISOString().slice(0, 19)}.000Z`
    for (const order of expected)
      expect(orders.get(order.id)).toMatchObject({
        store: order.storeId,
        channel: order.channel,
        ordered_at: second(order.orderedAt),
        promised_at: second(order.promisedAt),
        delivered_at: second(order.deliveredAt),
        status: order.status,
        amount: (order.cents / 100).toFixed(2),
      })
  })

  test('hold the planted damage, each with its reason and its line', async () => {
    const { bad, unreadable } = await land(folder, 'pos')
    const because = (reason: RegExp): number => unreadable.filter((one) => reason.test(one.reason)).length
    expect(because(/^has \d+ cells where/)).toBe(of('ragged_lines'))
    expect(because(/^contains bytes that are not valid/)).toBe(of('broken_lines'))
    expect(because(/^the file is refused/)).toBe(of('refused_files'))
    expect(unreadable.length).toBe(
      (of('ragged_lines') ?? 0) + (of('broken_lines') ?? 0) + (of('refused_files') ?? 0),
    )
    expect(bad).toBe(of('amounts_in_words'))
    for (const { position } of unreadable) expect(position).toMatch(/^pos\/.+\.(csv|tsv|gz):\d+$/)
  })

  test('kiosk scores in words wait for a code, broken lines are named', async () => {
    const { good, bad, unreadable } = await land(folder, 'kiosk')
    expect(bad).toBe(of('kiosk_unknown_codes'))
    expect(unreadable.length).toBe(of('kiosk_broken_lines'))
    expect(latest(good, 'id', 'pressed_at').size + bad).toBe(of('kiosk_presses'))
  })
})
