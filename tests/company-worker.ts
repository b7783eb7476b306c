/** A worker process that builds the small company's lake. Argument: JSON of WorkerOrder. Says `building` when it begins to build partitions. */
import { randomUUID } from 'node:crypto'
import { type LandingVerbs, createModelVerbs } from '#activities/create-activities.ts'
import { openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import { openStorage } from '#lake/storage.ts'
import { openVersions } from '#lake/versions.ts'
import { startWorker } from '#stack/start-worker.ts'
import { companyModels } from './company-models.ts'
import { endWithParent } from './end-with-parent.ts'

export type WorkerOrder = {
  readonly address: string
  readonly namespace: string
  readonly taskQueue: string
  readonly control: string
  readonly lake: string
  readonly today: string
  /** Stands still in the middle of its first partitions, alive and heard, until it is killed. */
  readonly hangs: boolean
}

endWithParent()
const order = JSON.parse(process.argv[2] ?? '{}') as WorkerOrder
const say = (line: string) => console.log(line)
const storage = await openStorage(order.lake)
const control = openControl(order.control)
await control.migrate()
const now = () => new Date(`${order.today}T12:00:00.000Z`)
const verbs = createModelVerbs(
  {
    storage,
    control,
    engine: createDuckdbEngine({ memoryMb: 300, threads: 1, tempFolder: storage.temporary('.') }),
    models: companyModels(),
    versions: (environment) => openVersions(storage, control, now, environment),
    now,
    newId: randomUUID,
  },
  () => undefined,
)
const landing: LandingVerbs = {
  land: () => Promise.reject(new Error('this worker lands nothing')),
  noteSync: async () => {},
}
await startWorker({
  ...order,
  say,
  // One verb at a time in each process, so that the steps of a build spread.
  concurrency: 1,
  activities: {
    ...landing,
    ...verbs,
    streams: async () => [],
    build: async (work) => {
      say('building')
      const rows = await verbs.build(order.hangs ? { ...work, keys: work.keys.slice(0, 1) } : work)
      return order.hangs ? new Promise<never>(() => {}) : rows
    },
  },
})
