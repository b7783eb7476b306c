/** One lake, three worker processes: a build spreads over them, outlives one that is killed, and runs that are started at once end in one version. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client, Connection } from '@temporalio/client'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildOf } from '#lake/builds.ts'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { EngineSession } from '#lake/engine.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { openVersions } from '#lake/versions.ts'
import { startBuild, startRefresh } from '#stack/start-run.ts'
import { ensureTemporal, type TemporalServer } from '#stack/temporal.ts'
import { buildId } from '#workflows/run-id.ts'
import { buildAll } from './build-all.ts'
import { histories, type Landed } from './company-history.ts'
import { companyModels } from './company-models.ts'
import { landAll, tablesOf, uncut } from './company-tables.ts'
import type { WorkerOrder } from './company-worker.ts'
import { whatIsBroken } from './lake-whole.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'
import { startChild } from './start-child.ts'
import { type Delivery, landFile, type LakeMaker, openLakeMaker } from './quick-lake.ts'
import type { CompanyStream } from './company-streams.ts'

const TODAY = '2024-05-20'

let dataDir = ''
let temporal: TemporalServer
let connection: Connection
let client: Client
let postgres: PostgresServer
let maker: LakeMaker
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'three-workers-'))
  const { TEMPORAL_ADDRESS: _, ...env } = process.env
  temporal = await ensureTemporal({ env, dataDir, say: () => {} })
  connection = await Connection.connect({ address: temporal.address })
  client = new Client({ connection, namespace: temporal.namespace })
  postgres = await startPostgres()
  maker = await openLakeMaker()
})
afterAll(async () => {
  await maker[Symbol.asyncDispose]()
  await connection.close()
  await temporal.stop()
  await postgres.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

describe.each(['sqlite', 'postgres'] as const)('with the control database on %s', (engine) => {
  const workers: ChildProcess[] = []
  const landed: (readonly Landed[])[] = []
  let address: string
  let control: Control
  let storage: Storage
  let session: EngineSession
  let ids = 0

  beforeAll(async () => {
    const root = join(dataDir, engine)
    storage = await openStorage(join(root, 'lake'))
    address = engine === 'postgres' ? await postgres.database('workers') : join(root, 'control.db')
    control = openControl(address)
    await control.migrate()
    session = await createDuckdbEngine({ memoryMb: 300, threads: 1, tempFolder: root }).open()
  })
  afterAll(async () => {
    for (const worker of workers.filter(
      ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
    )) {
      worker.kill('SIGKILL')
      await once(worker, 'exit')
    }
    await session[Symbol.asyncDispose]()
    await control.close()
  })

  const land = (stream: CompanyStream, deliveries: readonly Delivery[]) =>
    landFile({ storage, control, session, newId: () => String((ids += 1)) }, stream, deliveries)
  const versions = () => openVersions(storage, control, () => new Date())

  async function news(seed: number): Promise<void> {
    const records = fc.sample(histories(['event']), { seed, numRuns: 6 }).flatMap((history) => history.landed)
    landed.push(records)
    await landAll({ land }, records)
  }

  /** Answers once the process takes work; `building` resolves when it begins to build. */
  async function startWorkerProcess({ hangs = false } = {}) {
    const order: WorkerOrder = {
      address: temporal.address,
      namespace: temporal.namespace,
      taskQueue: `workers-${engine}`,
      control: address,
      lake: storage.root,
      today: TODAY,
      hangs,
    }
    const child = startChild('company-worker.ts', [JSON.stringify(order)])
    workers.push(child)
    const lines = createInterface({ input: child.stdout })
    const said = (wanted: string) =>
      new Promise<void>((resolve) => lines.on('line', (line) => line.includes(wanted) && resolve()))
    const building = said('building')
    await said('ready on task queue')
    return { child, building }
  }

  /** Processes that took a step of the latest build, as the run's history names them. */
  async function tookPart(): Promise<Set<string>> {
    const { events } = await client.workflow.getHandle(buildId).fetchHistory()
    const names = (events ?? []).flatMap((event) => event.activityTaskStartedEventAttributes?.identity ?? [])
    return new Set(names)
  }

  async function expectSameAsRebuilt(): Promise<void> {
    expect(await whatIsBroken(storage, control)).toEqual([])
    const models = companyModels()
    const lake = {
      storage,
      build: (model: string, fingerprint: string) => buildOf(control.db, model, fingerprint),
      rows: (sql: string, inputs: Parameters<EngineSession['rows']>[1]) =>
        session.rows({ sql, parameters: [] }, inputs),
    }
    await using fresh = await maker.open()
    for (const records of landed) await landAll(fresh, records)
    const full = models.map(uncut)
    const { upstream } = await buildAll(fresh.verbs(full, TODAY))
    const { tables } = await tablesOf(lake, models, await versions().served())
    expect(tables).toEqual((await tablesOf(fresh, full, upstream)).tables)
  }

  test('a build spreads over the processes, outlives one that is killed, and makes what one would', async () => {
    await news(1)
    const [, , hanging] = await Promise.all([
      startWorkerProcess(),
      startWorkerProcess(),
      startWorkerProcess({ hangs: true }),
    ])
    const handle = await startRefresh(client, `workers-${engine}`)
    await hanging.building
    hanging.child.kill('SIGKILL')
    await once(hanging.child, 'exit')
    const { published } = await handle.result()
    expect(published).toMatchObject({ version: 1, changed: true })
    expect((await tookPart()).size).toBeGreaterThanOrEqual(2)
    await expectSameAsRebuilt()
  })

  test('two refreshes and a build started at once end in one version', async () => {
    await news(2)
    await startWorkerProcess()
    const taskQueue = `workers-${engine}`
    const [byHand, one, two] = await Promise.all([
      startBuild(client, taskQueue),
      startRefresh(client, taskQueue),
      startRefresh(client, taskQueue),
    ])
    expect(one.firstExecutionRunId).toBe(two.firstExecutionRunId)
    const ends = await Promise.all([byHand.result(), one.result(), two.result()])
    expect(ends.map(({ published }) => published.version)).toEqual([2, 2, 2])
    expect((await versions().list()).map(({ version }) => version)).toEqual([1, 2])
    await expectSameAsRebuilt()
  })
})
