/** How four makes of till write a monthly file: their headings, time notations, separators and encodings. */
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import type { Order } from './company.ts'
import { fullWidth } from './contacts.ts'
import { ZONE_OFFSET } from './plan.ts'

/** A line before it is written; `note` stands last because one make leaves empty last cells out. */
export type TillCells = {
  readonly order: Order
  readonly memberId: string
  readonly phone: string
  readonly note: string
  readonly fullWidthAmount: boolean
}

export type TillDialect = {
  readonly extension: string
  readonly heading: string
  readonly line: (cells: TillCells) => string
  readonly encode: (text: string) => Buffer
}

const chinese = '订单号,门店,渠道,下单时间,承诺送达,实际送达,状态,金额,会员号,手机,更新时间,备注'
const english =
  'order_no,store,channel,ordered_at,promised_at,delivered_at,status,amount,member_no,phone,updated_at,note'
const channelZh: Readonly<Record<string, string>> = { store: '门店', phone: '电话' }
const statusZh = { delivered: '已完成', cancelled: '已取消', shipped: '配送中' } as const

/** `2025/3/1 9:05:07`, as spreadsheets in China write it. */
const slashed = (at: Date): string => {
  const local = localOf(at)
  const [date = '', time = ''] = local.split(' ')
  return `${date.split('-').map(Number).join('/')} ${time.replace(/^0/, '')}`
}
const plain = (at: Date): string => localOf(at)
const offset = (at: Date): string => `${localOf(at).replace(' ', 'T')}+08:00`

function localOf(at: Date): string {
  return new Date(at.getTime() + ZONE_OFFSET).toISOString().slice(0, 19).replace('T', ' ')
}

function yuan(cents: number, thousands: boolean): string {
  const whole = String(Math.floor(cents / 100))
  const grouped = thousands ? whole.replaceAll(/(?=(\d{3})+$)(?!^)/g, ',') : whole
  return `${grouped}.${String(cents % 100).padStart(2, '0')}`
}

type Writing = {
  readonly zh: boolean
  readonly time: (at: Date) => string
  readonly amount: (cents: number) => string
}

function cellsOf({ order, memberId, phone, note, fullWidthAmount }: TillCells, writing: Writing): string[] {
  const { zh, time } = writing
  const amount = writing.amount(order.cents)
  return [
    order.id,
    order.storeId,
    zh ? (channelZh[order.channel] ?? order.channel) : order.channel,
    time(order.orderedAt),
    order.promisedAt === null ? '' : time(order.promisedAt),
    order.deliveredAt === null ? '' : time(order.deliveredAt),
    zh ? statusZh[order.status] : order.status,
    fullWidthAmount ? fullWidth(amount) : amount,
    memberId,
    phone,
    time(order.updatedAt),
    note,
  ]
}

function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')
}

function csv(writing: Writing): (cells: TillCells) => string {
  return (cells) => csvLine(cellsOf(cells, writing))
}

/** Regions start with the make of their place in this list, and change two places further when the tills are replaced in July. */
export const tillDialects: readonly TillDialect[] = [
  {
    extension: 'csv',
    heading: chinese,
    line: csv({ zh: true, time: slashed, amount: (cents) => yuan(cents, true) }),
    encode: (text) => iconv.encode(text.replaceAll('\n', '\r\n'), 'gb18030'),
  },
  {
    extension: 'csv',
    heading: chinese,
    line: csv({ zh: true, time: plain, amount: (cents) => `¥${yuan(cents, true)}` }),
    encode: (text) => Buffer.from(`\uFEFF${text}`),
  },
  {
    extension: 'csv.gz',
    heading: english,
    line: csv({ zh: false, time: plain, amount: (cents) => yuan(cents, false) }),
    encode: (text) => gzipSync(Buffer.from(text)),
  },
  {
    extension: 'tsv',
    heading: english.replaceAll(',', '\t'),
    line: (cells) =>
      cellsOf(cells, { zh: false, time: offset, amount: (cents) => yuan(cents, false) })
        .map((cell) => cell.replaceAll(/[\t\n]/g, ' '))
        .join('\t')
        .replace(/\t+$/, ''),
    encode: (text) => Buffer.from(text),
  },
]
