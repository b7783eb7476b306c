/** Delimited text comes back as it was written, in every encoding and however it is cut; forgiveness has its limits tested too. */
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { csvRecords, type Dialect } from './files-csv.ts'
import { decoded } from './files-decode.ts'
import { type Encoding, EncodingDetector } from './files-encoding.ts'

const csv: Dialect = { delimiter: ',', quote: '"', multiline: true }
const tsv: Dialect = { delimiter: '\t', quote: '"', multiline: false }

async function split(text: string, dialect = csv, sizes = [1_000]): Promise<unknown[]> {
  const records: unknown[] = []
  for await (const record of csvRecords(pieces(text, sizes), dialect))
    records.push(record.problem === undefined ? record.fields : `line ${record.line}: ${record.problem}`)
  return records
}

async function* pieces<T extends string | Buffer>(whole: T, sizes: readonly number[]): AsyncGenerator<T> {
  for (let at = 0, turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1
    yield (typeof whole === 'string' ? whole.slice(at, at + size) : whole.subarray(at, at + size)) as T
    at += size
  }
}

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from('ab,"\n\r;1 好评𠀀，“”é１')) }),
  fc.constantFrom('', '"', '""', '\n', ',', '非常满意，"真的"', '=1+1'),
)
const table = fc
  .integer({ min: 1, max: 4 })
  .chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  )
const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 })

const written = (rows: readonly (readonly string[])[], end: string): string =>
  rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',') + end).join('')

describe('well-formed text', () => {
  test('comes back cell by cell, wherever the pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(table, cuts, fc.constantFrom('\n', '\r\n', '\r'), async (rows, sizes, end) => {
        expect(await split(written(rows, end), csv, sizes)).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  test('reads as csv-parse reads it, quotes only where needed', async () => {
    const bare = fc.string({ unit: fc.constantFrom(...Array.from('ab1 好é-')) })
    const mixed = fc.oneof(
      bare,
      cell.map((value) => `"${value.replaceAll('"', '""')}"`),
    )
    const lines = fc.array(fc.array(mixed, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(lines, cuts, async (rows, sizes) => {
        const text = rows.map((row) => `${row.join(',')}\n`).join('')
        const expected = parse(text, { relax_column_count: true, record_delimiter: '\n' })
        expect(await split(text, csv, sizes)).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test.each<Encoding>(['utf-8', 'gb18030', 'utf-16le', 'utf-16be'])(
    'survives %s and any cut of its bytes',
    async (encoding) => {
      await fc.assert(
        fc.asyncProperty(table, cuts, async (rows, sizes) => {
          const bytes = iconv.encode(written(rows, '\n'), encoding, { addBOM: false })
          let text = ''
          for await (const piece of decoded(pieces(bytes, sizes), encoding, 0)) text += piece
          expect(text).toBe(written(rows, '\n'))
        }),
        { numRuns: 100 },
      )
    },
  )
})

describe('forgiveness', () => {
  test.each<[string, string, Dialect, unknown[]]>([
    ['unescaped quotes are letters', 'a,"say "hi" now",b\n', csv, [['a', 'say "hi" now', 'b']]],
    [
      'also beside embedded line ends',
      '"He said "hi" there\nnewline",3\n',
      csv,
      [['He said "hi" there\nnewline', '3']],
    ],
    ['a quote inside an unquoted cell is a letter', '5" disk,2\n', csv, [['5" disk', '2']]],
    ['empty lines are no records', '\n\na\n\n', csv, [['a']]],
    ['a quoted empty cell is one', '""\n', csv, [['']]],
    [
      'a quote that never closes costs its line',
      'a,b\n"never,1\nc,2\n',
      csv,
      [['a', 'b'], 'line 2: a quote that opens on this line is never closed', ['c', '2']],
    ],
    [
      'a quote that runs into another quoted field costs its line',
      'a,"open\nb,"x",1\nc,2\n',
      csv,
      [
        'line 1: a quote that opens on this line is still open on a later line, where another field begins',
        ['b', 'x', '1'],
        ['c', '2'],
      ],
    ],
    [
      'in TSV a quote that does not close in its line is a letter',
      '"a\tb\n"c"\td\n',
      tsv,
      [
        ['"a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['without quoting all quotes are letters', '"a",b\n', { ...csv, quote: null }, [['"a"', 'b']]],
  ])('%s', async (_, text, dialect, expected) => {
    for (const sizes of [[1_000], [1], [3]]) expect(await split(text, dialect, sizes)).toEqual(expected)
  })

  test('a quote left open in a long file costs one line, not the file', async () => {
    const rest = Array.from({ length: 200_000 }, (_, index) => `row ${index},x`)
    const records = await split(`"open,1\n${rest.join('\n')}\n`, csv, [65_536])
    expect(records).toHaveLength(200_001)
    expect(records[0]).toMatch(/^line 1: /)
  })
})

describe('telling encodings', () => {
  const detect = (bytes: Buffer): string | undefined => {
    const detector = new EncodingDetector()
    detector.watch(bytes)
    return detector.result()?.encoding
  }
  const chinese = '订单号,金额,备注\n1,12.50,味道很好，下次还来\n'

  test.each<[string, Buffer, string | undefined]>([
    ['plain ASCII', Buffer.from('a,b\n1,2\n'), 'utf-8'],
    ['UTF-8', Buffer.from(chinese), 'utf-8'],
    ['GB18030', iconv.encode(chinese, 'gb18030'), 'gb18030'],
    ['one Chinese name in GB18030', iconv.encode('name\n张伟\n', 'gb18030'), 'gb18030'],
    ['GB18030 with rare four-byte letters', iconv.encode(`${chinese}𠀀𠀁`, 'gb18030'), 'gb18030'],
    ['UTF-16 little end first', iconv.encode(chinese, 'utf-16le', { addBOM: false }), 'utf-16le'],
    ['UTF-16 big end first', iconv.encode(chinese, 'utf-16be', { addBOM: false }), 'utf-16be'],
    [
      'GB18030 with its mark',
      Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), iconv.encode('a', 'gb18030')]),
      'gb18030',
    ],
    ['UTF-8 with one broken byte', Buffer.concat([Buffer.from(chinese), Buffer.from([0xff, 0x0a])]), 'utf-8'],
    [
      'GB18030 with one broken byte',
      Buffer.concat([iconv.encode(chinese, 'gb18030'), Buffer.from([0xff, 0x0a])]),
      'gb18030',
    ],
    [
      'Latin-1 is never guessed',
      iconv.encode('café crème à la carte déjà vu naïve façade', 'latin1'),
      undefined,
    ],
    [
      'Latin-1 Portuguese is never guessed',
      iconv.encode('não é à toa que ação e reação são ótimas', 'latin1'),
      undefined,
    ],
  ])('%s', (_, bytes, expected) => {
    expect(detect(bytes)).toBe(expected)
  })
})
