/** What is wrong with a file is named by file and line and costs no more than it must. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zipOf } from '#simulation/zip-writer.ts'
import { createContext } from './context.ts'
import { TrialFolder, plain } from './files-trial.ts'
import { files } from './files.ts'
import { SourceUnavailable } from './source-error.ts'

let drop: TrialFolder
beforeEach(() => {
  drop = new TrialFolder()
})
afterEach(() => drop.remove())

describe('what is damaged is named, and the rest goes on', () => {
  test('a ragged line costs that line', async () => {
    drop.lay('x.csv', 'id,score\na,1\nb\nc,3,4\nd,4\n')
    const { rows, unreadable } = await drop.read()
    expect(rows.map(({ id }) => id)).toEqual(['a', 'd'])
    expect(unreadable).toEqual([
      { position: 'x.csv:3', reason: 'has 1 cells where the heading has 2', raw: ['b'] },
      { position: 'x.csv:4', reason: 'has 3 cells where the heading has 2', raw: ['c', '3', '4'] },
    ])
  })

  test('lines after an embedded line end keep their true number', async () => {
    drop.lay('x.csv', 'id,score\n"a\nb",1\n\nc\n')
    expect((await drop.read()).unreadable.map(({ position }) => position)).toEqual(['x.csv:5'])
  })

  test('a spreadsheet’s missing and surplus empty cells are no damage', async () => {
    drop.lay('x.csv', 'id,score,note,\na,1\nb,2,n,,,\n')
    const stream = { ...plain, columns: { ...plain.columns, note: { type: 'text', optional: true } } }
    expect(await drop.read(stream)).toMatchObject({
      rows: [
        { id: 'a', note: null },
        { id: 'b', note: 'n' },
      ],
      unreadable: [],
    })
  })

  test('short lines at the end never become one wide column', async () => {
    drop.lay('x.csv', `id,score\n${'a,1\n'.repeat(3)}total\n`)
    const { rows, unreadable } = await drop.read({ ...plain, key: [] })
    expect([rows.length, unreadable.length]).toEqual([3, 1])
  })

  test('a wrong heading refuses the file, by name, and other files go on', async () => {
    drop.lay('a.csv', 'id,points,extra\na,1,2\n')
    drop.lay('b.csv', 'id,score\nb,2\n')
    const { rows, unreadable } = await drop.read()
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
    drop.lay('x.csv', '王小标,13900001000\na,1\n')
    const { unreadable } = await drop.read()
    expect(unreadable).toHaveLength(1)
    expect(unreadable[0]?.reason).toMatch(/none of the stream’s headings .*`header`/)
    expect(unreadable[0]?.reason).not.toMatch(/王小标|139/)
    expect(
      await drop.read({ ...plain, header: ['id', 'phone'], others: 'drop', columns: { id: 'text' } }),
    ).toMatchObject({
      rows: [{ id: '王小标' }, { id: 'a' }],
    })
  })

  test('lines above the heading are left out when their number is said', async () => {
    drop.lay('x.csv', '三月销售报表,\n\nid,score\na,1\n')
    expect(await drop.read({ ...plain, skipLines: 1 })).toMatchObject({
      rows: [{ id: 'a', score: 1 }],
      unreadable: [],
    })
  })

  test('an encoding that is named is not guessed', async () => {
    drop.lay('x.csv', iconv.encode('id,score\nÕÅ,1\n', 'latin1'))
    expect((await drop.read({ ...plain, encoding: 'gbk' })).rows).toEqual([{ id: '张', score: 1 }])
    drop.lay('x.csv', iconv.encode('id,score\n好,1\n', 'utf-16be', { addBOM: true }))
    expect((await drop.read({ ...plain, encoding: 'utf-16' })).rows).toEqual([{ id: '好', score: 1 }])
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
    drop.lay(what.includes('archive') ? 'x.csv.gz' : 'x.csv', bytes)
    drop.lay('y.csv', 'id,score\nb,2\n')
    const { rows, unreadable } = await drop.read()
    expect(rows.map(({ id }) => id)).toEqual(['b'])
    expect(unreadable.map(({ reason }) => reason.startsWith('the file is refused'))).toEqual([true])
  })

  test('an archive’s damaged member does not keep the others back', async () => {
    const members = [
      { name: 'a.csv', bytes: Buffer.from('no\n1\n') },
      { name: 'b.csv', bytes: Buffer.from('id,score\nb,2\n') },
    ]
    drop.lay('x.zip', zipOf(members))
    const { rows, unreadable } = await drop.read()
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
      drop.lay(
        name,
        Buffer.concat(
          [heading, good, bad, Buffer.from([0xff]), rest, last].map((part) => part ?? Buffer.alloc(0)),
        ),
      )
    }
    const { rows, unreadable } = await drop.read()
    expect(rows.map(({ id }) => id)).toEqual(['好的', '很好很好很好很好', '好的', '很好很好很好很好'])
    expect(unreadable.map(({ position, reason }) => `${position} ${reason}`)).toEqual([
      'g.csv:3 contains bytes that are not valid gb18030',
      'u.csv:3 contains bytes that are not valid utf-8',
    ])
  })

  test('a replacement character that stands in the file itself is text', async () => {
    drop.lay('x.csv', 'id,score\ncaf\uFFFD 好,1\n')
    expect(await drop.read()).toMatchObject({ rows: [{ id: 'caf\uFFFD 好', score: 1 }], unreadable: [] })
  })

  test('a record knows its file and line, for whoever finds it does not fit', async () => {
    drop.lay('x.csv', 'id,score\n"a\nb",1\nbroken\nc,many\n')
    const [page] = (await drop.read()).pages
    expect([0, 1].map((index) => page?.positionOf?.(index))).toEqual(['x.csv:2', 'x.csv:5'])
  })

  test('values that do not fit are told by column, never by content', async () => {
    drop.lay('x.csv', 'id,score\na,一百二十\n,5\n5.70306E+17,1\nb,1.5\nc,NA\n')
    const { rows, invalid } = await drop.read({ ...plain, nulls: ['', 'NA'] })
    expect(rows).toEqual([{ id: 'c', score: null }])
    expect(invalid).toHaveLength(4)
    expect(invalid.join()).not.toMatch(/一百二十|5\.7\d/)
  })

  test('a file that vanishes while others are read is the machine’s fault, and worth another try', async () => {
    drop.lay('a.csv', 'id,score\na,1\n')
    drop.lay('b.csv', 'id,score\nb,1\n')
    const config = files.config.parse({ folder: drop.path, streams: { s: plain } })
    const context = createContext({
      source: 'drops',
      connector: files,
      config,
      secrets: {},
      random: () => 0.5,
    })
    const request = { stream: 's', slice: {}, checkpoint: null, signal: AbortSignal.timeout(5_000) }
    const events = files.read({ ...context, config }, request)[Symbol.asyncIterator]()
    expect((await events.next()).value).toMatchObject({ records: [{ id: 'a' }] })
    rmSync(path.join(drop.path, 'b.csv'))
    await expect(events.next()).rejects.toThrow(SourceUnavailable)
  })

  test('a missing folder is named', async () => {
    drop.remove()
    await expect(drop.read()).rejects.toThrow(/does not exist; set `folder`/)
  })
})
