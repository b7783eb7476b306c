/** The file connector as a whole: its contract, its formats and packings. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zipOf } from '#simulation/zip-writer.ts'
import { conformance } from './conformance.ts'
import { TrialFolder, plain } from './files-trial.ts'
import { files } from './files.ts'

let drop: TrialFolder
beforeEach(() => {
  drop = new TrialFolder()
})
afterEach(() => drop.remove())

conformance(files, () => {
  const home = mkdtempSync(path.join(tmpdir(), 'saydo-conformance-'))
  const line = (index: number): string =>
    `${index},person${index}@marker.example,2026-03-${String(1 + (index % 28)).padStart(2, '0')} 08:00`
  for (const part of [0, 1, 2])
    writeFileSync(
      path.join(home, `part-${part}.csv`),
      `id,mail,at\n${Array.from({ length: 40 }, (_, index) => line(part * 40 + index)).join('\n')}\n`,
    )
  return Promise.resolve({
    config: {
      folder: home,
      pageSize: 15,
      streams: {
        people: {
          match: '*.csv',
          key: ['id'],
          eventTime: 'at',
          columns: { id: 'text', mail: 'text', at: 'timestamp' },
          privacy: { mail: 'email' },
        },
      },
    },
    secrets: {},
    personal: ['marker.example'],
    middle: '2026-03-14T12:00:00Z',
    close: () => {
      rmSync(home, { recursive: true })
      return Promise.resolve()
    },
  })
})

describe('formats and packings', () => {
  const text = 'id,score\na,1\nb,2\n'
  test.each<[string, string, Buffer]>([
    ['CSV', 'x.csv', Buffer.from(text)],
    ['CSV with a byte order mark', 'x.csv', Buffer.from(`\uFEFF${text}`)],
    ['CSV in UTF-16 with a mark', 'x.csv', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['CSV in UTF-16 without one', 'x.csv', iconv.encode(text, 'utf-16be', { addBOM: false })],
    ['CSV of an old Mac', 'x.csv', Buffer.from(text.replaceAll('\n', '\r'))],
    ['CSV without a last line end', 'x.csv', Buffer.from(text.trimEnd())],
    ['TSV', 'x.tsv', Buffer.from(text.replaceAll(',', '\t'))],
    ['gzip', 'x.csv.gz', gzipSync(text)],
    ['gzip of several parts', 'x.csv.gz', Buffer.concat([gzipSync('id,score\na,1\n'), gzipSync('b,2\n')])],
    [
      'zip',
      'x.zip',
      zipOf([
        { name: 'a.csv', bytes: Buffer.from('id,score\na,1\n') },
        { name: '二.csv', bytes: Buffer.from('id,score\nb,2\n') },
      ]),
    ],
    ['JSON Lines', 'x.jsonl', Buffer.from('{"id":"a","score":1}\n\n{"id":"b","score":"2"}')],
  ])('%s', async (_, name, bytes) => {
    drop.lay(name, bytes)
    const { rows, unreadable } = await drop.read()
    expect(unreadable).toEqual([])
    expect(rows).toEqual([
      { id: 'a', score: 1 },
      { id: 'b', score: 2 },
    ])
  })

  test('Parquet, with every type in its own notation', async () => {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(
      `COPY (SELECT i::VARCHAR AS id, i AS score, (i * 1.5)::DECIMAL(10,2) AS price, TIMESTAMP '2026-01-02 03:04:05' AS at,
        {'a': i} AS more, i % 2 = 0 AS even FROM range(3000) t(i)) TO '${path.join(drop.path, 'x.parquet')}' (FORMAT parquet)`,
    )
    connection.closeSync()
    const columns = {
      id: 'text',
      score: 'integer',
      price: 'money',
      at: 'timestamp',
      more: 'json',
      even: 'boolean',
    }
    const { rows, checkpoint } = await drop.read({ ...plain, columns }, { pageSize: 1_000 })
    expect(rows).toHaveLength(3_000)
    expect(rows[3]).toEqual({
      id: '3',
      score: 3,
      price: '4.50',
      at: '2026-01-02T03:04:05.000Z',
      more: { a: 3 },
      even: false,
    })
    expect((await drop.read({ ...plain, columns }, { checkpoint })).pages).toEqual([])
  })

  test('a glob may name one member of an archive', async () => {
    drop.lay(
      'x.zip',
      zipOf([
        { name: 'a.csv', bytes: Buffer.from('id,score\na,1\n') },
        { name: 'b.csv', bytes: Buffer.from('other\n1\n') },
      ]),
    )
    expect(await drop.read({ ...plain, match: 'x.zip/a.csv' })).toMatchObject({
      rows: [{ id: 'a' }],
      unreadable: [],
    })
  })

  test('nested fields of JSON Lines by path, others kept beside the record', async () => {
    drop.lay('x.jsonl', '{"id":"a","answer":{"score":7},"extra":[1]}\n')
    const stream = { ...plain, columns: { id: 'text', score: { type: 'integer', from: 'answer.score' } } }
    const { pages } = await drop.read(stream)
    expect(pages.map(({ records }) => records)).toEqual([[{ id: 'a', score: 7, extra: [1] }]])
  })
})

test('mistakes in the settings are named by path', () => {
  const parsed = files.config.safeParse({
    folder: '/f',
    streams: { s: { match: '*', key: ['nr'], columns: { id: 'text', Score: 'integer' }, eventTime: 'id' } },
  })
  const paths = parsed.error?.issues.map(({ path }) => path.join('.')) ?? []
  expect(paths).toContain('streams.s.columns.Score')
})
