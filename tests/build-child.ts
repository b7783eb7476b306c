/**
 * A process that builds and publishes the small company's lake and then collects garbage. Told a gate, it says so on its output when it gets
 * there and stands still, so that it can be killed at exactly that step. Argument: JSON of ChildOrder.
 */
import { writeSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import type { KyselyPlugin, QueryId, RootOperationNode } from 'kysely'
import { createModelVerbs } from '#activities/create-activities.ts'
import { collectGarbage } from '#lake/collect-garbage.ts'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { Engine } from '#lake/engine.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { openVersions } from '#lake/versions.ts'
import { buildAll } from './build-all.ts'
import { type Code, companyModels } from './company-models.ts'
import { chosen } from './company-tables.ts'
import { endWithParent } from './end-with-parent.ts'

export type Gate = { readonly step: string; readonly time: number }

export type ChildOrder = {
  readonly address: string
  readonly lake: string
  readonly leaves: readonly string[]
  readonly code: Code
  readonly today: string
  readonly gate?: Gate
}

const written = ['raw_index', 'stream_ledger', 'key_set', 'model_plan', 'model_partition', 'model_build']

/** Every step at which a process may be killed, in about the order in which they come. */
export const STEPS: readonly string[] = [
  ...written.flatMap((table) => [`before ${table}`, `after ${table}`]),
  'file written',
  'file synced',
  'before promote',
  'after promote',
  'before publish_version',
  'after publish_version',
  'after pointer',
  'before versions file',
  'before current.json',
  'after current.json',
  'before served is deleted',
  'before model_partition is deleted',
  'after model_partition is deleted',
  'before a file is removed',
  'after a file is removed',
]

type Reached = (step: string) => void

/** Only SIGKILL ends a process that has reached its gate. */
function gateAt(gate: Gate | undefined): Reached {
  let times = 0
  return (step) => {
    if (gate?.step !== step || (times += 1) !== gate.time) return
    writeSync(1, `reached ${step}\n`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  }
}

function gatedStorage(storage: Storage, reached: Reached): Storage {
  return {
    ...storage,
    sync: async (path) => {
      reached('file written')
      await storage.sync(path)
      reached('file synced')
    },
    promote: async (from, path) => {
      reached('before promote')
      await storage.promote(from, path)
      reached('after promote')
    },
    writeText: async (path, text) => {
      const name = path.startsWith('versions/') ? 'versions file' : path
      reached(`before ${name}`)
      await storage.writeText(path, text)
      reached(`after ${name}`)
    },
    remove: async (path) => {
      reached('before a file is removed')
      await storage.remove(path)
      reached('after a file is removed')
    },
  }
}

/** Sees statements before they are sent and after they were answered, inside transactions too. */
function gatedControl(control: Control, reached: Reached): Control {
  const steps = new WeakMap<QueryId, string>()
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const step = stepOf(node)
      if (step) steps.set(queryId, step)
      if (step) reached(`before ${step}`)
      return node
    },
    transformResult: async ({ result, queryId }) => {
      const step = steps.get(queryId)
      if (step) reached(`after ${step}`)
      return result
    },
  }
  return { ...control, db: control.db.withPlugin(plugin) }
}

function stepOf(node: RootOperationNode): string | undefined {
  if (node.kind === 'InsertQueryNode') return node.into?.table.identifier.name
  if (node.kind !== 'DeleteQueryNode') return undefined
  const [, table] =
    /"identifier":\{"kind":"IdentifierNode","name":"(\w+)"/.exec(JSON.stringify(node.from)) ?? []
  return `${table} is deleted`
}

async function run(order: ChildOrder) {
  const { address, lake, leaves, code, today, gate } = order
  const reached = gateAt(gate)
  const storage = gatedStorage(await openStorage(lake), reached)
  const control = gatedControl(openControl(address), reached)
  await control.migrate()
  const tempFolder = storage.temporary('.')
  const engine: Engine = createDuckdbEngine({ memoryMb: 500, threads: 1, tempFolder })
  const now = () => new Date()
  const verbs = createModelVerbs(
    {
      storage,
      control,
      engine,
      models: chosen(companyModels(code), leaves),
      versions: (environment) => openVersions(storage, control, now, environment),
      now: () => new Date(`${today}T12:00:00.000Z`),
      newId: randomUUID,
    },
    () => undefined,
  )
  writeSync(1, 'started\n')
  const { published, upstream } = await buildAll(verbs)
  // Nothing is spared for being young: nobody else is building here.
  await collectGarbage({ control, storage, now }, { olderThanMs: 0, keepVersions: 2 })
  await control.close()
  return { published, upstream }
}

if (import.meta.main) {
  endWithParent()
  writeSync(1, `${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as ChildOrder))}\n`)
}
