/** Collecting garbage: what a version, a reader, a waiting build or a running one needs stays; the rest goes, rows before files. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { buildFrom } from './builds.ts'
import { collectGarbage } from './collect-garbage.ts'
import { openControl, type Control } from './control/open-control.ts'
import { leaseCurrent, leaseVersion } from './lease.ts'
import { recordPartition } from './partitions.ts'
import { openStorage, type Storage } from './storage.ts'
import { openVersions } from './versions.ts'

const folder = mkdtempSync(join(tmpdir(), 'garbage-'))
const opened: Control[] = []
afterAll(async () => {
  for (const control of opened) await control.close()
  rmSync(folder, { recursive: true, force: true })
})

const hour = 60 * 60 * 1000
let ids = 0
const newId = () => `id-${(ids += 1)}`
let storage: Storage
let control: Control
let later = 0
/** Files are as old as this machine says, so the clock starts there. */
const now = () => new Date(Date.now() + later)

beforeEach(async () => {
  later = 0
  const root = mkdtempSync(join(folder, 'lake-'))
  storage = await openStorage(root)
  control = openControl(join(root, 'control.db'))
  opened.push(control)
  await control.migrate()
})

const versions = (environment?: string) => openVersions(storage, control, now, environment)
const collect = (options: Parameters<typeof collectGarbage>[1] = {}) =>
  collectGarbage({ control, storage, now }, options)
const stored = async () => (await storage.list('models')).map(({ path }) => path).toSorted()
const file = (fingerprint: string) => `models/order/${fingerprint}/data.parquet`

async function partition(fingerprint: string) {
  const files = [{ path: file(fingerprint), bytes: 4, sha256: 'x' }]
  await storage.writeText(file(fingerprint), fingerprint)
  const made = {
    model: 'order',
    fingerprint,
    key: 'whole',
    files,
    index: [],
    rows: 1,
    days: [],
    madeOf: { code: '', inputs: {} },
    builtAt: now().toISOString(),
  }
  await recordPartition(control.db, made)
  return made
}

/** A build of these partitions, as a run would leave it. */
async function build(...fingerprints: readonly string[]): Promise<Record<string, string>> {
  const partitions = []
  for (const each of fingerprints) partitions.push(await partition(each))
  const made = buildFrom(
    { model: 'order', grain: ['id'], columns: [], time: null, inputs: {}, lookups: {} },
    partitions,
  )
  await versions().recordBuild(made)
  return { order: made.fingerprint }
}

const publish = async (...fingerprints: readonly string[]) =>
  (await versions().publish(await build(...fingerprints))).version

describe('collecting garbage', () => {
  it('keeps what every version needs, and deletes what none does', async () => {
    await publish('a', 'b')
    await publish('b', 'c')
    await build('d')
    later = 25 * hour
    expect(await collect()).toMatchObject({ versions: [], builds: 1, partitions: 1, files: 1, bytes: 1 })
    expect(await stored()).toEqual([file('a'), file('b'), file('c')])
    expect(await versions().rollback()).toBe(1)
  })

  it('spares what is young, for a build may be making it', async () => {
    await build('a')
    later = 23 * hour
    expect(await collect()).toMatchObject({ builds: 0, partitions: 0, files: 0 })
    later = 25 * hour
    await build('a')
    expect(await collect()).toMatchObject({ builds: 0, partitions: 0, files: 0 })
    later = 50 * hour
    expect(await collect()).toMatchObject({ builds: 1, partitions: 1, files: 1 })
  })

  it('retires old versions when told to, never the one that an environment serves', async () => {
    for (const each of ['a', 'b', 'c', 'd']) await publish(each)
    await versions('dev').promote('production')
    await versions().rollback(1)
    later = 25 * hour
    expect(await collect({ keepVersions: 1 })).toMatchObject({ versions: [2, 3], partitions: 2 })
    expect(await stored()).toEqual([file('a'), file('d')])
    expect((await versions().list()).map(({ version }) => version)).toEqual([1, 4])
    await expect(versions().rollback(2)).rejects.toThrow('there is no version 2; there are 1, 4')
    expect((await storage.list('versions')).map(({ path }) => path).toSorted()).toEqual([
      'versions/1.json',
      'versions/4.json',
    ])
  })

  it('says what it would delete and deletes nothing', async () => {
    for (const each of ['a', 'b', 'c']) await publish(each)
    later = 25 * hour
    const said = await collect({ keepVersions: 1, dryRun: true })
    expect(await stored()).toHaveLength(3)
    expect(await versions().list()).toHaveLength(3)
    expect(await collect({ keepVersions: 1 })).toEqual(said)
    expect(await stored()).toEqual([file('c')])
  })

  it('spares a version that is being read, until the reader is done or dead', async () => {
    await publish('a')
    const lease = await leaseCurrent({ storage, now, newId })
    expect(lease?.version).toBe(1)
    await publish('b')
    later = 25 * hour
    const again = await leaseVersion({ storage, now, newId }, 1)
    expect(await collect({ keepVersions: 1 })).toMatchObject({ versions: [], partitions: 0 })
    expect(await stored()).toEqual([file('a'), file('b')])
    await again.release()
    expect(await collect({ keepVersions: 1 })).toMatchObject({ versions: [1], partitions: 1 })
    expect(await stored()).toEqual([file('b')])
    expect(await storage.list('readers')).toEqual([])
  })

  it('spares the version that readers still see when a publisher died before it wrote the pointer', async () => {
    await publish('a')
    const pointer = (await storage.readText('current.json')) ?? ''
    await publish('b')
    await storage.writeText('current.json', pointer)
    later = 25 * hour
    expect(await collect({ keepVersions: 1 })).toMatchObject({ versions: [], partitions: 0 })
  })

  it('spares what waits to be published', async () => {
    await publish('a')
    await versions().prepare(await build('b'))
    later = 25 * hour
    expect(await collect()).toMatchObject({ partitions: 0 })
    const models = await versions().prepared()
    expect(await versions().publish(models ?? {})).toEqual({ version: 2, changed: true })
    await versions().prepare(undefined)
    expect(await versions().prepared()).toBeUndefined()
  })

  it('finds files that no row names: those of a run that was killed after it had deleted the rows', async () => {
    await publish('a')
    await storage.writeText(file('lost'), 'lost')
    await storage.writeText('index/keys/lost.parquet', 'lost')
    later = 25 * hour
    expect(await collect()).toMatchObject({ partitions: 0, files: 2, bytes: 8 })
    expect(await stored()).toEqual([file('a')])
  })

  it('a build whose partitions were collected cannot be published', async () => {
    await publish('a')
    const models = await build('b')
    later = 25 * hour
    await collect()
    await expect(versions().publish(models)).rejects.toThrow('was not built')
    expect((await versions().current())?.version).toBe(1)
  })

  it('refuses to keep no version at all', async () => {
    await expect(collect({ keepVersions: 0 })).rejects.toThrow('[gc] cannot keep 0 versions')
  })
})

describe('leases', () => {
  it('there is nothing to lease before the first publish', async () => {
    expect(await leaseCurrent({ storage, now, newId })).toBeUndefined()
    expect(await storage.list('readers')).toEqual([])
  })

  it('a pointer that moves while the lease is written leads to a lease of the new version', async () => {
    await publish('a')
    let moved = false
    const moving = {
      ...storage,
      writeText: async (path: string, text: string) => {
        await storage.writeText(path, text)
        if (!moved) {
          moved = true
          await publish('b')
        }
      },
    }
    const lease = await leaseCurrent({ storage: moving, now, newId })
    expect(lease?.version).toBe(2)
    expect(await storage.list('readers')).toHaveLength(1)
    await lease?.release()
    expect(await storage.list('readers')).toEqual([])
  })

  it('where nothing can be written, reading goes on without', async () => {
    await publish('a')
    const refuse = () => Promise.reject(new Error('read-only'))
    const lease = await leaseCurrent({
      storage: { ...storage, writeText: refuse, remove: refuse },
      now,
      newId,
    })
    expect(lease?.version).toBe(1)
    await lease?.release()
  })
})
