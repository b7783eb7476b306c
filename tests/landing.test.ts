/** Landing under fire: processes killed at every step, racing attempts, a full disk, lost answers; on both control databases. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLand } from '#activities/land.ts'
import { createPrivacy } from '#activities/privacy.ts'
import { collectOrphans } from '#lake/collect-orphans.ts'
import { openControl } from '#lake/control/open-control.ts'
import type { Control } from '#lake/control/open-control.ts'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import { rawFiles } from '#lake/raw-files.ts'
import { openStorage } from '#lake/storage.ts'
import { KILL_STEPS } from './landing-child.ts'
import type { ChildOrder } from './landing-child.ts'
import { TEST_KEY, landInput, pagedSource, sourceContext } from './landing-source.ts'
import { startPostgres } from './postgres-server.ts'
import type { PostgresServer } from './postgres-server.ts'

const PAGES = [10, 20, 30, 40]
let kills = 0

afterAll(() => {
  process.stdout.write(`landing: ${kills} processes were killed at a step of the protocol\n`)
})

describe.each(['sqlite', 'postgres'] as const)('landing with its control database on %s', (engine) => {
  let server: PostgresServer | undefined
  let folder: string
  let address: string
  let control: Control
  let databases = 0

  beforeAll(async () => {
    if (engine === 'postgres') server = await startPostgres()
  })
  afterAll(async () => server?.stop())
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'landing-'))
    address = server ? await server.database(`landing_${(databases += 1)}`) : join(folder, 'control.db')
    control = openControl(address)
    await control.migrate()
  })
  afterEach(async () => {
    await control.close()
    rmSync(folder, { recursive: true })
  })

  const lake = () => join(folder, 'lake')
  const order = (changes: Partial<ChildOrder> = {}): ChildOrder => ({
    address,
    lake: lake(),
    pages: PAGES,
    rowsPerPart: 25,
    ...changes,
  })

  /** What is committed, by its ids, and what is in quarantine. */
  async function landed() {
    const files = (await rawFiles(control, 'tool', 'answers')).map(({ path }) => `'${join(lake(), path)}'`)
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const reader = await connection.runAndReadAll(
      files.length > 0 ? `select id from read_parquet([${files.join(', ')}])` : `select '' as id where false`,
    )
    const quarantined = await control.db.selectFrom('quarantine').select('id').execute()
    return {
      ids: reader.getRows().map(([id]) => String(id)),
      files: files.length,
      quarantined: quarantined.length,
    }
  }

  async function expectEachOnce(pages: readonly number[] = PAGES) {
    const total = pages.reduce((sum, size) => sum + size, 0)
    const good = Array.from({ length: total }, (_, number) => number).filter((number) => number % 10 !== 9)
    const { ids, quarantined } = await landed()
    expect(ids.toSorted()).toEqual(good.map((number) => `r${number}`).toSorted())
    expect(quarantined).toBe(total - good.length)
  }

  describe.each(KILL_STEPS)('a process killed when a part is %s', (step) => {
    it.each(engine === 'sqlite' ? [1, 3] : [2])(
      'at part %i loses nothing and doubles nothing',
      async (time) => {
        expect(await run(order({ kill: { step, time } }))).toMatchObject({ signal: 'SIGKILL' })
        kills += 1
        const survived = await landed()
        const committed = step === 'committed' ? time : time - 1
        expect(survived.files).toBe(committed)
        expect(await run(order())).toMatchObject({ code: 0 })
        await expectEachOnce()
        await expectNoLitterAfterCollection()
      },
    )
  })

  it('survives being killed again and again, each time further on', async () => {
    for (const step of KILL_STEPS) {
      const { signal } = await run(order({ kill: { step, time: 1 }, rowsPerPart: 5 }))
      expect(signal).toBe('SIGKILL')
      kills += 1
    }
    expect(await run(order())).toMatchObject({ code: 0 })
    await expectEachOnce()
  })

  async function expectNoLitterAfterCollection() {
    const storage = await openStorage(lake())
    const tomorrow = () => new Date(Date.now() + 25 * 60 * 60 * 1000)
    const young = await collectOrphans({ control, storage, now: () => new Date() })
    expect(young).toEqual({ files: 0, bytes: 0 })
    await collectOrphans({ control, storage, now: tomorrow })
    const left = [...(await storage.list('_tmp')), ...(await storage.list('raw'))].map(({ path }) => path)
    const named = (await rawFiles(control, 'tool', 'answers')).map(({ path }) => path)
    expect(left.toSorted()).toEqual(named.toSorted())
  }

  it('lets two processes land the same stream at once', async () => {
    const pages = Array.from({ length: 30 }, () => 10)
    const both = await Promise.all([
      run(order({ pages, rowsPerPart: 9 })),
      run(order({ pages, rowsPerPart: 9 })),
    ])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    await expectEachOnce(pages)
  })

  it('says so when the disk is full, commits nothing, and goes on when there is room', async () => {
    const pages = [12_000, 12_000]
    const full = await run(order({ pages, rowsPerPart: 20_000 }), { fileBlocks: 256 })
    expect(full.code).not.toBe(0)
    expect(full.stderr).toContain('[lake] there is no space left to write in')
    expect(await landed()).toEqual({ ids: [], files: 0, quarantined: 0 })
    expect(await (await openStorage(lake())).list('')).toEqual([])
    expect(await run(order({ pages }))).toMatchObject({ code: 0 })
    await expectEachOnce(pages)
  })

  it('knows its own commit when the answer to it is lost', async () => {
    let lost = 0
    const { land } = await landIn(control, async (result) => {
      lost += 1
      if (lost % 2 === 1) throw new Error('timeout: the connection was lost')
      return result
    })
    expect(await land(landInput)).toMatchObject({ status: 'done', rows: 90, rejected: 10 })
    expect(lost).toBeGreaterThan(2)
    await expectEachOnce()
  })

  it('keeps the file of a commit whose outcome stays unknown, and goes on after it', async () => {
    let tries = 0
    const { land } = await landIn(control, () => {
      tries += 1
      throw new Error('timeout: the connection was lost')
    })
    await expect(land(landInput)).rejects.toThrow('timeout')
    expect(tries).toBeGreaterThan(1)
    const { files } = await landed()
    expect(files).toBeGreaterThan(0)
    expect(await run(order())).toMatchObject({ code: 0 })
    await expectEachOnce()
  })

  /** The verb in this process; `answer` may lose or change what a committed transaction says. */
  async function landIn(control: Control, answer: (result: unknown) => Promise<unknown>) {
    const db = new Proxy(control.db, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target)
        if (key === 'transaction')
          return () => ({
            execute: async (work: Parameters<ReturnType<typeof target.transaction>['execute']>[0]) =>
              answer(await target.transaction().execute(work)),
          })
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
    return createLand({
      lake: {
        control: { ...control, db },
        storage: await openStorage(lake()),
        createSink: () => createDuckdbSink({ temporaryFolder: join(lake(), '_tmp') }),
        now: () => new Date(),
      },
      privacy: createPrivacy(TEST_KEY, '86'),
      sources: { tool: { connector: pagedSource({ pages: PAGES }), context: sourceContext } },
      attempt: () => ({ signal: new AbortController().signal, heartbeat: () => {} }),
      limits: { rows: 25 },
    })
  }
})

type Ended = { readonly code: number | null; readonly signal: string | null; readonly stderr: string }

/** Run the landing in a process of its own; `fileBlocks` limits every file it writes to so many KiB. */
function run(order: ChildOrder, { fileBlocks }: { readonly fileBlocks?: number } = {}): Promise<Ended> {
  const command = [process.execPath, join(import.meta.dirname, 'landing-child.ts'), JSON.stringify(order)]
  const limited = fileBlocks
    ? ['bash', '-c', `ulimit -f ${fileBlocks}; exec "$@"`, 'bash', ...command]
    : command
  return new Promise((resolve) => {
    const child = execFile(limited[0] ?? '', limited.slice(1), (error, _stdout, stderr) =>
      resolve({
        code: error ? (typeof error.code === 'number' ? error.code : null) : 0,
        signal: child.signalCode,
        stderr,
      }),
    )
  })
}
