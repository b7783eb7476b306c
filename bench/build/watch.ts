/** Where a build's time goes, seen from outside: engine, storage and control database are wrapped, and every call is booked on the verb and model it serves. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { KyselyPlugin, QueryId } from 'kysely'
import type { Control } from '#lake/control/open-control.ts'
import type { Engine, EngineSession } from '#lake/engine.ts'
import type { Storage } from '#lake/storage.ts'

export type Booking = {
  readonly verb: string
  readonly model: string
  readonly what: string
  readonly seconds: number
  /** Seconds of processor of the whole process meanwhile: told apart only when one verb runs at a time. */
  readonly processor: number
  readonly times: number
}

export type Watch = {
  readonly engine: (engine: Engine) => Engine
  readonly storage: (storage: Storage) => Storage
  readonly control: (control: Control) => Control
  /** Book a verb; what it calls is booked under it. */
  readonly verb: <T>(verb: string, model: string, work: () => Promise<T>) => Promise<T>
  readonly bookings: () => Booking[]
}

export function createWatch(): Watch {
  const within = new AsyncLocalStorage<{ readonly verb: string; readonly model: string }>()
  const books = new Map<string, { seconds: number; processor: number; times: number }>()
  const book = (what: string, from: number, processor = 0) => {
    const { verb = '-', model = '-' } = within.getStore() ?? {}
    const key = [verb, model, what].join('\t')
    const entry = books.get(key) ?? { seconds: 0, processor: 0, times: 0 }
    entry.seconds += (performance.now() - from) / 1000
    entry.processor += processor
    entry.times += 1
    books.set(key, entry)
  }
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const [from, before] = [performance.now(), process.cpuUsage()]
    try {
      return await work()
    } finally {
      const { user, system } = process.cpuUsage(before)
      book(what, from, (user + system) / 1e6)
    }
  }
  return {
    verb: (verb, model, work) => within.run({ verb, model }, () => timed('whole', work)),
    engine: (engine) => ({
      ...engine,
      open: async (signal) => sessionOf(await timed('open', () => engine.open(signal)), timed),
    }),
    storage: (storage) => ({
      ...storage,
      sha256: (path) => timed('hash', () => storage.sha256(path)),
      hashOf: (path) => timed('verify', () => storage.hashOf(path)),
      sync: (path) => timed('sync', () => storage.sync(path)),
      promote: (from, to) => timed('promote', () => storage.promote(from, to)),
    }),
    control: (control) => ({ ...control, db: control.db.withPlugin(controlPlugin(book)) }),
    bookings: () =>
      [...books].map(([key, entry]) => {
        const [verb = '', model = '', what = ''] = key.split('\t')
        return { verb, model, what, ...entry }
      }),
  }
}

type Timed = <T>(what: string, work: () => Promise<T>) => Promise<T>

function sessionOf(session: EngineSession, timed: Timed): EngineSession {
  return {
    write: (request) => timed(kindOf(request.inputs), () => session.write(request)),
    writeRows: (request) => timed('query', () => session.writeRows(request)),
    rows: (query, inputs) => timed(kindOf(inputs), () => session.rows(query, inputs)),
    [Symbol.asyncDispose]: () => timed('close', async () => session[Symbol.asyncDispose]()),
  }
}

/** What is asked of rows that were just built is their index. */
function kindOf(inputs: readonly { readonly table: string }[]): string {
  return inputs.some(({ table }) => table === 'built' || table === 'held') ? 'index' : 'query'
}

function controlPlugin(book: (what: string, from: number) => void): KyselyPlugin {
  const begun = new WeakMap<QueryId, number>()
  return {
    transformQuery({ node, queryId }) {
      begun.set(queryId, performance.now())
      return node
    },
    async transformResult({ result, queryId }) {
      book('control', begun.get(queryId) ?? performance.now())
      return result
    },
  }
}

export type Step = 'planning' | 'indexing' | 'querying' | 'auditing' | 'committing'

/** Seconds of the verbs by step; `indexing` is all hashing too, `committing` what makes results durable and known. */
export function stepsOf(bookings: readonly Booking[]): Record<Step, number> {
  const sums: Record<Step, number> = { planning: 0, indexing: 0, querying: 0, auditing: 0, committing: 0 }
  for (const { verb, what, seconds } of bookings) {
    if (verb === 'build') sums[stepOf(what)] += what === 'whole' ? 0 : seconds
    else if (what === 'whole') sums[ofVerb[verb] ?? 'committing'] += seconds
  }
  const built = bookings.filter(({ verb }) => verb === 'build')
  const whole = built.filter(({ what }) => what === 'whole').reduce((sum, { seconds }) => sum + seconds, 0)
  const told = built.filter(({ what }) => what !== 'whole').reduce((sum, { seconds }) => sum + seconds, 0)
  sums.committing += Math.max(0, whole - told)
  return sums
}

const ofVerb: Readonly<Record<string, Step>> = {
  order: 'planning',
  settle: 'planning',
  plan: 'planning',
  audit: 'auditing',
}

function stepOf(what: string): Step {
  if (what === 'query' || what === 'open' || what === 'close') return 'querying'
  return what === 'index' || what === 'hash' || what === 'verify' ? 'indexing' : 'committing'
}
