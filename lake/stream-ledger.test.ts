/** Which landed records count: worked out step by step it is what working it out from scratch gives, and what plain TypeScript says. */
import { array, assert, asyncProperty, constantFrom, integer, option, record } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestLake, type TestLake } from '#tests/test-lake.ts'
import type { EngineSession, Row } from './engine.ts'
import type { SinkRow } from './parquet-sink.ts'
import { rawFiles } from './raw-files.ts'
import type { LandingStream } from './record-columns.ts'
import { ledgerNamed, settleStream, type StreamLedger } from './stream-ledger.ts'

let lake: TestLake
let session: EngineSession
beforeAll(async () => {
  lake = await openTestLake()
  session = await lake.engine.open()
})
afterAll(async () => {
  await session[Symbol.asyncDispose]()
  await lake[Symbol.asyncDispose]()
})

let streams = 0
function freshStream(cursorField?: 'version'): LandingStream {
  return {
    source: 'tool',
    stream: `s${(streams += 1)}`,
    columns: [
      { name: 'id', type: 'VARCHAR' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 'mood', type: 'VARCHAR' },
      { name: 'version', type: 'BIGINT' },
    ],
    primaryKey: ['id'],
    eventTime: 'at',
    cursorField,
  }
}

async function settle(
  { source, stream }: LandingStream,
  settling: EngineSession = session,
): Promise<StreamLedger> {
  const { control, storage, engine, clock } = lake
  const of = { source, stream, time: 'at' }
  const newId = () => crypto.randomUUID()
  const work = { control, storage, session: settling, spelling: engine.spelling, newId, now: () => clock.now }
  return ledgerNamed(control.db, of, await settleStream(work, of))
}

/** What a build would read of the stream. */
async function seen({ columns }: LandingStream, { files, replaced }: StreamLedger): Promise<Row[]> {
  const { absolute } = lake.storage
  const landed = { replaced: replaced ? [absolute(replaced.path)] : [] }
  const slice = { table: 'seen', columns, files: files.map(({ path }) => absolute(path)), landed }
  return session.rows({ sql: 'select id, "at", mood from seen order by id', parameters: [] }, [slice])
}

/** Rows and hashes by day of what a build would read, counted anew. */
async function counted({ files, replaced }: StreamLedger): Promise<StreamLedger['days']> {
  const { hash, sumOfHashes, day } = lake.engine.spelling
  const { absolute } = lake.storage
  const slice = {
    table: 'seen',
    columns: [
      { name: '_row_hash', type: 'VARCHAR' as const },
      { name: '_schema_hash', type: 'VARCHAR' as const },
      { name: 'at', type: 'TIMESTAMP' as const },
    ],
    files: files.map(({ path }) => absolute(path)),
    landed: { replaced: replaced ? [absolute(replaced.path)] : [] },
  }
  const sql = `select coalesce(cast(d as VARCHAR), '') as d, count(*) as n, ${sumOfHashes('h')} as hash
    from (select ${day('at')} as d, ${hash(['_row_hash', '_schema_hash'])} as h from seen) as each_row group by d order by 1`
  const rows = await session.rows({ sql, parameters: [] }, [slice])
  return rows.map((row) => [String(row['d']), Number(row['n']), String(row['hash'])])
}

type Given = {
  readonly id: string
  readonly day: number | null
  readonly mood: string
  readonly deleted: boolean
}

const given = record({
  id: constantFrom('a', 'b', 'c', 'd', 'e'),
  day: option(integer({ min: 0, max: 3 }), { freq: 5 }),
  mood: constantFrom('good', 'bad'),
  deleted: integer({ min: 0, max: 5 }).map((n) => n === 0),
})
const landings = array(
  record({ rows: array(given, { minLength: 1, maxLength: 7 }), rowsPerFile: integer({ min: 1, max: 4 }) }),
  { minLength: 1, maxLength: 4 },
)

/** Across a leap day and a month's end. */
const days = ['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02']
const instant = (day: number | null) => (day === null ? null : `${days[day]}T10:00:00.000Z`)
const landedRow = ({ id, day, mood, deleted }: Given): SinkRow =>
  deleted ? { id, _deleted: true } : { id, at: instant(day), mood }

describe('a ledger', () => {
  it('says after every landing what counts, as if it were worked out from scratch', async () => {
    await assert(
      asyncProperty(landings, async (some) => {
        const stream = freshStream()
        const expected = new Map<string, Row>()
        let ledger: StreamLedger | undefined
        for (const { rows, rowsPerFile } of some) {
          await lake.land(stream, rows.map(landedRow), { rowsPerFile })
          for (const { id, day, mood, deleted } of rows) {
            if (deleted) expected.delete(id)
            else expected.set(id, { id, at: instant(day), mood })
          }
          ledger = await settle(stream)
          const wanted = [...expected.values()].toSorted((a, b) =>
            String(a['id']) < String(b['id']) ? -1 : 1,
          )
          expect(await seen(stream, ledger)).toEqual(wanted)
          expect(ledger.days).toEqual(await counted(ledger))
        }
        await lake.control.db.deleteFrom('stream_ledger').where('stream', '=', stream.stream).execute()
        const anew = await settle(stream)
        expect(anew.days).toEqual(ledger?.days)
        expect(anew.files).toEqual(ledger?.files)
      }),
      { numRuns: 30, seed: 5 },
    )
  }, 120_000)

  it('goes by cursor, then by the order of landing, then by the order in a file', async () => {
    const stream = freshStream('version')
    const row = (id: string, version: number | null, mood: string) => ({ id, at: instant(0), mood, version })
    await lake.land(stream, [
      row('a', 9, 'newest by cursor'),
      row('b', 1, 'first'),
      row('c', 1, 'first'),
      row('c', 1, 'last of the file'),
    ])
    await lake.land(stream, [row('a', 5, 'late and older'), row('b', 1, 'same cursor, later load')])
    const moods = (await seen(stream, await settle(stream))).map((each) => each['mood'])
    expect(moods).toEqual(['newest by cursor', 'same cursor, later load', 'last of the file'])
  })

  it('forgets what was deleted, also without a cursor, until it comes back', async () => {
    const stream = freshStream('version')
    const row = (id: string, version: number) => ({ id, at: instant(1), mood: 'x', version })
    await lake.land(stream, [row('gone', 7), row('back', 1)])
    await lake.land(stream, [
      { id: 'gone', _deleted: true },
      { id: 'back', _deleted: true },
    ])
    expect(await seen(stream, await settle(stream))).toEqual([])
    expect((await settle(stream)).days).toEqual([])
  })

  it('is the same one as long as nothing lands, and records that are new replace none', async () => {
    const stream = freshStream()
    await lake.land(stream, [{ id: 'a', at: instant(0), mood: 'x' }])
    const first = await settle(stream)
    expect(await settle(stream)).toEqual(first)
    await lake.land(stream, [{ id: 'b', at: null, mood: 'y' }])
    const second = await settle(stream)
    expect(second.replaced).toBeNull()
    expect(
      second.files.map(({ from, to, undated, rows, replaced }) => [from, to, undated, rows, replaced]),
    ).toEqual([
      ['2024-02-28', '2024-02-28', false, 1, 0],
      [null, null, true, 1, 0],
    ])
  })

  it('of an empty stream holds nothing', async () => {
    expect(await settle(freshStream())).toEqual({ files: [], days: [], replaced: null })
  })

  it('is one ledger when two attempts work it out at once', async () => {
    const stream = freshStream()
    await lake.land(stream, [{ id: 'a', at: instant(0), mood: 'x' }], {})
    await lake.land(stream, [{ id: 'a', at: instant(2), mood: 'y' }], {})
    await using other = await lake.engine.open()
    const both = await Promise.all([settle(stream), settle(stream, other)])
    expect(both[0]).toEqual(both[1])
    expect(await rawFiles(lake.control, 'tool', stream.stream)).toHaveLength(2)
    expect(both[0]?.days.map(([day, rows]) => [day, rows])).toEqual([['2024-03-01', 1]])
  })
})
