import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { defineConnector } from '#connectors/connector.ts'
import type { ConnectorContext } from '#connectors/connector.ts'
import { openControl } from '#lake/control/open-control.ts'
import type { Control } from '#lake/control/open-control.ts'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import { quarantineCounts, quarantinedRecords } from '#lake/quarantine.ts'
import { rawFiles } from '#lake/raw-files.ts'
import { openStorage } from '#lake/storage.ts'
import { createLand } from './land.ts'
import { createPrivacy } from './privacy.ts'
import { replayQuarantine } from './replay.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const input = { source: 'kiosk', stream: 'answers', ingestDate: '2026-03-01' }

let folder: string
let control: Control

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'))
  control = openControl(join(folder, 'control.db'))
  await control.migrate()
})
afterEach(async () => {
  await control.close()
  rmSync(folder, { recursive: true })
})

const Score = z.object({ id: z.string(), email: z.string().nullish(), score: z.int() })
const codes: Record<string, unknown> = { 非常满意: 5 }
/** The contract after somebody taught it the words. */
const Mended = Score.extend({
  score: z.preprocess((value) => (typeof value === 'string' ? (codes[value] ?? value) : value), z.int()),
})

const records = [
  { id: 'a', score: 3 },
  { id: 'b', score: '非常满意', email: 'Li@example.com' },
  { id: 'c', score: '非常满意', email: 'wang@example.com' },
  { id: 'd', score: '???' },
]

async function deps(record: z.ZodObject, key = 'a-key-for-tests-of-forty-characters-long') {
  const connector = defineConnector({
    name: 'files',
    title: { en: 'Kiosk', zh: '终端' },
    kind: 'files',
    config: z.unknown(),
    secrets: [],
    streams: () => [
      {
        name: 'answers',
        record,
        primaryKey: ['id'],
        checkpoint: z.object({ file: z.int() }),
        privacy: { email: { policy: 'hash', as: 'email' } },
      },
    ],
    check: async () => {},
    async *read(_context, { checkpoint }) {
      if (checkpoint === null) yield { type: 'page', records, checkpoint: { file: 1 } }
    },
  })
  const context: ConnectorContext = {
    source: 'kiosk',
    config: {},
    http: { json: () => Promise.reject(new Error('this source speaks no HTTP')) },
    secret: () => '',
    now: () => NOW,
  }
  return {
    lake: {
      control,
      storage: await openStorage(join(folder, 'lake')),
      createSink: () => createDuckdbSink({ temporaryFolder: join(folder, 'spill') }),
      now: () => NOW,
    },
    privacy: createPrivacy(key, '86'),
    sources: { kiosk: { connector, context } },
    attempt: () => ({ signal: new AbortController().signal, heartbeat: () => {} }),
  }
}

async function landOnce() {
  await createLand(await deps(Score)).land({ ...input, slice: {} })
}

it('lands what the mended contract accepts, once, and leaves the rest', async () => {
  await landOnce()
  expect(await replayQuarantine(await deps(Mended), input)).toEqual({ replayed: 2, pending: 1 })
  expect(await replayQuarantine(await deps(Mended), input)).toEqual({ replayed: 0, pending: 1 })
  const files = await rawFiles(control, 'kiosk', 'answers')
  expect(files.map(({ rows, loadSequence }) => [rows, loadSequence])).toEqual([
    [1, 1],
    [2, 2],
  ])
  const state = await control.db.selectFrom('stream_state').select('cursor').where('slice', '=', '').execute()
  expect(state).toEqual([{ cursor: '{"file":1}' }])
})

it('lands each record once when two replays run at the same time', async () => {
  await landOnce()
  await Promise.all([
    replayQuarantine(await deps(Mended), input),
    replayQuarantine(await deps(Mended), input),
  ])
  const files = await rawFiles(control, 'kiosk', 'answers')
  expect(files.reduce((sum, { rows }) => sum + rows, 0)).toBe(3)
})

it('counts by reason and shows kinds of values, never a value', async () => {
  await landOnce()
  const reason = 'score: Invalid input: expected number, received string'
  expect(await quarantineCounts(control)).toEqual([
    {
      source: 'kiosk',
      stream: 'answers',
      reason,
      pending: 3,
      replayed: 0,
      lastRejectedAt: NOW.toISOString(),
    },
  ])
  const [first] = await quarantinedRecords(control, { source: 'kiosk', limit: 1 })
  expect(first).toMatchObject({
    reason,
    position: 'record 2 of page 1',
    issues: [{ path: 'score', code: 'invalid_type' }],
    shape: { id: 'text of 1 characters', score: 'text of 4 characters', email: 'text of 14 characters' },
  })
  expect(JSON.stringify(first)).not.toMatch(/example|满意/)
})

it('says what to check when the key is another one', async () => {
  await landOnce()
  const other = await deps(Mended, 'another-key-for-tests-of-forty-characters')
  await expect(replayQuarantine(other, input)).rejects.toThrow('check SAYDO_KEY')
})
