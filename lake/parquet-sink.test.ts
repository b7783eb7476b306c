import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { ParquetReader } from 'parquetjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column } from './column.ts'
import { createDuckdbSink } from './duckdb-sink.ts'
import { doubleText } from './fingerprint.ts'
import { createParquetjsSink } from './parquetjs-sink.ts'
import type { ParquetSink, SinkRow, SinkSchema } from './parquet-sink.ts'

const columns: Column[] = [
  { name: 'id', type: 'VARCHAR' },
  { name: 'big', type: 'BIGINT' },
  { name: 'number', type: 'DOUBLE' },
  { name: 'flag', type: 'BOOLEAN' },
  { name: 'day', type: 'DATE' },
  { name: 'instant', type: 'TIMESTAMP' },
  { name: 'money', type: 'DECIMAL(18,2)' },
  { name: 'nested', type: 'JSON' },
  { name: 'odd "name"', type: 'VARCHAR' },
]
const schema: SinkSchema = {
  columns,
  derived: [
    { name: '_key', type: 'VARCHAR', from: 'fingerprint', salt: "tool's", of: ['id'] },
    { name: '_hash', type: 'VARCHAR', from: 'fingerprint', salt: '', of: columns.map(({ name }) => name) },
    { name: '_op', type: 'VARCHAR', from: 'operation' },
    { name: '_cursor', type: 'TIMESTAMP', from: 'version', of: 'instant' },
    { name: '_part', type: 'BIGINT', from: 'constant' },
    { name: '_pos', type: 'BIGINT', from: 'position' },
  ],
}

const rows: SinkRow[] = [
  {
    id: '很满意 😀',
    big: 9_007_199_254_740_993n,
    number: 1.5,
    flag: true,
    day: '2024-02-29',
    instant: '2024-05-01T09:30:00.000001Z',
    money: '12345678901234.56',
    nested: { comment: "it's 好", list: [1, null] },
    'odd "name"': '',
  },
  {
    id: 'before 1970',
    big: -1,
    number: NaN,
    flag: false,
    day: '1923-01-01',
    instant: '1969-12-31T23:59:59.999Z',
    money: -0.005,
  },
  {
    id: 'edges',
    big: -(2n ** 63n),
    number: -0,
    instant: '2024-05-01T09:30:00+08:00',
    money: 0.1,
    day: new Date(0),
  },
  { id: 'nothing', big: null, number: null, flag: null, day: null, instant: null, money: null, nested: null },
  { id: 'line\nbreak, "quote", nul\u0000', number: Infinity, instant: new Date(0), nested: 'text' },
  { id: 'gone', _deleted: true },
]

const expected = [
  [
    '很满意 😀',
    '9007199254740993',
    '1.5',
    'true',
    '2024-02-29',
    '2024-05-01 09:30:00.000001',
    '12345678901234.56',
    '{"comment":"it\'s 好","list":[1,null]}',
    '',
  ],
  ['before 1970', '-1', 'nan', 'false', '1923-01-01', '1969-12-31 23:59:59.999', '-0.01', null, null],
  ['edges', '-9223372036854775808', '-0.0', null, '1970-01-01', '2024-05-01 01:30:00', '0.10', null, null],
  ['nothing', null, null, null, null, null, null, null, null],
  ['line\nbreak, "quote", nul\u0000', null, 'inf', null, null, '1970-01-01 00:00:00', null, '"text"', null],
  ['gone', null, null, null, null, null, null, null, null],
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sink-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const sinks: [string, () => ParquetSink][] = [
  ['duckdb', () => createDuckdbSink({ temporaryFolder: join(folder, 'spill') })],
  ['parquetjs', createParquetjsSink],
]

async function write(create: () => ParquetSink, name: string, ...batches: SinkRow[][]) {
  const sink = create()
  await sink.open(schema)
  for (const batch of batches) await sink.append(batch)
  expect(sink.buffered().rows).toBe(batches.flat().length)
  const path = join(folder, name)
  const constants = { _part: 7, _cursor: new Date('2030-01-01T00:00:00Z') }
  const stats = await sink.flush({ path, constants, metadata: { load_key: "it's" } })
  await sink.abort()
  return { path, stats }
}

async function query(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  return (await connection.runAndReadAll(sql)).getRows()
}

const quoted = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"::varchar`).join(', ')

describe.each(sinks)('the %s sink', (name, create) => {
  it('writes values that DuckDB reads back unchanged', async () => {
    const { path } = await write(create, `${name}.parquet`, rows.slice(0, 2), rows.slice(2))
    expect(await query(`select ${quoted} from '${path}' order by _pos`)).toEqual(expected)
    expect(
      await query(
        `select _op, _cursor::varchar, _part::int, _pos::int from '${path}' where id in ('edges', 'gone')`,
      ),
    ).toEqual([
      ['upsert', '2024-05-01 01:30:00', 7, 2],
      ['delete', '2030-01-01 00:00:00', 7, 5],
    ])
    const types = await query(`select column_type from (describe select * from '${path}')`)
    const stored = [...schema.columns, ...schema.derived].map(({ type }) =>
      type === 'JSON' ? 'VARCHAR' : type,
    )
    expect(types.flat()).toEqual(stored)
    expect(
      await query(`select decode(value) from parquet_kv_metadata('${path}') where decode(key) = 'load_key'`),
    ).toEqual([["it's"]])
  })

  it('writes values that the other reader, parquetjs, reads back unchanged', async () => {
    const { path } = await write(create, `${name}-2.parquet`, rows)
    if (name === 'duckdb')
      await query(`copy (select * from '${path}') to '${path}.snappy' (format parquet, compression snappy)`)
    const reader = await ParquetReader.openFile(name === 'duckdb' ? `${path}.snappy` : path)
    const cursor = reader.getCursor()
    const read: Record<string, unknown>[] = []
    for (let row = await cursor.next(); row; row = await cursor.next())
      read.push(row as Record<string, unknown>)
    await reader.close()
    expect(read.map(({ id }) => String(id))).toEqual(rows.map(({ id }) => id))
    expect(read[0]?.['big']).toBe(9_007_199_254_740_993n)
    expect(read.find(({ id }) => String(id) === 'edges')?.['number']).toBe(-0)
  })

  it('reports rows, bytes, nulls and ranges', async () => {
    const { stats } = await write(create, `${name}-3.parquet`, rows)
    expect(stats.rows).toBe(6)
    expect(stats.bytes).toBeGreaterThan(100)
    expect(stats.columns['instant']).toEqual({
      min: '1969-12-31 23:59:59.999'.padEnd(name === 'duckdb' ? 23 : 26, '0'),
      max: '2024-05-01 09:30:00.000001',
      nulls: 2,
    })
    expect(stats.columns['day']).toMatchObject({ min: '1923-01-01', max: '2024-02-29' })
  })

  it('takes rows of the next file while one is being written', async () => {
    const sink = create()
    await sink.open(schema)
    await sink.append([{ id: 'first' }])
    const request = { constants: {}, metadata: {} }
    const first = sink.flush({ ...request, path: join(folder, `${name}-a.parquet`) })
    await sink.append([{ id: 'second' }])
    await first
    await sink.flush({ ...request, path: join(folder, `${name}-b.parquet`) })
    await sink.abort()
    expect(await query(`select id, _pos::int from '${join(folder, `${name}-b.parquet`)}'`)).toEqual([
      ['second', 0],
    ])
  })
})

it('both sinks give a row the same key and the same hash', async () => {
  const [duckdb, parquetjs] = await Promise.all(
    sinks.map(async ([name, create]) => {
      const { path } = await write(create, `${name}-4.parquet`, rows)
      return query(`select _key, _hash from '${path}' order by _pos`)
    }),
  )
  expect(parquetjs).toEqual(duckdb)
})

it('doubles are printed as DuckDB prints them', async () => {
  const special = [
    0, -0, 1, 1e15, 1e16, 123456789012345680, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 0.1, 100,
  ]
  const samples = [...special, ...fc.sample(fc.double(), { numRuns: 2000, seed: 7 })]
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run('create table d (v double)')
  const appender = await connection.createAppender('d')
  for (const value of samples) {
    appender.appendDouble(value)
    appender.endRow()
  }
  appender.closeSync()
  const texts = (await connection.runAndReadAll('select v::varchar from d')).getRows().flat()
  expect(samples.map(doubleText)).toEqual(texts)
})

it('a value its column cannot hold is named by column and kind, never shown', async () => {
  const sink = createDuckdbSink({ temporaryFolder: join(folder, 'spill') })
  await sink.open(schema)
  await expect(sink.append([{ id: 'x', big: 'Li Lei' }])).rejects.toThrow(
    '[lake] column "big" got a value its type cannot hold (a string)',
  )
  await sink.abort()
})
