/** Processes killed from outside at every step of a build, a publish and a collection of garbage: nothing named is ever missing, and the next run makes what a full rebuild makes. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildOf } from '#lake/builds.ts'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { EngineSession } from '#lake/engine.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { buildAll } from './build-all.ts'
import { type ChildOrder, STEPS } from './build-child.ts'
import { histories, type Landed } from './company-history.ts'
import { companyModels } from './company-models.ts'
import type { CompanyStream } from './company-streams.ts'
import { chosen, landAll, tablesOf, uncut } from './company-tables.ts'
import { whatIsBroken } from './lake-whole.ts'
import { type Delivery, landFile, type LakeMaker, openLakeMaker } from './quick-lake.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'
import { startChild } from './start-child.ts'

/** Kills at a moment of chance, beside one at every step. */
const BY_CHANCE = { sqlite: Number(process.env['SAYDO_PROOF_KILLS'] ?? 10), postgres: 3 }
const LEAVES = ['event_person', 'spend']
const TODAY = '2024-05-20'
const steps = { sqlite: STEPS, postgres: STEPS.filter((_, place) => place % 3 === 0) }

const Outcome = z.object({
  published: z.object({ version: z.int() }),
  upstream: z.record(z.string(), z.string()),
})

let kills = 0
afterAll(() => {
  process.stdout.write(`builds: ${kills} processes were killed\n`)
})

describe.each(['sqlite', 'postgres'] as const)('builds with their control database on %s', (engine) => {
  let server: PostgresServer | undefined
  let folder: string
  let storage: Storage
  let control: Control
  let session: EngineSession
  let maker: LakeMaker
  let address: string
  const landed: (readonly Landed[])[] = []
  const code: Record<string, number> = {}

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'killed-'))
    if (engine === 'postgres') server = await startPostgres()
    address = server ? await server.database('killed') : join(folder, 'control.db')
    storage = await openStorage(join(folder, 'lake'))
    control = openControl(address)
    await control.migrate()
    session = await createDuckdbEngine({ memoryMb: 500, threads: 1, tempFolder: folder }).open()
    maker = await openLakeMaker()
  })
  afterAll(async () => {
    await maker[Symbol.asyncDispose]()
    await session[Symbol.asyncDispose]()
    await control.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** New records, and every other time other code, so that every step of a build has something to do. */
  async function news(): Promise<void> {
    const [history] = fc.sample(histories(LEAVES), { seed: landed.length + 1, numRuns: 1 })
    const records = [...(history?.landed ?? []), ...always(landed.length)]
    landed.push(records)
    await landAll({ land }, records)
    code['answer_event'] = landed.length
  }

  let ids = 0
  const land = (stream: CompanyStream, deliveries: readonly Delivery[]) =>
    landFile({ storage, control, session, newId: () => String((ids += 1)) }, stream, deliveries)

  function start(gate?: ChildOrder['gate']) {
    const order: ChildOrder = {
      address,
      lake: storage.root,
      leaves: LEAVES,
      code,
      today: TODAY,
      ...(gate && { gate }),
    }
    const child = startChild('build-child.ts', [JSON.stringify(order)])
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    return {
      child,
      ended: once(child, 'exit'),
      line: async () => (await lines.next()).value,
    }
  }

  /** Killed there, unless it ended before it got there. */
  async function killedAt(gate: NonNullable<ChildOrder['gate']>): Promise<boolean> {
    const { child, ended, line } = start(gate)
    expect(await line()).toBe('started')
    const reached = (await line()) === `reached ${gate.step}`
    child.kill('SIGKILL')
    await ended
    if (reached) kills += 1
    return reached
  }

  async function expectWhole() {
    expect(await whatIsBroken(storage, control)).toEqual([])
  }

  /** The next run finishes, and has made what a full rebuild makes. */
  async function expectRecovered() {
    const { ended, line } = start()
    expect(await line()).toBe('started')
    const { upstream } = Outcome.parse(JSON.parse((await line()) ?? 'null'))
    expect((await ended)[0]).toBe(0)
    await expectWhole()
    const models = chosen(companyModels(code), LEAVES)
    await using fresh = await maker.open()
    for (const records of landed) await landAll(fresh, records)
    const full = models.map(uncut)
    const rebuilt = await buildAll(fresh.verbs(full, TODAY))
    const lake = {
      storage,
      build: (model: string, fingerprint: string) => buildOf(control.db, model, fingerprint),
      rows: (sql: string, inputs: Parameters<EngineSession['rows']>[1]) =>
        session.rows({ sql, parameters: [] }, inputs),
    }
    const { tables } = await tablesOf(lake, models, upstream)
    expect(tables).toEqual((await tablesOf(fresh, full, rebuilt.upstream)).tables)
    expect(await draftsLeft()).toEqual([])
  }

  /** After a collection no draft of a killed process is left. */
  async function draftsLeft(): Promise<string[]> {
    return (await storage.list('_tmp')).map(({ path }) => path)
  }

  it('a run that nobody kills makes what a full rebuild makes', { timeout: 60_000 }, async () => {
    await news()
    await expectRecovered()
    await news()
    await expectRecovered()
  })

  it.each(chunks(steps[engine], 3))(
    'killed at “%s” and the steps after it, loses nothing and goes on',
    { timeout: 120_000 },
    async (...some) => {
      for (const step of some) {
        await news()
        expect({ step, reached: await killedAt({ step, time: 1 }) }).toEqual({ step, reached: true })
        await expectWhole()
        await killedAt({ step, time: 4 })
        await expectWhole()
      }
      await expectRecovered()
    },
  )

  it('killed at moments of chance, loses nothing and goes on', { timeout: 240_000 }, async () => {
    const moments = fc.sample(fc.integer({ min: 0, max: 1500 }), { seed: 7, numRuns: BY_CHANCE[engine] })
    for (const [turn, moment] of moments.entries()) {
      if (turn % 2 === 0) await news()
      const { child, ended, line } = start()
      expect(await line()).toBe('started')
      const done = line()
      const isDone = await Promise.race([done.then(() => true), sleep(moment, false)])
      child.kill('SIGKILL')
      await ended
      if (!isDone) kills += 1
      await expectWhole()
      if (turn % 5 === 4) await expectRecovered()
    }
    await expectRecovered()
  })
})

/** A version of every kind of record that is surely there, with another content each time. */
function always(turn: number): Landed[] {
  const updated = `2024-02-01 00:00:${String(turn % 60).padStart(2, '0')}`
  const rest = { run: 0, deleted: false }
  const ts = `2024-0${(turn % 4) + 1}-10 12:00:00`
  return [
    {
      ...rest,
      stream: 'answers',
      cursor: updated,
      fields: { id: 'always', key: 'k1', value: turn, ts, updated },
    },
    {
      ...rest,
      stream: 'orders',
      cursor: turn,
      fields: { id: 'always', key: 'k2', value: turn, ts: ts.slice(0, 10), revision: turn },
    },
    {
      ...rest,
      stream: 'contacts',
      cursor: updated,
      fields: { id: 'always', key: 'k1', other: `k${turn % 5}`, seen: ts, updated },
    },
  ]
}

function chunks(all: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  )
}
