/** A mapping in the project file becomes a model: every kind of mapped column on a real engine, and every mistake named. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { TableMapping } from '#models/mapping.ts'
import { type EventTimeOf, mappedModel, type RecordOf } from './mapped.ts'
import { type SourceRows, sourceRows } from './source-rows.ts'

let rows: SourceRows
beforeAll(async () => {
  rows = await sourceRows()
})
afterAll(() => rows.close())

const records: Readonly<Record<string, z.ZodObject>> = {
  orders: z.object({
    no: z.string(),
    line: z.int(),
    at: z.iso.datetime(),
    state: z.int(),
    shop: z.looseObject({}),
    'place.name': z.string(),
  }),
  items: z.object({ no: z.string(), price: z.string().meta({ column: 'DECIMAL(18,2)' }), sku: z.string() }),
}
const recordOf: RecordOf = (source, stream) => (source === 'shop' ? records[stream] : undefined)
const eventTimeOf: EventTimeOf = (source, stream) =>
  source === 'shop' && stream === 'orders' ? 'at' : undefined

function model(mapping: Partial<z.input<typeof TableMapping>>) {
  const parsed = TableMapping.parse({ from: 'shop.orders', to: 'order', columns: {}, ...mapping })
  return mappedModel(parsed, { where: 'tables.0', name: 'shop.order__orders', recordOf, eventTimeOf })
}

const order = (no: string, state: number, more = {}) => ({
  no,
  line: 1,
  at: '2026-03-01T08:00:00Z',
  state,
  shop: { city: { 名称: '上海' } },
  'place.name': 'Pudong',
  ...more,
})
const items = [
  { no: 'A', price: '1.50', sku: 'y' },
  { no: 'A', price: '2.25', sku: 'x' },
]

describe('mapped columns', () => {
  it('ids carry the source’s name, what follows from another is implied, what is left out is null', async () => {
    const built = await rows.of(model({ columns: { order_id: 'no', ordered_at: 'at' } }), {
      orders: [order('A', 1)],
    })
    expect(built).toEqual([
      expect.objectContaining({
        order_id: 'shop:A',
        source: 'shop',
        order_number: 'A',
        ordered_at: '2026-03-01T08:00:00.000Z',
        status: null,
        revenue: null,
      }),
    ])
  })

  it('codes, constants, paths into JSON, composite keys and filters', async () => {
    const columns = {
      order_id: ['no', 'line'],
      ordered_at: 'at',
      status: { column: 'state', codes: { 1: 'delivered', 2: "can't" } },
      channel: { value: '门店' },
      store_id: 'shop.city.名称',
      currency: 'place.name',
    }
    const built = await rows.of(model({ columns, where: { state: [1, 2, 3], no: ['A', "B'"] } }), {
      orders: [
        order('A', 1),
        order("B'", 2),
        order('A', 3, { line: 2 }),
        order('C', 1),
        order('A', 4, { line: 9 }),
      ],
    })
    expect(
      built.map((row) => [row['order_id'], row['status'], row['channel'], row['store_id'], row['currency']]),
    ).toEqual([
      ['shop:A:1', 'delivered', '门店', '上海', 'Pudong'],
      ['shop:A:2', null, '门店', '上海', 'Pudong'],
      ["shop:B':1", "can't", '门店', '上海', 'Pudong'],
    ])
  })

  it('values taken from another stream: one per key, and none doubles a row', async () => {
    const built = await rows.of(
      model({
        columns: {
          order_id: 'no',
          ordered_at: 'at',
          revenue: { from: 'items', take: 'price', on: 'no', as: 'sum' },
          channel: { from: 'items', take: 'sku', on: ['no', 'no'] },
          store_id: { from: 'items', take: 'sku', on: 'no', as: 'max' },
          status: { from: 'items', take: 'sku', on: 'no', as: 'count' },
        },
      }),
      { orders: [order('A', 1), order('B', 1)], items },
    )
    expect(
      built.map((row) => [row['order_id'], row['revenue'], row['channel'], row['store_id'], row['status']]),
    ).toEqual([
      ['shop:A', 3.75, 'x', 'y', '2'],
      ['shop:B', null, null, null, '0'],
    ])
  })
})

describe('mapped tables', () => {
  const whole = { order_id: 'no', ordered_at: 'at' }

  it('are cut by their time where it is when the record happened, and read the stream by it', () => {
    const { partition, inputs, time, raw } = model({ columns: whole })
    expect(partition).toEqual({ by: 'time', column: 'ordered_at', unit: 'day' })
    expect([time, inputs, raw['raw_orders']?.time]).toEqual([
      'ordered_at',
      { raw_orders: [{ read: 'same' }] },
      'at',
    ])
  })

  it('are built whole where another field says when', () => {
    const { partition } = model({ columns: { ...whole, ordered_at: 'no' } })
    expect(partition).toEqual({ by: 'none' })
  })
})

describe('mistakes', () => {
  const whole = { order_id: 'no', ordered_at: 'at' }
  it.each([
    ['[tables.0.columns] order has no column colour; it has', { columns: { ...whole, colour: 'no' } }],
    [
      '[tables.0.columns] order needs ordered_at; map it to a column of shop.orders.',
      { columns: { order_id: 'no' } },
    ],
    ['[tables.0] shop.orders has no column "nr"; it has no, line', { columns: { ...whole, order_id: 'nr' } }],
    ['[tables.0] shop.orders has no column "nr"', { columns: whole, where: { nr: ['x'] } }],
    ['[tables.0] there is no stream shop.returns', { from: 'shop.returns', columns: whole }],
    [
      '[tables.0] there is no stream shop.returns',
      { columns: { ...whole, revenue: { from: 'returns', take: 'no', on: 'no' } } },
    ],
    [
      '[tables.0] shop.items has no column "cost"',
      { columns: { ...whole, revenue: { from: 'items', take: 'cost', on: 'no' } } },
    ],
  ])('%s', (message, mapping) => {
    expect(() => model(mapping)).toThrow(message)
  })
})
