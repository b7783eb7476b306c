/**
 * A process that lands the made-up source and, when told to, kills itself (SIGKILL) at one step of the protocol.
 * Argument: JSON { address, lake, s3?, pages, rowsPerPart, kill?: { step, time } }. Prints the verb's result.
 */
import type { KyselyPlugin } from 'kysely'
import { createLand } from '#activities/land.ts'
import { createPrivacy } from '#activities/privacy.ts'
import { openControl } from '#lake/control/open-control.ts'
import type { Control, ControlDatabase } from '#lake/control/open-control.ts'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import type { Lake } from '#lake/landing.ts'
import type { ParquetSink } from '#lake/parquet-sink.ts'
import type { S3Options } from '#lake/s3-storage.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { TEST_KEY, landInput, pagedSource, sourceContext } from './landing-source.ts'

export const KILL_STEPS = ['written', 'synced', 'renamed', 'in transaction', 'committed'] as const
export type KillStep = (typeof KILL_STEPS)[number]
export type ChildOrder = {
  readonly address: string
  readonly lake: string
  /** Of a lake on S3. */
  readonly s3?: S3Options
  readonly pages: readonly number[]
  readonly rowsPerPart: number
  /** `time` counts from 1. */
  readonly kill?: { readonly step: KillStep; readonly time: number }
}

async function landOnce({ address, lake, s3, pages, rowsPerPart, kill }: ChildOrder) {
  let times = 0
  const reached = (step: KillStep) => {
    if (kill?.step === step && (times += 1) === kill.time) process.kill(process.pid, 'SIGKILL')
  }
  const control = watchedControl(openControl(address), reached)
  await control.migrate()
  const { land } = createLand({
    lake: watchedLake(await openStorage(lake, s3), control, reached),
    privacy: createPrivacy(TEST_KEY, '86'),
    sources: { tool: { connector: pagedSource({ pages }), context: sourceContext } },
    attempt: () => ({ signal: new AbortController().signal, heartbeat: () => {} }),
    limits: { rows: rowsPerPart },
  })
  const result = await land(landInput)
  await control.close()
  return result
}

type Reached = (step: KillStep) => void

function watchedLake(storage: Storage, control: Control, reached: Reached): Lake {
  return {
    control,
    storage: {
      ...storage,
      sync: async (path) => {
        await storage.sync(path)
        reached('synced')
      },
      promote: async (from, path) => {
        await storage.promote(from, path)
        reached('renamed')
      },
    },
    createSink: () => watchedSink(createDuckdbSink({ temporaryFolder: storage.temporary('.') }), reached),
    now: () => new Date(),
  }
}

function watchedSink(sink: ParquetSink, reached: Reached): ParquetSink {
  return {
    open: sink.open,
    buffered: sink.buffered,
    append: sink.append,
    abort: sink.abort,
    flush: async (request) => {
      const stats = await sink.flush(request)
      reached('written')
      return stats
    },
  }
}

/** Sees the insertion of a file inside the transaction, and the transaction's end. */
function watchedControl(control: Control, reached: Reached): Control {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      isFileInsert = node.kind === 'InsertQueryNode' && JSON.stringify(node.into).includes('load_file')
      return node
    },
    transformResult: async ({ result }) => {
      if (isFileInsert) reached('in transaction')
      return result
    },
  }
  let isFileInsert = false
  const watched = control.db.withPlugin(plugin)
  const db = new Proxy(watched, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      if (key === 'transaction') return () => ({ execute: withEnd(target, reached) })
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
  return { ...control, db }
}

function withEnd(db: ControlDatabase, reached: Reached) {
  return async <T>(work: Parameters<ReturnType<ControlDatabase['transaction']>['execute']>[0]) => {
    const result = await db.transaction().execute(work)
    reached('committed')
    return result as T
  }
}

if (import.meta.main)
  console.log(JSON.stringify(await landOnce(JSON.parse(process.argv[2] ?? '{}') as ChildOrder)))
