/** The workflows on a real Temporal server: order, faults, waiting, cancellation, killed workers, and what the histories give away. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Context } from '@temporalio/activity'
import { Client, Connection, WorkflowFailedError } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Activities } from '#activities/index.ts'
import { AuditFailed } from '#activities/audit.ts'
import { SourceRejected, SourceUnavailable } from '#connectors/source-error.ts'
import { declareSchedules } from '#schedules.ts'
import { type RunningWorker, startWorker } from '#stack/start-worker.ts'
import { startBuild, startRefresh, startSync } from '#stack/start-run.ts'
import { PartitionDamaged } from '#lake/file-damaged.ts'
import { redactor } from '#stack/redact.ts'
import { ensureTemporal, type TemporalServer } from '#stack/temporal.ts'
import type { refreshOnSchedule } from '#workflows/index.ts'
import { syncProgress } from '#workflows/sync.ts'
import { allHistoriesAsText } from './history-text.ts'
import { startChild } from './start-child.ts'
import { landFor, ordinaryVerbs, testVerbs, type TestVerbs } from './test-verbs.ts'

const planted = ['ann.lee@example.com', '13812345678', 's3cret-token-value']
const said: string[] = []
const say = (line: string) => void said.push(line)

let dataDir = ''
let server: TemporalServer
let connection: Connection
let client: Client
let taskQueue = ''
let worker: RunningWorker | undefined
let tests = 0

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'saydo-temporal-'))
  const { TEMPORAL_ADDRESS: _, ...env } = process.env
  server = await ensureTemporal({ env, dataDir, say })
  // One test fills a history beyond gRPC's usual four megabytes.
  const channelArgs = { 'grpc.max_receive_message_length': 16 << 20 }
  connection = await Connection.connect({ address: server.address, channelArgs })
  client = new Client({ connection, namespace: server.namespace })
})
afterAll(async () => {
  await connection.close()
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(() => {
  taskQueue = `test-${++tests}`
})
afterEach(async () => {
  worker?.shutdown()
  await worker?.done()
  worker = undefined
  // What a failed test leaves open would be joined by the next.
  for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` }))
    await client.workflow.getHandle(workflowId).terminate('its test is over')
})

async function work(replaced: Partial<Activities> = {}): Promise<TestVerbs> {
  const activities = testVerbs(replaced)
  const redact = redactor(['s3cret-token-value'])
  worker = await startWorker({ ...server, taskQueue, activities, say, redact })
  return activities
}

describe('refresh', () => {
  test('syncs every stream, then builds level by level, audits each build, and publishes once', async () => {
    const { calls } = await work()
    const summary = await (await startRefresh(client, taskQueue)).result()
    expect(summary).toEqual({
      streams: 3,
      rows: 30,
      rejected: 3,
      failures: [],
      built: 3,
      partitions: 9,
      modelRows: 18,
      warnings: 0,
      published: { version: 7, changed: true, models: 3 },
    })
    const verbs = calls.map(({ verb }) => verb)
    expect(verbs[0]).toBe('streams')
    expect(verbs.lastIndexOf('noteSync')).toBeLessThan(verbs.indexOf('order'))
    expect(verbs.lastIndexOf('settle')).toBeLessThan(verbs.indexOf('plan'))
    const counts = Map.groupBy(verbs.slice(verbs.indexOf('order')), (verb) => verb)
    expect(Object.fromEntries([...counts].map(([verb, some]) => [verb, some.length]))).toEqual({
      order: 1,
      settle: 2,
      plan: 3,
      build: 6,
      assemble: 3,
      audit: 3,
      publish: 1,
    })
    const ledgers = {
      'typeform.responses@submitted_at': 'ledger-of-typeform.responses',
      'stores.orders@': 'ledger-of-stores.orders',
    }
    const level1 = { answer: 'print-of-answer', order: 'print-of-order' }
    const environment = 'production'
    const plans = inputsOf(calls, 'plan')
    expect(plans[0]).toMatchObject({ upstream: ledgers })
    const last = { model: 'xo.customer_month', upstream: { ...ledgers, ...level1 }, environment }
    expect(plans.at(-1)).toEqual(last)
    // Both are asked for at once, so either may begin.
    expect(new Set(inputsOf(calls, 'build').slice(-2))).toEqual(
      new Set([
        { plan: 'plan-of-xo.customer_month', keys: ['2024-01-01_2024-02-01', '2024-02-01_2024-03-01'] },
        { plan: 'plan-of-xo.customer_month', keys: ['undated'] },
      ]),
    )
    expect(inputsOf(calls, 'audit').at(-1)).toEqual({ ...last, fingerprint: 'print-of-xo.customer_month' })
    expect(calls.at(-1)).toEqual({
      verb: 'publish',
      input: { models: { ...level1, 'xo.customer_month': 'print-of-xo.customer_month' }, environment },
    })
  })

  test('what the lake has is neither built nor put together, and what is served as it stands is not audited again', async () => {
    const ready = (model: string, served: boolean) => ({
      model,
      partitions: 3,
      batches: [],
      plan: '',
      ready: { fingerprint: `print-of-${model}`, rows: 6, served },
    })
    const { calls } = await work({ plan: async ({ model }) => ready(model, model !== 'order') })
    expect(await (await startBuild(client, taskQueue)).result()).toMatchObject({ built: 0, partitions: 0 })
    const verbs = calls.map(({ verb }) => verb)
    expect(verbs).not.toContain('build')
    expect(verbs).not.toContain('assemble')
    expect(inputsOf(calls, 'audit')).toEqual([expect.objectContaining({ model: 'order' })])
    expect(inputsOf(calls, 'publish')).toHaveLength(1)
  })

  test('a damaged partition begins the build again, and not for ever', async () => {
    let damaged = 1
    const build: Activities['build'] = async (input) => {
      if (input.plan === 'plan-of-order' && damaged-- > 0) throw new PartitionDamaged('it is built again')
      return ordinaryVerbs.build(input)
    }
    const { calls } = await work({ build })
    const summary = await (await startBuild(client, taskQueue)).result()
    expect(summary.published.version).toBe(7)
    expect(inputsOf(calls, 'order')).toHaveLength(2)
    expect(inputsOf(calls, 'publish')).toHaveLength(1)
    damaged = Infinity
    await expect(failureOf(await startBuild(client, taskQueue))).resolves.toMatch(/it is built again/)
    expect(inputsOf(calls, 'order')).toHaveLength(6)
    expect(inputsOf(calls, 'publish')).toHaveLength(1)
  })

  test('reads only the sources it is asked for', async () => {
    const { calls } = await work()
    await (await startRefresh(client, taskQueue, { sources: ['hubspot'] })).result()
    expect(inputsOf(calls, 'land')).toEqual([
      {
        source: 'hubspot',
        stream: 'contacts',
        slice: {},
        ingestDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      },
    ])
  })

  test('a source that refuses us is noted and named, and blocks neither the others nor the build', async () => {
    const { calls } = await work({
      land: landFor('hubspot', async () => {
        throw new SourceRejected(`401 for ${planted.join(' ')}; check HUBSPOT_TOKEN`, { source: 'hubspot' })
      }),
    })
    const summary = await (await startRefresh(client, taskQueue)).result()
    const failure = {
      source: 'hubspot',
      stream: 'contacts',
      kind: 'SourceRejected',
      error: '[hubspot] 401 for ***@*** *** ***; check HUBSPOT_TOKEN',
    }
    expect(summary).toMatchObject({ streams: 3, rows: 20, failures: [failure], published: { version: 7 } })
    expect(inputsOf(calls, 'noteSync')).toContainEqual({
      source: 'hubspot',
      stream: 'contacts',
      rows: 0,
      rejected: 0,
      failure,
    })
    expect(inputsOf(calls, 'land')).toHaveLength(3)
    expect((await client.workflow.getHandle('sync:hubspot:contacts').describe()).status.name).toBe('FAILED')
  })

  test('a source that is down for a moment is tried again', async () => {
    let attempts = 0
    await work({
      land: landFor('hubspot', async () => {
        attempts++
        if (attempts === 1) throw new SourceUnavailable('503', { source: 'hubspot', status: 503 })
        return { status: 'done', rows: 4, rejected: 0, files: 1 }
      }),
    })
    expect(await (await startRefresh(client, taskQueue)).result()).toMatchObject({ rows: 24, failures: [] })
    expect(attempts).toBe(2)
  })

  test('a failing audit stops the publication, after the other models of its level are done', async () => {
    const { calls } = await work({
      audit: async ({ model }) => {
        if (model === 'answer')
          throw new AuditFailed('answer', { audit: 'grain_is_unique', rows: 3, examples: ['a1'] })
        return { warnings: 0 }
      },
    })
    await expect(failureOf(await startRefresh(client, taskQueue))).resolves.toMatch(
      /\[answer\] audit grain_is_unique found 3 rows/,
    )
    const audited = inputsOf(calls, 'audit').map((input) => (input as { model: string }).model)
    expect(audited.sort()).toEqual(['answer', 'order'])
    expect(calls.map(({ verb }) => verb)).not.toContain('publish')
    const { typedSearchAttributes } = await client.workflow.getHandle('build').describe()
    expect(JSON.stringify(typedSearchAttributes)).toContain('answer')
  })

  test('asked for twice at once, runs once for both; a schedule leaves it alone', async () => {
    const { calls } = await work({
      streams: async (input) => (await pause(1500), ordinaryVerbs.streams(input)),
    })
    const [one, two] = await Promise.all([startRefresh(client, taskQueue), startRefresh(client, taskQueue)])
    const scheduled = await client.workflow.execute<typeof refreshOnSchedule>('refreshOnSchedule', {
      workflowId: 'scheduled-for-test',
      taskQueue,
      args: [],
    })
    expect(scheduled).toBe('already running')
    expect(one.firstExecutionRunId).toBe(two.firstExecutionRunId)
    expect(await one.result()).toEqual(await two.result())
    expect(calls.filter(({ verb }) => verb === 'streams')).toHaveLength(1)
  })

  test('waits for a build that a person started, then builds again with what it has landed', async () => {
    const { calls } = await work({ order: async () => (await pause(2000), ordinaryVerbs.order()) })
    const byHand = await startBuild(client, taskQueue)
    const summary = await (await startRefresh(client, taskQueue)).result()
    expect((await byHand.result()).published.version).toBe(7)
    expect(summary.published.version).toBe(7)
    expect(calls.filter(({ verb }) => verb === 'publish')).toHaveLength(2)
  })

  test('cancelled, stops its streams and publishes nothing', async () => {
    let stopping = 0
    let stopped = 0
    const { calls } = await work({
      land: async () => {
        await Context.current().cancelled.finally(async () => {
          // One after the other: a run that does not wait for all of them ends before the last.
          await pause(1000 * stopping++)
          stopped++
        })
        return { status: 'done', rows: 0, rejected: 0, files: 0 }
      },
    })
    const handle = await startRefresh(client, taskQueue)
    await until(() => calls.filter(({ verb }) => verb === 'land').length === 3)
    await handle.cancel()
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError)
    expect((await handle.describe()).status.name).toBe('CANCELLED')
    expect(stopped).toBe(3)
    expect(calls.map(({ verb }) => verb)).not.toContain('order')
  })

  test('goes on when its worker is killed in the middle of a verb', async () => {
    const child = startChild('hanging-worker.ts', [server.address, taskQueue])
    const handle = await startRefresh(client, taskQueue)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await until(() => output.split('landing').length - 1 === 3)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await work()
    expect(await handle.result()).toMatchObject({ rows: 30, failures: [], published: { version: 7 } })
  })
})

describe('sync', () => {
  const ref = { source: 'typeform', stream: 'responses' }

  test('waits on a durable timer until the source may be asked again', async () => {
    const comeBack = new Date(Date.now() + 3000)
    const asked: number[] = []
    await work({
      land: async () => {
        asked.push(Date.now())
        return asked.length === 1
          ? { status: 'waiting', until: comeBack.toISOString(), rows: 2, rejected: 0, files: 1 }
          : { status: 'done', rows: 3, rejected: 1, files: 1 }
      },
    })
    const handle = await startSync(client, taskQueue, ref)
    await until(() => asked.length === 1)
    await until(async () => (await handle.query(syncProgress)).rows === 2)
    expect(await handle.query(syncProgress)).toMatchObject({ waitingUntil: comeBack.toISOString() })
    expect(await handle.result()).toEqual({ rows: 5, rejected: 1, files: 2 })
    expect(asked[1]).toBeGreaterThanOrEqual(comeBack.getTime())
    const { events } = await handle.fetchHistory()
    expect(events?.filter((event) => event.timerStartedEventAttributes)).toHaveLength(1)
  })

  test('asks again while there is more, and starts a fresh history before the old one grows too long', async () => {
    const steps = 40
    let step = 0
    // A history is too long by events or by bytes; this field fills it with bytes, which takes seconds instead of minutes.
    const filling = 'x'.repeat(200_000)
    await work({
      land: async () => ({
        status: ++step < steps ? 'more' : 'done',
        until: filling,
        rows: 1,
        rejected: 0,
        files: 1,
      }),
    })
    const handle = await startSync(client, taskQueue, ref)
    expect(await handle.result()).toEqual({ rows: steps, rejected: 0, files: steps })
    const { runId } = await client.workflow.getHandle(handle.workflowId).describe()
    expect(runId).not.toBe(handle.firstExecutionRunId)
  })

  test('reads one window again beside the ordinary sync', async () => {
    const { calls } = await work()
    const slice = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }
    const handle = await startSync(client, taskQueue, ref, slice)
    expect(handle.workflowId).toBe('sync:typeform:responses:2026-01-01T00:00:00Z_2026-02-01T00:00:00Z')
    await handle.result()
    expect(inputsOf(calls, 'land')).toEqual([expect.objectContaining({ slice })])
  })

  test('can be found by its source, and says in words what it did', async () => {
    await work()
    const handle = await startSync(client, taskQueue, { source: 'zendesk', stream: 'tickets' })
    await handle.result()
    await until(async () => {
      for await (const run of client.workflow.list({ query: `Source = 'zendesk'` })) {
        if (run.workflowId === 'sync:zendesk:tickets') return true
      }
      return false
    })
    expect(await (await handle.describe()).staticSummary()).toBe('zendesk tickets')
  })
})

describe('the worker', () => {
  test('told to stop, lets a running verb finish first', async () => {
    let landed = false
    const { calls } = await work({
      land: async () => {
        await pause(1500)
        landed = true
        return { status: 'done', rows: 1, rejected: 0, files: 1 }
      },
    })
    const handle = await startSync(client, taskQueue, { source: 'stores', stream: 'orders' })
    await until(() => calls.length === 1)
    worker?.shutdown()
    await worker?.done()
    expect(landed).toBe(true)
    const { calls: later } = await work()
    expect(await handle.result()).toEqual({ rows: 1, rejected: 0, files: 1 })
    expect(later.map(({ verb }) => verb)).toEqual(['noteSync'])
  })
})

describe('schedules', () => {
  test('are declared once however often, stay paused when a person paused them, and start the one refresh', async () => {
    const { calls } = await work()
    expect(await declareSchedules(client, taskQueue)).toEqual(['hourly-refresh'])
    const schedule = client.schedule.getHandle('hourly-refresh')
    await schedule.pause('month end')
    await declareSchedules(client, taskQueue)
    const { state, spec, policies } = await schedule.describe()
    expect(state).toMatchObject({ paused: true, note: 'month end' })
    expect(spec.intervals).toMatchObject([{ every: 3_600_000 }])
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3_600_000 })

    await schedule.trigger()
    await until(() => calls.at(-1)?.verb === 'publish')
    await client.workflow.getHandle('refresh').result()
    await schedule.delete()
  })
})

describe('after all these runs', () => {
  test('every history replays on the workflows as they are now', async () => {
    const histories = client.workflow.list().intoHistories()
    const workflowsPath = fileURLToPath(import.meta.resolve('#workflows/index.ts'))
    let replayed = 0
    for await (const { error } of Worker.runReplayHistories({ workflowsPath }, histories)) {
      expect(error).toBeUndefined()
      replayed++
    }
    expect(replayed).toBeGreaterThan(30)
  })

  test('neither histories nor output hold a planted secret, address or number', async () => {
    const text = [await allHistoriesAsText(client), ...said].join('\n')
    expect(text).toContain('SourceRejected')
    expect(text).toContain('check HUBSPOT_TOKEN')
    for (const marker of planted) expect(text).not.toContain(marker)
  })
})

function inputsOf(calls: TestVerbs['calls'], verb: keyof Activities): unknown[] {
  return calls.filter((call) => call.verb === verb).map(({ input }) => input)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** The messages of a failed run, from the outermost to the innermost. */
async function failureOf(handle: { result: () => Promise<unknown> }): Promise<string> {
  try {
    await handle.result()
    return 'it did not fail'
  } catch (error) {
    const messages: string[] = []
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message)
    return messages.join(' < ')
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await condition()) return
    await pause(100)
  }
  throw new Error('waited a minute in vain')
}
