/** The file connector as a whole: its contract, formats, packings, damaged files, and that no file is ever missed. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zipOf } from '#simulation/zip-writer.ts'
import { conformance } from './conformance.ts'
import type { Checkpoint, SourceEvent } from './connector.ts'
import { createContext } from './context.ts'
import { files } from './files.ts'
import { SourceRejected } from './source-error.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'saydo-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function lay(name: string, content: string | Buffer, changedAt?: number): void {
  const target = path.join(folder, name)
  mkdirSync(path.dirname(target), { recursive: true })
  writeFileSync(target, content)
  if (changedAt !== undefined) utimesSync(target, changedAt, changedAt)
}

const plain = { match: '**/*', key: ['id'], columns: { id: 'text', score: 'integer' } } as const

type Read = {
  readonly rows: Record<string, unknown>[]
  readonly invalid: string[]
  readonly unreadable: { position: string; reason: string; raw: unknown }[]
  readonly checkpoint: Checkpoint | null
  readonly pages: number
}

async function read(
  stream: object = plain,
  options: { checkpoint?: Checkpoint | null; slice?: object; pageSize?: number; stopAfter?: number } = {},
): Promise<Read> {
  const config = files.config.parse({ folder, streams: { s: stream }, pageSize: options.pageSize ?? 5_000 })
  const context = createContext({ source: 'drops', connector: files, config, secrets: {}, random: () => 0.5 })
  const record = files.streams(config)[0]?.record
  const result: Read = { rows: [], invalid: [], unreadable: [], checkpoint: null, pages: 0 }
  let { checkpoint } = { checkpoint: options.checkpoint ?? null }
  let pages = 0
  const request = { stream: 's', slice: options.slice ?? {}, checkpoint, signal: AbortSignal.timeout(20_000) }
  for await (const event of files.read({ ...context, config }, request)) {
    const page = pageOf(event)
    pages += 1
    checkpoint = page.checkpoint
    result.unreadable.push(...(page.unreadable ?? []))
    for (const raw of page.records) {
      const parsed = record?.safeParse(raw)
      if (parsed?.success === true) result.rows.push(parsed.data)
      else
        result.invalid.push(
          ...(parsed?.error.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
        )
    }
    if (pages === options.stopAfter) break
  }
  return { ...result, checkpoint, pages }
}

function pageOf(event: SourceEvent): Extract<SourceEvent, { type: 'page' }> {
  if (event.type !== 'page') throw new Error(`unexpected ${event.type}`)
  return event
}

const ids = (result: Read): unknown[] => result.rows.map(({ id }) => id)

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
    lay(name, bytes)
    const { rows, unreadable } = await read()
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
        {'a': i} AS more, i % 2 = 0 AS even FROM range(3000) t(i)) TO '${path.join(folder, 'x.parquet')}' (FORMAT parquet)`,
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
    const { rows, checkpoint } = await read({ ...plain, columns }, { pageSize: 1_000 })
    expect(rows).toHaveLength(3_000)
    expect(rows[3]).toEqual({
      id: '3',
      score: 3,
      price: '4.50',
      at: '2026-01-02T03:04:05.000Z',
      more: { a: 3 },
      even: false,
    })
    expect((await read({ ...plain, columns }, { checkpoint })).pages).toBe(0)
  })

  test('a glob may name one member of an archive', async () => {
    lay(
      'x.zip',
      zipOf([
        { name: 'a.csv', bytes: Buffer.from('id,score\na,1\n') },
        { name: 'b.csv', bytes: Buffer.from('other\n1\n') },
      ]),
    )
    expect(await read({ ...plain, match: 'x.zip/a.csv' })).toMatchObject({
      rows: [{ id: 'a' }],
      unreadable: [],
    })
  })

  test('nested fields of JSON Lines by path, others kept beside the record', async () => {
    lay('x.jsonl', '{"id":"a","answer":{"score":7},"extra":[1]}\n')
    const stream = { ...plain, columns: { id: 'text', score: { type: 'integer', from: 'answer.score' } } }
    const config = files.config.parse({ folder, streams: { s: stream } })
    const context = createContext({
      source: 'drops',
      connector: files,
      config,
      secrets: {},
      random: () => 0.5,
    })
    const request = { stream: 's', slice: {}, checkpoint: null, signal: AbortSignal.timeout(5_000) }
    for await (const event of files.read({ ...context, config }, request))
      expect(pageOf(event).records).toEqual([{ id: 'a', score: 7, extra: [1] }])
  })
})

describe('what is damaged is named, and the rest goes on', () => {
  test('a ragged line costs that line', async () => {
    lay('x.csv', 'id,score\na,1\nb\nc,3,4\nd,4\n')
    const { rows, unreadable } = await read()
    expect(rows.map(({ id }) => id)).toEqual(['a', 'd'])
    expect(unreadable).toEqual([
      { position: 'x.csv:3', reason: 'has 1 cells where the heading has 2', raw: ['b'] },
      { position: 'x.csv:4', reason: 'has 3 cells where the heading has 2', raw: ['c', '3', '4'] },
    ])
  })

  test('lines after an embedded line end keep their true number', async () => {
    lay('x.csv', 'id,score\n"a\nb",1\n\nc\n')
    expect((await read()).unreadable.map(({ position }) => position)).toEqual(['x.csv:5'])
  })

  test('a spreadsheet’s missing and surplus empty cells are no damage', async () => {
    lay('x.csv', 'id,score,note,\na,1\nb,2,n,,,\n')
    const stream = { ...plain, columns: { ...plain.columns, note: { type: 'text', optional: true } } }
    expect(await read(stream)).toMatchObject({
      rows: [
        { id: 'a', note: null },
        { id: 'b', note: 'n' },
      ],
      unreadable: [],
    })
  })

  test('short lines at the end never become one wide column', async () => {
    lay('x.csv', `id,score\n${'a,1\n'.repeat(3)}total\n`)
    const { rows, unreadable } = await read({ ...plain, key: [] })
    expect([rows.length, unreadable.length]).toEqual([3, 1])
  })

  test('a wrong heading refuses the file, by name, and other files go on', async () => {
    lay('a.csv', 'id,points,extra\na,1,2\n')
    lay('b.csv', 'id,score\nb,2\n')
    const { rows, unreadable } = await read()
    expect(rows).toEqual([{ id: 'b', score: 2 }])
    expect(unreadable).toHaveLength(1)
    expect(unreadable[0]).toMatchObject({
      position: 'a.csv:1',
      reason: expect.stringMatching(
        /heading line .*"score" is missing.*"points", "extra" are not expected/,
      ) as string,
    })
  })

  test('a file without its heading line is refused without a word of its data', async () => {
    lay('x.csv', '王小标,13900001000\na,1\n')
    const { unreadable } = await read()
    expect(unreadable).toHaveLength(1)
    expect(unreadable[0]?.reason).toMatch(/none of the stream’s headings .*`header`/)
    expect(unreadable[0]?.reason).not.toMatch(/王小标|139/)
    expect(
      await read({ ...plain, header: ['id', 'phone'], others: 'drop', columns: { id: 'text' } }),
    ).toMatchObject({
      rows: [{ id: '王小标' }, { id: 'a' }],
    })
  })

  test('lines above the heading are left out when their number is said', async () => {
    lay('x.csv', '三月销售报表,\n\nid,score\na,1\n')
    expect(await read({ ...plain, skipLines: 1 })).toMatchObject({
      rows: [{ id: 'a', score: 1 }],
      unreadable: [],
    })
  })

  test('an encoding that is named is not guessed', async () => {
    lay('x.csv', iconv.encode('id,score\nÕÅ,1\n', 'latin1'))
    expect((await read({ ...plain, encoding: 'gbk' })).rows).toEqual([{ id: '张', score: 1 }])
    lay('x.csv', iconv.encode('id,score\n好,1\n', 'utf-16be', { addBOM: true }))
    expect((await read({ ...plain, encoding: 'utf-16' })).rows).toEqual([{ id: '好', score: 1 }])
  })

  test.each([
    ['an empty file', Buffer.from('')],
    ['a repeated heading', Buffer.from('id,score,id\na,1,2\n')],
    [
      'an encoding that cannot be told',
      Buffer.from([...Buffer.from('id,score\ncaf'), 0xe9, ...Buffer.from('s,1\n')]),
    ],
    ['a file that is no archive', Buffer.from('id,score\na,1\n')],
    ['a cut-off archive', gzipSync(Buffer.alloc(1_000_000, 'id')).subarray(0, 500)],
  ])('%s refuses the file', async (what, bytes) => {
    lay(what.includes('archive') ? 'x.csv.gz' : 'x.csv', bytes)
    lay('y.csv', 'id,score\nb,2\n')
    const { rows, unreadable } = await read()
    expect(ids({ rows } as Read)).toEqual(['b'])
    expect(unreadable.map(({ reason }) => reason.startsWith('the file is refused'))).toEqual([true])
  })

  test('an archive’s damaged member does not keep the others back', async () => {
    const members = [
      { name: 'a.csv', bytes: Buffer.from('no\n1\n') },
      { name: 'b.csv', bytes: Buffer.from('id,score\nb,2\n') },
    ]
    lay('x.zip', zipOf(members))
    const { rows, unreadable } = await read()
    expect(rows).toHaveLength(1)
    expect(unreadable.map(({ position }) => position)).toEqual(['x.zip/a.csv:1'])
  })

  test('broken bytes cost their line, in UTF-8 and in GB18030', async () => {
    const lines = (encoding: string): Buffer[] =>
      ['id,score\n', '好的,1\n', '坏', '的,2\n', '很好很好很好很好,3\n'].map((part) =>
        iconv.encode(part, encoding),
      )
    for (const [name, encoding] of [
      ['u.csv', 'utf-8'],
      ['g.csv', 'gb18030'],
    ] as const) {
      const [heading, good, bad, rest, last] = lines(encoding)
      lay(
        name,
        Buffer.concat(
          [heading, good, bad, Buffer.from([0xff]), rest, last].map((part) => part ?? Buffer.alloc(0)),
        ),
      )
    }
    const { rows, unreadable } = await read()
    expect(ids({ rows } as Read)).toEqual(['好的', '很好很好很好很好', '好的', '很好很好很好很好'])
    expect(unreadable.map(({ position, reason }) => `${position} ${reason}`)).toEqual([
      'g.csv:3 contains bytes that are not valid gb18030',
      'u.csv:3 contains bytes that are not valid utf-8',
    ])
  })

  test('a replacement character that stands in the file itself is text', async () => {
    lay('x.csv', 'id,score\ncaf\uFFFD 好,1\n')
    expect(await read()).toMatchObject({ rows: [{ id: 'caf\uFFFD 好', score: 1 }], unreadable: [] })
  })

  test('a record knows its file and line, for whoever finds it does not fit', async () => {
    lay('x.csv', 'id,score\n"a\nb",1\nbroken\nc,many\n')
    const config = files.config.parse({ folder, streams: { s: plain } })
    const context = createContext({
      source: 'drops',
      connector: files,
      config,
      secrets: {},
      random: () => 0.5,
    })
    const request = { stream: 's', slice: {}, checkpoint: null, signal: AbortSignal.timeout(5_000) }
    for await (const event of files.read({ ...context, config }, request))
      expect([0, 1].map((index) => pageOf(event).positionOf?.(index))).toEqual(['x.csv:2', 'x.csv:5'])
  })

  test('values that do not fit are told by column, never by content', async () => {
    lay('x.csv', 'id,score\na,一百二十\n,5\n5.70306E+17,1\nb,1.5\nc,NA\n')
    const { rows, invalid } = await read({ ...plain, nulls: ['', 'NA'] })
    expect(rows).toEqual([{ id: 'c', score: null }])
    expect(invalid).toHaveLength(4)
    expect(invalid.join()).not.toMatch(/一百二十|5\.7\d/)
  })

  test('a file that may not be read stops the source with its name', async () => {
    lay('x.csv', 'id,score\na,1\n')
    chmodSync(path.join(folder, 'x.csv'), 0)
    if (process.getuid?.() === 0) return
    await expect(read()).rejects.toThrow(SourceRejected)
  })

  test('a missing folder is named', async () => {
    rmSync(folder, { recursive: true })
    await expect(read()).rejects.toThrow(/does not exist; set `folder`/)
    mkdirSync(folder)
  })
})

describe('what was read is remembered', () => {
  const many = (count: number, prefix = 'f'): void => {
    for (let index = 0; index < count; index += 1)
      lay(`${prefix}${String(index).padStart(5, '0')}.csv`, `id,score\n${prefix}${index},1\n`, 1_700_000_000)
  }

  test('a second run finds nothing new', async () => {
    many(5)
    const first = await read()
    expect(ids(first)).toHaveLength(5)
    expect((await read(plain, { checkpoint: first.checkpoint })).pages).toBe(0)
  })

  test('a late file with an old name and an old date is read, alone', async () => {
    many(50)
    const { checkpoint } = await read()
    lay('a-late.csv', 'id,score\nlate,1\n', 1_000_000_000)
    lay('f00010-late.csv', 'id,score\nlater,1\n', 1_000_000_000)
    const second = await read(plain, { checkpoint })
    expect(ids(second)).toEqual(['late', 'later'])
    expect((await read(plain, { checkpoint: second.checkpoint })).pages).toBe(0)
  })

  test('a changed file is read again; a file that went costs no other file’s rows', async () => {
    many(20)
    const { checkpoint } = await read()
    lay('f00007.csv', 'id,score\nf7,2\n')
    const second = await read(plain, { checkpoint })
    expect(second.rows).toContainEqual({ id: 'f7', score: 2 })
    rmSync(path.join(folder, 'f00003.csv'))
    lay('g.csv', 'id,score\ng,1\n')
    const third = await read(plain, { checkpoint: second.checkpoint })
    expect(ids(third)).toContain('g')
    expect((await read(plain, { checkpoint: third.checkpoint })).pages).toBe(0)
  })

  test('hundreds of files are read in two runs, and one new among them is found', async () => {
    many(700)
    const first = await read(plain, { pageSize: 50_000, stopAfter: 300 })
    expect(JSON.stringify(first.checkpoint).length).toBeLessThan(16 * 1024)
    const rest = await read(plain, { checkpoint: first.checkpoint })
    expect(rest.rows).toHaveLength(400)
    expect(JSON.stringify(rest.checkpoint).length).toBeLessThan(16 * 1024)
    lay('f00350b.csv', 'id,score\nnew,1\n')
    expect(ids(await read(plain, { checkpoint: rest.checkpoint }))).toEqual(['new'])
  })

  test('a refused file is tried again only under other settings or when it changes', async () => {
    lay('a.csv', 'id,points\na,1\n')
    lay('b.csv', 'id,score\nb,1\n')
    const first = await read()
    expect(first.unreadable).toHaveLength(1)
    expect((await read(plain, { checkpoint: first.checkpoint })).pages).toBe(0)
    const mended = {
      ...plain,
      columns: { id: 'text', score: { type: 'integer', from: ['score', 'points'] } },
    }
    const second = await read(mended, { checkpoint: first.checkpoint })
    expect(ids(second)).toEqual(['a'])
    expect((await read(mended, { checkpoint: second.checkpoint })).pages).toBe(0)
  })

  test('a file that changes while it is half read starts over', async () => {
    lay('x.csv', 'id,score\na,1\nb,2\nc,3\n')
    const first = await read(plain, { pageSize: 1, stopAfter: 1 })
    lay('x.csv', 'id,score\nA,1\nB,2\n')
    expect(ids(await read(plain, { checkpoint: first.checkpoint }))).toEqual(['A', 'B'])
  })

  test('when the last file of a pass vanishes, later files are still read', async () => {
    many(3)
    const first = await read(plain, { stopAfter: 2 })
    rmSync(path.join(folder, 'f00002.csv'))
    lay('a.csv', 'id,score\na,1\n')
    expect(ids(await read(plain, { checkpoint: first.checkpoint }))).toContain('a')
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
