import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineConnector } from '#connectors/connector.ts'
import type { ConnectorContext, ReadRequest, SourceEvent, Stream } from '#connectors/connector.ts'
import { SourceLimited, SourceUnavailable } from '#connectors/source-error.ts'
import { openControl } from '#lake/control/open-control.ts'
import type { Control } from '#lake/control/open-control.ts'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import { rawFiles } from '#lake/raw-files.ts'
import { openStorage } from '#lake/storage.ts'
import { createLand } from './land.ts'
import type { LandDeps, LandProgress } from './land.ts'
import { createPrivacy } from './privacy.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const KEY = 'a-key-for-tests-of-forty-characters-long'

const answers: Stream = {
  name: 'answers',
  record: z.object({
    id: z.string(),
    score: z.int().nullish(),
    email: z.string().nullish(),
    updated_at: z.iso.datetime(),
  }),
  primaryKey: ['id'],
  cursorField: 'updated_at',
  eventTime: 'updated_at',
  checkpoint: z.object({ page: z.int() }),
  privacy: { email: { policy: 'hash', as: 'email' } },
}

type Script = (request: ReadRequest) => AsyncGenerator<SourceEvent>

let folder: string
let control: Control

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'land-'))
  control = openControl(join(folder, 'control.db'))
  await control.migrate()
})
afterEach(async () => {
  await control.close()
  rmSync(folder, { recursive: true })
})

async function landWith(script: Script, changes: Partial<LandDeps> = {}) {
  const connector = defineConnector({
    name: 'tool',
    title: { en: 'Tool', zh: '工具' },
    kind: 'survey',
    config: z.unknown(),
    secrets: [],
    streams: () => [answers],
    check: async () => {},
    read: (_context, request) => script(request),
  })
  const context: ConnectorContext = {
    source: 'tool',
    config: {},
    http: { json: () => Promise.reject(new Error('this source speaks no HTTP')) },
    secret: () => '',
    now: () => NOW,
  }
  return createLand({
    lake: {
      control,
      storage: await openStorage(join(folder, 'lake')),
      createSink: () => createDuckdbSink({ temporaryFolder: join(folder, 'spill') }),
      now: () => NOW,
    },
    privacy: createPrivacy(KEY, '86'),
    sources: { tool: { connector, context } },
    attempt: () => ({ signal: new AbortController().signal, heartbeat: () => {} }),
    ...changes,
  })
}

const input = { source: 'tool', stream: 'answers', slice: {}, ingestDate: '2026-03-01' }
const record = (id: number, more: object = {}) => ({
  id: `r${id}`,
  score: id % 11,
  email: `Person${id}@Example.com `,
  updated_at: '2026-02-01T08:00:00.123456Z',
  ...more,
})
const page = (number: number, records: unknown[]): SourceEvent => ({
  type: 'page',
  records,
  checkpoint: { page: number },
})

async function landed(): Promise<Record<string, unknown>[]> {
  const files = (await rawFiles(control, 'tool', 'answers')).map(
    ({ path }) => `'${join(folder, 'lake', path)}'`,
  )
  if (files.length === 0) return []
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const reader = await connection.runAndReadAll(
    `select * from read_parquet([${files.join(', ')}], union_by_name = true) order by _load_key, _part, _pos`,
  )
  return reader.getRowObjectsJson()
}

describe('landing a stream', () => {
  it('lands records with where they came from, personal values hashed', async () => {
    const { land } = await landWith(async function* () {
      yield page(1, [record(1), record(2, { nickname: 'z', contact: 'call +86 138 0013 8000 or a@b.cn' })])
    })
    expect(await land(input)).toEqual({ status: 'done', rows: 2, rejected: 0, files: 1 })
    const [first, second] = await landed()
    expect(first).toMatchObject({
      id: 'r1',
      score: '1',
      email: createPrivacy(KEY, '86').hash('person1@example.com', 'email'),
      updated_at: '2026-02-01 08:00:00.123456',
      _extra: null,
      _op: 'upsert',
      _cursor: '2026-02-01 08:00:00.123456',
      _extracted_at: '2026-03-01 12:00:00',
      _part: '0',
      _pos: '0',
    })
    expect(second?.['_extra']).toBe('{"nickname":"z","contact":"call +00 000 0000 0000 or x@x.xx"}')
  })

  it('adds nothing when it runs again and the source has nothing new', async () => {
    const script: Script = async function* ({ checkpoint }) {
      if (checkpoint === null) yield page(1, [record(1)])
      else yield page(1, [])
    }
    await (await landWith(script)).land(input)
    const before = await control.db.selectFrom('stream_state').selectAll().execute()
    expect(await (await landWith(script)).land(input)).toEqual({
      status: 'done',
      rows: 0,
      rejected: 0,
      files: 0,
    })
    expect(await control.db.selectFrom('stream_state').selectAll().execute()).toEqual(before)
    expect(await landed()).toHaveLength(1)
  })

  it('keeps the pages before an error and goes on after them', async () => {
    let isBroken = true
    const script: Script = async function* ({ checkpoint }) {
      const done = (checkpoint?.['page'] as number | undefined) ?? 0
      for (let number = done + 1; number <= 3; number++) {
        if (number === 3 && isBroken) throw new SourceUnavailable('answered 500', { source: 'tool' })
        yield page(number, [record(number)])
      }
    }
    const { land } = await landWith(script)
    await expect(land(input)).rejects.toThrow('[tool] answered 500')
    expect(await landed()).toHaveLength(2)
    isBroken = false
    expect(await land(input)).toMatchObject({ status: 'done', rows: 1 })
    expect((await landed()).map((row) => row['id'])).toEqual(['r1', 'r2', 'r3'])
    const loads = await control.db.selectFrom('load').select(['rows', 'files', 'status']).execute()
    expect(loads).toEqual([{ rows: 3, files: 2, status: 'committed' }])
  })

  it('puts what does not parse into quarantine, sealed, and goes on', async () => {
    const { land } = await landWith(async function* () {
      yield page(1, [record(1), { id: 7, email: 'secret@example.com' }, record(2)])
      yield {
        type: 'page',
        records: [],
        unreadable: [{ raw: 'a;b;"c', reason: 'quote is not closed', position: 'line 9' }],
        checkpoint: { page: 2 },
      }
    })
    expect(await land(input)).toEqual({ status: 'done', rows: 2, rejected: 2, files: 1 })
    const kept = await control.db.selectFrom('quarantine').selectAll().orderBy('id').execute()
    expect(kept.map(({ reason, position }) => [reason, position])).toEqual([
      ['id: Invalid input: expected string, received number (and 1 more)', 'record 2 of page 1'],
      ['quote is not closed', 'line 9'],
    ])
    expect(JSON.stringify(kept)).not.toContain('secret@example.com')
    const opened = createPrivacy(KEY, '86').open(kept[0]?.sealed ?? '', 'tool/answers')
    expect(JSON.parse(opened)).toEqual({ id: 7, email: 'secret@example.com' })
  })

  it('answers `more` when its time is up and ends the same load at the next call', async () => {
    const script: Script = async function* ({ checkpoint }) {
      for (let number = ((checkpoint?.['page'] as number | undefined) ?? 0) + 1; number <= 2; number++)
        yield page(number, [record(number)])
    }
    const { land } = await landWith(script, { budgetMs: 0 })
    expect([await land(input), await land(input), await land(input)].map(({ status }) => status)).toEqual([
      'more',
      'more',
      'done',
    ])
    expect(await control.db.selectFrom('load').select(['rows', 'status']).execute()).toEqual([
      { rows: 2, status: 'committed' },
    ])
  })

  it('hands long waits to the workflow, however the source says them', async () => {
    const until = new Date(NOW.getTime() + 120_000)
    const said: Script = async function* () {
      yield page(1, [record(1)])
      yield { type: 'waiting', until, reason: 'rate_limited' }
    }
    const thrown: Script = async function* () {
      yield page(2, [record(2)])
      throw new SourceLimited('asks to wait', { source: 'tool', until })
    }
    const waiting = { status: 'waiting', until: until.toISOString(), rows: 1 }
    expect(await (await landWith(said)).land(input)).toMatchObject(waiting)
    expect(await (await landWith(thrown)).land(input)).toMatchObject(waiting)
    expect(await landed()).toHaveLength(2)
  })

  it('lands deletions as rows of their own', async () => {
    const { land } = await landWith(async function* () {
      yield page(1, [record(1)])
      yield { type: 'deleted', keys: [{ id: 'r1' }], checkpoint: { page: 2 } }
    })
    await land(input)
    const [kept, gone] = await landed()
    expect(gone).toMatchObject({ id: 'r1', _op: 'delete', score: null, _cursor: '2026-03-01 12:00:00' })
    expect(gone?.['_row_key']).toBe(kept?.['_row_key'])
  })

  it('reads a window without moving the cursor of the stream', async () => {
    const asked: ReadRequest[] = []
    const { land } = await landWith(async function* (request) {
      asked.push(request)
      yield page(9, [record(asked.length)])
    })
    await land(input)
    const window = { ...input, slice: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } }
    await land(window)
    await land(window)
    await land(input)
    expect(asked.map(({ checkpoint }) => checkpoint)).toEqual([null, null, null, { page: 9 }])
    expect(await landed()).toHaveLength(4)
  })

  it('commits what is old enough while the source is silent', async () => {
    let clock = NOW.getTime()
    const { land } = await landWith(
      async function* () {
        yield page(1, [record(1)])
        clock += 61_000
        while ((await landed()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
        yield page(2, [record(2)])
      },
      {
        lake: {
          control,
          storage: await openStorage(join(folder, 'lake')),
          createSink: () => createDuckdbSink({ temporaryFolder: join(folder, 'spill') }),
          now: () => new Date(clock),
        },
        limits: { milliseconds: 50 },
      },
    )
    expect(await land(input)).toMatchObject({ files: 2, rows: 2 })
  })

  it('stops at once when it is cancelled, and loses nothing committed', async () => {
    const cancel = new AbortController()
    const seen: LandProgress[] = []
    const { land } = await landWith(
      async function* () {
        yield page(1, [record(1)])
        setTimeout(() => cancel.abort(new Error('cancelled')), 10)
        await new Promise(() => {})
      },
      { attempt: () => ({ signal: cancel.signal, heartbeat: (progress) => seen.push(progress) }) },
    )
    await expect(land(input)).rejects.toThrow('cancelled')
    expect(seen).toEqual([{ source: 'tool', stream: 'answers', pages: 1, rows: 1, rejected: 0 }])
    expect(await landed()).toEqual([])
  })

  it('refuses a checkpoint that breaks its schema or is too big', async () => {
    const wrong = await landWith(async function* () {
      yield { type: 'page', records: [], checkpoint: { page: 'x' } }
    })
    await expect(wrong.land(input)).rejects.toThrow(
      '[tool.answers] the connector gave a checkpoint that breaks',
    )
  })
})
