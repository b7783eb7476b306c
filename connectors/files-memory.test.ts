/** What was read is remembered, file by file; what is new, late or changed is found. */
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Trial, TrialFolder, plain } from './files-trial.ts'

let drop: TrialFolder
beforeEach(() => {
  drop = new TrialFolder()
})
afterEach(() => drop.remove())

const ids = ({ rows }: Trial): unknown[] => rows.map(({ id }) => id)

describe('what was read is remembered', () => {
  const many = (count: number, prefix = 'f'): void => {
    for (let index = 0; index < count; index += 1)
      drop.lay(
        `${prefix}${String(index).padStart(5, '0')}.csv`,
        `id,score\n${prefix}${index},1\n`,
        1_700_000_000,
      )
  }

  test('a second run finds nothing new', async () => {
    many(5)
    const first = await drop.read()
    expect(ids(first)).toHaveLength(5)
    expect((await drop.read(plain, { checkpoint: first.checkpoint })).pages).toEqual([])
  })

  test('a late file with an old name and an old date is read, alone', async () => {
    many(50)
    const { checkpoint } = await drop.read()
    drop.lay('a-late.csv', 'id,score\nlate,1\n', 1_000_000_000)
    drop.lay('f00010-late.csv', 'id,score\nlater,1\n', 1_000_000_000)
    const second = await drop.read(plain, { checkpoint })
    expect(ids(second)).toEqual(['late', 'later'])
    expect((await drop.read(plain, { checkpoint: second.checkpoint })).pages).toEqual([])
  })

  test('a changed file is read again; a file that went costs no other file’s rows', async () => {
    many(20)
    const { checkpoint } = await drop.read()
    drop.lay('f00007.csv', 'id,score\nf7,2\n')
    const second = await drop.read(plain, { checkpoint })
    expect(second.rows).toContainEqual({ id: 'f7', score: 2 })
    rmSync(path.join(drop.path, 'f00003.csv'))
    drop.lay('g.csv', 'id,score\ng,1\n')
    const third = await drop.read(plain, { checkpoint: second.checkpoint })
    expect(ids(third)).toContain('g')
    expect((await drop.read(plain, { checkpoint: third.checkpoint })).pages).toEqual([])
  })

  test('hundreds of files are read in two runs, and one new among them is found', async () => {
    many(700)
    const first = await drop.read(plain, { pageSize: 50_000, stopAfter: 300 })
    expect(JSON.stringify(first.checkpoint).length).toBeLessThan(16 * 1024)
    const rest = await drop.read(plain, { checkpoint: first.checkpoint })
    expect(rest.rows).toHaveLength(400)
    expect(JSON.stringify(rest.checkpoint).length).toBeLessThan(16 * 1024)
    drop.lay('f00350b.csv', 'id,score\nnew,1\n')
    expect(ids(await drop.read(plain, { checkpoint: rest.checkpoint }))).toEqual(['new'])
  })

  test('a refused file is tried again only under other settings or when it changes', async () => {
    drop.lay('a.csv', 'id,points\na,1\n')
    drop.lay('b.csv', 'id,score\nb,1\n')
    const first = await drop.read()
    expect(first.unreadable).toHaveLength(1)
    expect((await drop.read(plain, { checkpoint: first.checkpoint })).pages).toEqual([])
    const mended = {
      ...plain,
      columns: { id: 'text', score: { type: 'integer', from: ['score', 'points'] } },
    }
    const second = await drop.read(mended, { checkpoint: first.checkpoint })
    expect(ids(second)).toEqual(['a'])
    expect((await drop.read(mended, { checkpoint: second.checkpoint })).pages).toEqual([])
  })

  test('a file that changes while it is half read starts over', async () => {
    drop.lay('x.csv', 'id,score\na,1\nb,2\nc,3\n')
    const first = await drop.read(plain, { pageSize: 1, stopAfter: 1 })
    drop.lay('x.csv', 'id,score\nA,1\nB,2\n')
    expect(ids(await drop.read(plain, { checkpoint: first.checkpoint }))).toEqual(['A', 'B'])
  })

  test('when the last file of a pass vanishes, later files are still read', async () => {
    many(3)
    const first = await drop.read(plain, { stopAfter: 2 })
    rmSync(path.join(drop.path, 'f00002.csv'))
    drop.lay('a.csv', 'id,score\na,1\n')
    expect(ids(await drop.read(plain, { checkpoint: first.checkpoint }))).toContain('a')
  })
})
