import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collectOrphans } from './collect-orphans.ts'
import { openControl } from './control/open-control.ts'
import type { Control } from './control/open-control.ts'
import type { Lake } from './landing.ts'
import { Overtaken, openLoad } from './load.ts'
import { createParquetjsSink } from './parquetjs-sink.ts'
import { rawFiles } from './raw-files.ts'
import type { LandingStream } from './record-columns.ts'
import { openStorage } from './storage.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const stream: LandingStream = {
  source: 'tool',
  stream: 'a/b',
  columns: [
    { name: 'id', type: 'VARCHAR' },
    { name: 'at', type: 'TIMESTAMP' },
  ],
  primaryKey: ['id'],
  eventTime: 'at',
}
const request = { stream, kind: 'sync', slice: '', ingestDate: '2026-03-01' } as const

let folder: string
let control: Control
let lake: Lake

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'load-'))
  await freshLake('first')
})
afterEach(async () => {
  await control.close()
  rmSync(folder, { recursive: true })
})

async function freshLake(name: string): Promise<void> {
  control = openControl(join(folder, `${name}.db`))
  await control.migrate()
  const storage = await openStorage(join(folder, name))
  lake = { control, storage, createSink: createParquetjsSink, now: () => NOW }
}

/** One reading of a source that has these pages, from the committed checkpoint; it stops after `steps` pages when told to. */
async function attempt(
  pages: readonly (readonly string[])[],
  rows: number,
  steps = Infinity,
): Promise<'done' | 'cut' | 'overtaken'> {
  const load = await openLoad(lake, { ...request, limits: { rows } })
  try {
    const start = load.checkpoint === null ? 0 : Number(load.checkpoint)
    for (const [index, ids] of pages.entries()) {
      if (index < start) continue
      if (index - start >= steps) return 'cut'
      await load.add({
        rows: ids.map((id) => ({ id, at: NOW })),
        rejected: [{ reason: 'broken', position: `page ${index}`, issues: [], shape: {}, sealed: '' }],
        checkpoint: String(index + 1),
      })
    }
    await load.finish()
    return 'done'
  } catch (error) {
    if (error instanceof Overtaken) return 'overtaken'
    throw error
  } finally {
    await load.abort()
  }
}

async function untilDone(pages: readonly (readonly string[])[], rows: number): Promise<void> {
  while ((await attempt(pages, rows)) !== 'done');
}

async function landedIds(): Promise<string[]> {
  const files = (await rawFiles(control, 'tool', 'a/b')).map(({ path }) => `'${lake.storage.absolute(path)}'`)
  if (files.length === 0) return []
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const reader = await connection.runAndReadAll(`select id from read_parquet([${files.join(', ')}])`)
  connection.closeSync()
  return reader.getRows().map(([id]) => String(id))
}

const pagesArbitrary = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 5 }), {
  maxLength: 8,
})

describe('whatever the pages, their records, and the attempts that break off', () => {
  it('every page is committed exactly once, with its rejected records', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        pagesArbitrary,
        fc.array(fc.nat({ max: 4 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 8 }),
        async (pages, cuts, rows) => {
          await control.close()
          await freshLake(`run-${(run += 1)}`)
          for (const steps of cuts) await attempt(pages, rows, steps)
          await untilDone(pages, rows)
          expect((await landedIds()).toSorted()).toEqual(pages.flat().toSorted())
          const rejected = await control.db.selectFrom('quarantine').select('position').execute()
          expect(rejected.map(({ position }) => position).toSorted()).toEqual(
            pages.map((_, index) => `page ${index}`).toSorted(),
          )
        },
      ),
      { numRuns: 30, seed: 11 },
    )
  }, 120_000)

  it('every page is committed exactly once also when attempts race', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        pagesArbitrary,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 4 }),
        async (pages, rows, racers) => {
          await control.close()
          await freshLake(`race-${(run += 1)}`)
          await Promise.all(Array.from({ length: racers }, () => untilDone(pages, rows)))
          expect((await landedIds()).toSorted()).toEqual(pages.flat().toSorted())
          expect(
            (await control.db.selectFrom('load').select('status').execute()).every(
              ({ status }) => status === 'committed',
            ),
          ).toBe(true)
          const listed = (await rawFiles(control, 'tool', 'a/b')).map(({ path }) => path)
          const stored = (await lake.storage.list('raw')).map(({ path }) => path)
          expect(stored.toSorted()).toEqual(listed.toSorted())
        },
      ),
      { numRuns: 20, seed: 12 },
    )
  }, 120_000)
})

describe('a load', () => {
  it('has one name for all attempts at it, and another after it is done', async () => {
    const [first, second] = [await openLoad(lake, request), await openLoad(lake, request)]
    expect(second.key).toBe(first.key)
    await first.add({ rows: [{ id: 'a', at: NOW }], checkpoint: '1' })
    await first.flush()
    const third = await openLoad(lake, request)
    expect([third.key, third.checkpoint]).toEqual([first.key, '1'])
    await third.finish()
    expect((await openLoad(lake, request)).key).not.toBe(first.key)
  })

  it('files a part under source, stream and day, named by load, part and content', async () => {
    await untilDone([['a'], ['b']], 1)
    const files = await rawFiles(control, 'tool', 'a/b')
    const folder = 'raw/source=tool/stream=a%2Fb/ingest_date=2026-03-01'
    expect(
      files.map(({ path }) => path.replace(/\/[0-9a-f]{16}-(\d{5})-[0-9a-f]{8}\.parquet$/, '/$1')),
    ).toEqual([`${folder}/00000`, `${folder}/00001`])
    expect(files[0]).toMatchObject({
      rows: 1,
      eventFrom: '2026-03-01T12:00:00.000000Z',
      eventTo: '2026-03-01T12:00:00.000000Z',
    })
  })

  it('remembers a field nobody knew, and each set of columns', async () => {
    const load = await openLoad(lake, request)
    await load.note(['mood'])
    await load.add({ rows: [{ id: 'a', at: NOW }], unknownFields: ['mood', 'nick'], checkpoint: '1' })
    await load.finish()
    const fields = await control.db.selectFrom('unknown_field').select('field').orderBy('field').execute()
    expect(fields.map(({ field }) => field)).toEqual(['mood', 'nick'])
    const [file] = await rawFiles(control, 'tool', 'a/b')
    expect(file?.columns.map(({ name }) => name)).toEqual([
      'id',
      'at',
      '_extra',
      '_row_key',
      '_row_hash',
      '_op',
      '_cursor',
      '_extracted_at',
      '_load_key',
      '_part',
      '_pos',
      '_schema_hash',
    ])
  })

  it('flushes by bytes and by rejected records too', async () => {
    const load = await openLoad(lake, { ...request, limits: { bytes: 50, rejected: 2 } })
    await load.add({ rows: [{ id: 'x'.repeat(60), at: NOW }], checkpoint: '1' })
    await load.flush()
    const rejected = { reason: 'broken', position: '', issues: [], shape: {}, sealed: '' }
    await load.add({ rows: [], rejected: [rejected, rejected], checkpoint: '2' })
    await load.finish()
    expect(load.totals).toEqual({ rows: 1, rejected: 2, files: 1 })
  })
})

it('orphans are collected when they are old, committed files and young ones never', async () => {
  await untilDone([['a']], 1)
  const [file] = await rawFiles(control, 'tool', 'a/b')
  const [old, young] = [lake.storage.absolute('raw/old.parquet'), lake.storage.temporary('young.parquet')]
  for (const path of [old, young]) writeFileSync(path, 'xyz')
  const longAgo = new Date(NOW.getTime() - 25 * 60 * 60 * 1000)
  for (const path of [old, lake.storage.absolute(file?.path ?? '')]) await utimes(path, longAgo, longAgo)
  expect(await collectOrphans(lake)).toEqual({ files: 1, bytes: 3 })
  const left = [...(await lake.storage.list('raw')), ...(await lake.storage.list('_tmp'))]
  expect(left.map(({ path }) => path)).toEqual([file?.path, '_tmp/young.parquet'])
})

describe('the storage folder', () => {
  it('refuses paths outside itself', () => {
    expect(() => lake.storage.absolute('../elsewhere')).toThrow('lies outside the lake')
  })

  it('says what to do when it cannot be written', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    await expect(openStorage(join(file, 'lake'))).rejects.toThrow('check its owner and rights')
  })

  it('names a full disk, whichever layer says it', async () => {
    const failures = [
      Object.assign(new Error('write'), { code: 'ENOSPC' }),
      new Error('IO Error: Could not write all bytes to file'),
    ]
    for (const failure of failures)
      await expect(lake.storage.guard(() => Promise.reject(failure))).rejects.toThrow(
        /^\[lake\] there is no space left/,
      )
    await expect(lake.storage.guard(() => Promise.reject(new Error('other')))).rejects.toThrow(/^other$/)
  })
})
