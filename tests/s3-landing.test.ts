/** Landing on S3 under fire: processes killed at every step, and two at once, on a real S3 gateway. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { collectOrphans } from '#lake/collect-orphans.ts'
import { openControl } from '#lake/control/open-control.ts'
import { rawFiles } from '#lake/raw-files.ts'
import type { S3Options } from '#lake/s3-storage.ts'
import { openStorage } from '#lake/storage.ts'
import { prepareSession } from '#stack/prepare-session.ts'
import { type ChildOrder, KILL_STEPS } from './landing-child.ts'
import { findGateway, type S3Gateway, startGateway } from './s3-gateway.ts'

const found = await findGateway()
const binary = 'path' in found ? found.path : ''
const pages = [10, 20, 30, 40]
/** Every tenth record breaks its contract. */
const good = Array.from({ length: 100 }, (_, number) => `r${number}`).filter((id) => !id.endsWith('9'))

describe.skipIf(binary === '')('landing on S3', () => {
  const folder = mkdtempSync(join(tmpdir(), 'saydo-s3-landing-'))
  let gateway: S3Gateway
  let lakes = 0
  let lake: string
  beforeAll(async () => {
    gateway = await startGateway(binary)
    gateway.bucket('lake')
  })
  afterAll(async () => {
    await gateway.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    lake = `s3://lake/${(lakes += 1)}`
  })

  const address = () => join(folder, `control-${lakes}.db`)
  const s3 = (): S3Options => ({ access: gateway.access, scratch: join(folder, String(lakes)) })
  const order = (kill?: ChildOrder['kill']): ChildOrder => ({
    address: address(),
    lake,
    s3: s3(),
    pages,
    rowsPerPart: 25,
    ...(kill && { kill }),
  })

  /** Ids of what is committed; then, when all that was left over is cleared away, that nothing else is there. */
  async function landed(): Promise<string[]> {
    const control = openControl(address())
    const storage = await openStorage(lake, s3())
    const files = (await rawFiles(control, 'tool', 'answers')).map(({ path }) => path)
    const tomorrow = () => new Date(Date.now() + 25 * 60 * 60 * 1000)
    await collectOrphans({ control, storage, now: tomorrow })
    expect((await storage.list('')).map(({ path }) => path).toSorted()).toEqual(files.toSorted())
    await control.close()
    const session = await (await DuckDBInstance.create(':memory:')).connect()
    await prepareSession({ lakeRoot: lake, s3: { ...s3(), env: process.env, home: folder } })?.(session)
    const list = files.map((path) => `'${storage.absolute(path)}'`).join(', ')
    const reader = await session.runAndReadAll(`select id from read_parquet([${list}])`)
    session.closeSync()
    return reader.getRows().map(([id]) => String(id))
  }

  it.each(KILL_STEPS)(
    'a process killed when a part is %s loses nothing and doubles nothing',
    async (step) => {
      expect((await run(order({ step, time: 2 }))).signal).toBe('SIGKILL')
      expect(await run(order())).toMatchObject({ code: 0 })
      expect((await landed()).toSorted()).toEqual(good.toSorted())
    },
  )

  it('two processes may land the same stream at once', async () => {
    const both = await Promise.all([run(order()), run(order())])
    expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
    expect((await landed()).toSorted()).toEqual(good.toSorted())
  })
})

type Ended = { readonly code: number; readonly signal: string | null; readonly stderr: string }

function run(order: ChildOrder): Promise<Ended> {
  const child = join(import.meta.dirname, 'landing-child.ts')
  return new Promise((resolve) => {
    const running = execFile(process.execPath, [child, JSON.stringify(order)], (error, _stdout, stderr) =>
      resolve({ code: error ? 1 : 0, signal: running.signalCode, stderr }),
    )
  })
}
