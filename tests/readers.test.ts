/** Readers during a hundred publishes, rollbacks and collections of garbage: never an error, never a mix of two versions. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { Engine, EngineSession } from '#lake/engine.ts'
import { leaseCurrent } from '#lake/lease.ts'
import { publishedSlices } from '#lake/published-slices.ts'
import { PublishedVersion } from '#lake/published-version.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { openPublishedLake } from '#stack/published-lake.ts'
import { numberedLake } from './numbered-lake.ts'

const PUBLISHES = Number(process.env['SAYDO_PROOF_PUBLISHES'] ?? 100)
const SETS = 7
const numbers = `select number from "order" union all select number from xo.month`

const folder = mkdtempSync(join(tmpdir(), 'readers-'))
let storage: Storage
let control: Control
let engine: Engine
let session: EngineSession
beforeAll(async () => {
  storage = await openStorage(join(folder, 'lake'))
  control = openControl(join(folder, 'control.db'))
  await control.migrate()
  engine = createDuckdbEngine({ memoryMb: 200, threads: 1, tempFolder: folder })
  session = await engine.open()
})
afterAll(async () => {
  await session[Symbol.asyncDispose]()
  await control.close()
  rmSync(folder, { recursive: true, force: true })
})

type Read = () => Promise<readonly number[]>

/** As commands read: the version is leased, and its files are what the engine opens. */
async function leased(): Promise<readonly number[]> {
  const lease = await leaseCurrent({ storage, now: () => new Date(), newId: randomUUID })
  if (lease === undefined) throw new Error('nothing is published')
  try {
    const text = await storage.readText(`versions/${lease.version}.json`)
    const version = PublishedVersion.parse(JSON.parse(text ?? 'null'))
    const rows = await engine.rows({ sql: numbers, parameters: [] }, publishedSlices(storage, version))
    return rows.map((row) => Number(row['number']))
  } finally {
    await lease.release()
  }
}

it(
  'readers see one whole version, through the engine and through Cube’s driver',
  { timeout: 300_000 },
  async () => {
    const lake = numberedLake(storage, control, session)
    await lake.versions().publish(await lake.build(0))
    const cube = openPublishedLake({ lakeRoot: storage.root, graceMs: 200, now: () => performance.now() })
    const throughCube = async () => {
      const driver = cube.driver(await cube.current())
      const rows = await driver.query<{ number: number | bigint | string }>(numbers)
      return rows.map((row) => Number(row.number))
    }
    const writing = new AbortController()
    const reading = { reads: 0, mixed: 0, errors: [] as string[], seen: new Set<number>() }
    const reader = async (read: Read) => {
      while (!writing.signal.aborted)
        try {
          const found = await read()
          reading.reads += 1
          for (const number of found) reading.seen.add(number)
          if (found.length !== 40 || new Set(found).size !== 1) reading.mixed += 1
        } catch (error) {
          reading.errors.push(String(error))
        }
    }
    const readers = [leased, leased, throughCube].map(reader)
    const done = { publishes: 0, rollbacks: 0, collections: 0, gone: 0 }
    for (let turn = 1; turn <= PUBLISHES; turn += 1) {
      await lake.versions().publish(await lake.build(turn % SETS))
      done.publishes += 1
      if (turn % 3 === 0) {
        await lake.versions().rollback()
        done.rollbacks += 1
      }
      if (turn % 4 !== 0) continue
      done.gone += (await lake.collect(3)).versions.length
      done.collections += 1
    }
    writing.abort()
    await Promise.all(readers)
    await cube.close()
    process.stdout.write(`readers: ${reading.reads} reads during ${JSON.stringify(done)}\n`)
    expect(reading.errors).toEqual([])
    expect(reading.mixed).toBe(0)
    expect(reading.seen.size).toBeGreaterThan(3)
    expect(done.gone).toBeGreaterThan(20)
  },
)
