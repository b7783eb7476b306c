/** Lays down the tills' monthly files, with everything that goes wrong in such files planted on purpose and counted. */
import path from 'node:path'
import iconv from 'iconv-lite'
import type { Company, Order } from './company.ts'
import { dirtyPhone, fullWidth } from './contacts.ts'
import { Dice } from './dice.ts'
import { layFile } from './lay-file.ts'
import { type TillCells, type TillDialect, tillDialects } from './till-dialects.ts'
import { type TillFile, tillFilesOf } from './till-orders.ts'
import { zipOf } from './zip-writer.ts'

/** What was planted; every damaged line is the copy of a line that also stands there whole, so no order hangs on it. */
export type TillFaults = {
  files: number
  duplicateFiles: number
  refusedFiles: number
  raggedLines: number
  brokenLines: number
  amountsInWords: number
  fullWidthAmounts: number
}

/** Amounts somebody wrote out by hand, and what they mean. */
export const amountsInWords: Readonly<Record<string, number>> = { 一百二十: 120, 三百整: 300, 八十八元: 88 }

const notes = [
  '',
  '',
  '',
  '',
  '送礼',
  '要发票, 公司抬头',
  '客户说"包装要好"',
  '第一行\n第二行',
  '=1+1',
  '老客户',
]

/** Writes below `folder`: `pos/<region>/<month>.<extension>`. */
export function dropTillFiles(company: Company, folder: string): TillFaults {
  const faults: TillFaults = {
    files: 0,
    duplicateFiles: 0,
    refusedFiles: 0,
    raggedLines: 0,
    brokenLines: 0,
    amountsInWords: 0,
    fullWidthAmounts: 0,
  }
  const phones = new Map(company.customers.map(({ id, phone }) => [id, phone]))
  const regions = [...new Set(company.stores.map(({ region }) => region.en))]
  const write: Write = (name, bytes, month) => {
    layFile(path.join(folder, 'pos', name), bytes, month)
    faults.files += 1
  }
  const byRegion = Map.groupBy(tillFilesOf(company), (file) => file.region)
  for (const [r, region] of regions.entries()) {
    const files = byRegion.get(region) ?? []
    const written = files.map((file, m) => {
      const packed = r === 0 && m >= files.length - 2
      return textOf(company.seed, file, { r, m, packed }, phones, faults)
    })
    layDown(region.toLowerCase().replaceAll(' ', '-'), files, written, r, write, faults)
  }
  return faults
}

type Write = (name: string, bytes: Buffer, month: string) => void
type Written = { readonly dialect: TillDialect; readonly bytes: Buffer }

/** The last two months of the first region come packed together; its January also as somebody's copy, and once in an old layout. */
function layDown(
  region: string,
  files: readonly TillFile[],
  written: readonly Written[],
  r: number,
  write: Write,
  faults: TillFaults,
): void {
  const packed = r === 0 ? files.length - 2 : files.length
  const month = (m: number): string => files[m]?.month ?? ''
  for (const [m, { dialect, bytes }] of written.slice(0, packed).entries())
    write(`${region}/${month(m)}.${dialect.extension}`, bytes, month(m))
  const [january] = written
  if (r !== 0 || january === undefined) return
  const members = written.slice(packed).map(({ dialect, bytes }, index) => ({
    name: `${month(packed + index)}.${dialect.extension.replace('.gz', '')}`,
    bytes,
  }))
  write(`${region}/${month(packed)}-and-on.zip`, zipOf(members), month(files.length - 1))
  write(`${region}/${month(0)} 副本.csv`, january.bytes, month(1))
  faults.duplicateFiles += 1
  const old = iconv.encode('单号,日期,合计\r\n1,2024-12-31,99\r\n', 'gb18030')
  write(`${region}/old-layout.csv`, old, month(0))
  faults.refusedFiles += 1
}

function textOf(
  seed: number,
  file: TillFile,
  { r, m, packed }: { r: number; m: number; packed: boolean },
  phones: ReadonlyMap<string, string>,
  faults: TillFaults,
): Written {
  const dice = new Dice(seed, 9, r, m)
  const month = Number(file.month.slice(5))
  const made = tillDialects[(r + (month > 6 ? 2 : 0)) % tillDialects.length] ?? tillDialects[0]
  if (made === undefined) throw new Error('[simulation] there is no make of till')
  const dialect = packed ? { ...made, encode: (text: string) => Buffer.from(text) } : made
  const lines = file.orders.map((order) => dialect.line(cellsOf(dice, order, phones, faults)))
  if (m === 2) lines.push(...damagedLines(lines, dialect, r, faults))
  const bytes = dialect.encode(`${[dialect.heading, ...lines].join('\n')}\n`)
  if (m !== 2 || r > 1) return { dialect, bytes }
  faults.brokenLines += 1
  return {
    dialect,
    bytes: Buffer.concat([bytes, brokenLine(lines.find((line) => !line.includes('"')) ?? '', dialect)]),
  }
}

function cellsOf(
  dice: Dice,
  order: Order,
  phones: ReadonlyMap<string, string>,
  faults: TillFaults,
): TillCells {
  const memberId = dice.chance(0.35) ? '' : dice.chance(0.1) ? fullWidth(order.customerId) : order.customerId
  const phone = phones.get(order.customerId) ?? ''
  const fullWidthAmount = dice.chance(0.005)
  if (fullWidthAmount) faults.fullWidthAmounts += 1
  return {
    order,
    memberId,
    phone: memberId !== '' && dice.chance(0.3) ? '' : dirtyPhone(dice, phone),
    note: dice.pick(notes),
    fullWidthAmount,
  }
}

/** March: two lines cut off in transmission, one sum at the end, and amounts in words. */
function damagedLines(
  lines: readonly string[],
  dialect: TillDialect,
  r: number,
  faults: TillFaults,
): string[] {
  const separator = dialect.extension === 'tsv' ? '\t' : ','
  const whole = lines.filter((line) => !line.includes('"')).map((line) => line.split(separator))
  const cut = whole.slice(1, 3).map((cells) => cells.slice(0, 4).join(separator))
  faults.raggedLines += cut.length + 1
  const inWords = Object.keys(amountsInWords).flatMap((words, index) => {
    const cells = r === 1 ? whole[4 + index] : undefined
    return cells === undefined ? [] : [byHand(cells, words).join(separator)]
  })
  faults.amountsInWords += inWords.length
  return [...cut, ...inWords, ['合计', lines.length].join(separator)]
}

/** Entered by hand a year too early, so that the till's own line stays the newer one once the amount can be read. */
function byHand(cells: readonly string[], words: string): string[] {
  const [amount, updated] = [7, 10]
  return cells.map((cell, at) => {
    if (at === updated) return cell.replace(/^\d{4}/, (year) => String(Number(year) - 1))
    return at === amount ? words : cell
  })
}

/** A line whose note ends in half a character. */
function brokenLine(line: string, { encode }: TillDialect): Buffer {
  const bytes = encode(line).subarray(encode('').length)
  return Buffer.concat([bytes, Buffer.from([0xb1, 0x0a])])
}
