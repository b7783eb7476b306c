/** Numbers, amounts and times as people write them, against what they mean. */
import { describe, expect, test } from 'vitest'
import { columnsOf } from '#lake/columns-of.ts'
import { FilesConfig, type StreamSettings } from './files-config.ts'
import { recordOf } from './files-record.ts'
import { plainMoney, plainNumber } from './files-number.ts'
import { dayOf, instantOf } from './files-time.ts'

describe('numbers', () => {
  test.each([
    ['1234.5', '1234.5'],
    ['1,234,567.5', '1234567.5'],
    ['１，２３４．５０', '1234.50'],
    [' +7 ', '7'],
    ['−3', '-3'],
    ['1e3', '1e3'],
    ['12,34', null],
    ['1.2.3', null],
    ['', null],
    ['NA', null],
    ['0x10', null],
    ['一百二十', null],
    ['1 234', null],
    ['Infinity', null],
  ])('%s is %s', (written, expected) => {
    expect(plainNumber(written, '.')).toBe(expected)
  })

  test('with a decimal comma the marks change places', () => {
    expect(plainNumber('1.234,5', ',')).toBe('1234.5')
    expect(plainNumber('1,234.5', ',')).toBeNull()
  })

  test.each([
    ['¥1,299', '1299.00'],
    ['￥１２９９．５', '1299.50'],
    ['1299元', '1299.00'],
    ['-$5', '-5.00'],
    ['R$ 129.9', '129.90'],
    ['CNY 3', '3.00'],
    ['129.900', '129.90'],
    ['129.905', null],
    ['007.5', '7.50'],
    ['.5', '0.50'],
    ['1e3', null],
    ['12345678901234567', null],
    ['八十八元', null],
  ])('the amount %s is %s', (written, expected) => {
    expect(plainMoney(written, '.')).toBe(expected)
  })
})

describe('times', () => {
  const shanghai = { timezone: 'Asia/Shanghai', format: undefined }
  test.each([
    ['2025-03-01 09:05:07', '2025-03-01T01:05:07.000Z'],
    ['2025/3/1 9:05', '2025-03-01T01:05:00.000Z'],
    ['2025年3月1日 14时05分', '2025-03-01T06:05:00.000Z'],
    ['2025-03-01T09:05:07.123456', '2025-03-01T01:05:07.123Z'],
    ['2025-03-01T09:05:07Z', '2025-03-01T09:05:07.000Z'],
    ['2025-03-01T09:05:07-03:30', '2025-03-01T12:35:07.000Z'],
    ['2025-03-01 09:05:07+08', '2025-03-01T01:05:07.000Z'],
    ['２０２５-０３-０１', '2025-02-28T16:00:00.000Z'],
    ['20250301', '2025-02-28T16:00:00.000Z'],
    ['2025-02-29', null],
    ['2025-13-01', null],
    ['2025-03-01 24:00', null],
    ['01/03/2025', null],
    ['45000', null],
    ['', null],
  ])('%s in Shanghai is %s', (written, expected) => {
    expect(instantOf(written, shanghai)).toBe(expected)
  })

  test.each([
    ['11/04/2018 20:09', 'dd/MM/yyyy HH:mm', '2018-04-11T12:09:00.000Z'],
    ['42059.47', 'excel', '2015-02-24T03:16:48.000Z'],
    ['1700000000', 'unix', '2023-11-14T22:13:20.000Z'],
    ['1700000000000', 'unix_ms', '2023-11-14T22:13:20.000Z'],
    ['yesterday', 'unix', null],
    ['12', 'excel', null],
  ])('%s as %s is %s', (written, format, expected) => {
    expect(instantOf(written, { timezone: 'Asia/Shanghai', format })).toBe(expected)
  })

  test('the hour that summer time skips moves forward, the one it repeats is the first', () => {
    const berlin = { timezone: 'Europe/Berlin', format: undefined }
    expect(instantOf('2026-03-29 02:30', berlin)).toBe('2026-03-29T01:30:00.000Z')
    expect(instantOf('2026-10-25 02:30', berlin)).toBe('2026-10-25T00:30:00.000Z')
  })

  test('a date leaves the time of day off', () => {
    expect(dayOf('2018-10-21 01:00:00', shanghai)).toBe('2018-10-21')
    expect(dayOf('42059.47', { ...shanghai, format: 'excel' })).toBe('2015-02-24')
    expect(dayOf('31.12.2025', { ...shanghai, format: 'dd.MM.yyyy' })).toBe('2025-12-31')
  })
})

describe('a record', () => {
  const streamOf = (columns: object, more: object = {}): StreamSettings => {
    const stream = FilesConfig.parse({ folder: '/f', streams: { s: { match: '*', columns, ...more } } })
      .streams['s']
    if (stream === undefined) throw new Error('no stream')
    return stream
  }

  test('has a column for every type', () => {
    const types = ['text', 'integer', 'number', 'boolean', 'timestamp', 'date', 'money', 'json']
    const record = recordOf(streamOf(Object.fromEntries(types.map((type) => [`a_${type}`, type]))))
    expect(columnsOf(record).map(({ type }) => type)).toEqual([
      'VARCHAR',
      'BIGINT',
      'DOUBLE',
      'BOOLEAN',
      'TIMESTAMP',
      'DATE',
      'DECIMAL(18,2)',
      'JSON',
    ])
  })

  test('looks codes up first, then missing values, then the type', () => {
    const score = { type: 'integer', codes: { 非常满意: 5, 11: null }, nulls: ['', 'NA', '6'] }
    const record = recordOf(streamOf({ score }))
    const scores = ['非常满意', ' 非常满意 ', '11', '6', 'NA', '', '４', 3, null].map(
      (written) => record.parse({ score: written })['score'],
    )
    expect(scores).toEqual([5, 5, null, null, null, null, 4, 3, null])
    expect(record.safeParse({ score: '满意' }).error?.issues[0]?.message).toBe(
      'the written value is not a number',
    )
  })

  test('must hold its key', () => {
    const record = recordOf(streamOf({ id: 'text', name: 'text' }, { key: ['id'] }))
    expect(record.safeParse({ id: '', name: '' }).success).toBe(false)
    expect(record.parse({ id: '1', name: '' })).toEqual({ id: '1', name: null })
  })

  test('keeps text as it is, formulas and blanks included', () => {
    const record = recordOf(streamOf({ note: 'text' }))
    expect(['=1+1', ' x '].map((note) => record.parse({ note })['note'])).toEqual(['=1+1', ' x '])
  })

  test.each([
    ['是', true],
    ['N', false],
    ['１', true],
    ['maybe', undefined],
  ])('%s as yes or no', (written, expected) => {
    const parsed = recordOf(streamOf({ yes: 'boolean' })).safeParse({ yes: written })
    expect(parsed.data?.['yes']).toBe(expected)
  })
})
