/** What versions promise, as tests that run on every control database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Build } from './builds.ts'
import { type Control, openControl } from './control/open-control.ts'
import { readCurrent } from './current-version.ts'
import { publishedSlices } from './published-slices.ts'
import { openStorage, type Storage } from './storage.ts'
import { VersionUnknown } from './version-unknown.ts'
import { openVersions, type Versions } from './versions.ts'

const now = () => new Date('2026-03-01T12:00:00.000Z')

export function build(model: string, fingerprint: string): Build {
  return {
    model,
    fingerprint,
    grain: ['id'],
    columns: [{ name: 'id', type: 'VARCHAR' }],
    time: null,
    partitions: [],
    inputs: {},
    lookups: {},
    files: [`models/${model}/${fingerprint}/part-00000.parquet`],
    rows: 3,
    bytes: 2 ** 33,
    contentHash: `3-${fingerprint}`,
  }
}

type Lake = { readonly storage: Storage; readonly control: Control; readonly versions: Versions }

/** `address` answers a control database of its own at every call. */
export function versionsConformance(engine: string, address: () => Promise<string>): void {
  describe(`versions on ${engine}`, () => {
    let folder: string
    const opened: Control[] = []
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'versions-'))
    })
    afterEach(async () => {
      for (const control of opened.splice(0)) await control.close()
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    async function open(at: string, root: string): Promise<Lake> {
      const control = openControl(at)
      opened.push(control)
      await control.migrate()
      const storage = await openStorage(root)
      return { storage, control, versions: openVersions(storage, control, now) }
    }

    /** Two processes' views of one lake with four builds of each of two models. */
    async function lake(): Promise<{ first: Lake; second: Lake }> {
      const [at, root] = [await address(), mkdtempSync(join(folder, 'lake-'))]
      const first = await open(at, root)
      for (const print of ['f1', 'f2', 'f3', 'f4'])
        for (const model of ['order', 'xo.customer_month'])
          await first.versions.recordBuild(build(model, print))
      return { first, second: await open(at, root) }
    }
    const set = (print: string) => ({ order: print, 'xo.customer_month': print })

    publishing(lake, set)
    racing(lake, set)
  })
}

type NewLake = () => Promise<{ first: Lake; second: Lake }>
type Set = (print: string) => Record<string, string>

function publishing(lake: NewLake, set: Set): void {
  it('nothing is served before the first publish', async () => {
    const { versions } = (await lake()).first
    expect(await versions.current()).toBeUndefined()
    expect(await versions.list()).toEqual([])
    await expect(versions.rollback()).rejects.toThrow('nothing is published yet')
  })

  it('a build is remembered as it was first made', async () => {
    const { versions } = (await lake()).first
    await versions.recordBuild({ ...build('order', 'f1'), rows: 99 })
    expect(await versions.findBuild('order', 'f1')).toEqual(build('order', 'f1'))
    expect(await versions.findBuild('order', 'never')).toBeUndefined()
    await expect(versions.buildOf('order', 'never')).rejects.toThrow('[models] order never was not built')
  })

  it('publishing names one build per model, and readers find their files', async () => {
    const { versions, storage } = (await lake()).first
    expect(await versions.publish(set('f1'))).toEqual({ version: 1, changed: true })
    const current = await readCurrent(storage)
    expect(current?.models['order']).toEqual({
      fingerprint: 'f1',
      grain: ['id'],
      columns: [{ name: 'id', type: 'VARCHAR' }],
      files: ['models/order/f1/part-00000.parquet'],
      rows: 3,
    })
    expect(current && publishedSlices(storage, current)).toEqual([
      {
        table: 'order',
        columns: [{ name: 'id', type: 'VARCHAR' }],
        files: [join(storage.root, 'models/order/f1/part-00000.parquet')],
      },
      expect.objectContaining({ table: 'xo.customer_month' }),
    ])
  })

  it('publishing what is served changes nothing, in whatever order it is named', async () => {
    const { versions } = (await lake()).first
    await versions.publish(set('f1'))
    const again = { 'xo.customer_month': 'f1', order: 'f1' }
    expect(await versions.publish(again)).toEqual({ version: 1, changed: false })
    expect(await versions.list()).toHaveLength(1)
  })

  it('rolling back serves the version before, or the one named, and publishing goes on from there', async () => {
    const { versions } = (await lake()).first
    for (const print of ['f1', 'f2', 'f3']) await versions.publish(set(print))
    expect(await versions.rollback()).toBe(2)
    expect(await versions.rollback()).toBe(1)
    expect((await versions.current())?.models['order']?.fingerprint).toBe('f1')
    expect(await versions.publish(set('f1'))).toEqual({ version: 1, changed: false })
    expect(await versions.rollback(3)).toBe(3)
    await versions.rollback(2)
    expect(await versions.publish(set('f3'))).toEqual({ version: 4, changed: true })
    const list = await versions.list()
    expect(list.map(({ version, current }) => [version, current])).toEqual([
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ])
  })

  it('a version that is not there changes nothing', async () => {
    const { versions } = (await lake()).first
    await versions.publish(set('f1'))
    await expect(versions.rollback(7)).rejects.toThrow(VersionUnknown)
    await expect(versions.rollback(7)).rejects.toThrow('there is no version 7; there are 1')
    await expect(versions.rollback()).rejects.toThrow('there is no earlier version')
    expect((await versions.current())?.version).toBe(1)
  })

  it('a build that was never made cannot be published', async () => {
    const { versions } = (await lake()).first
    await versions.publish(set('f1'))
    await expect(versions.publish({ order: 'never' })).rejects.toThrow('order never was not built')
    expect((await versions.list()).map(({ version }) => version)).toEqual([1])
    expect((await versions.current())?.version).toBe(1)
  })
}

function racing(lake: NewLake, set: Set): void {
  it('a crash between the database and the files is mended by the next publish, also of the same set', async () => {
    const { versions, storage } = (await lake()).first
    await versions.publish(set('f1'))
    const before = (await storage.readText('current.json')) ?? ''
    await versions.publish(set('f2'))
    // As a process leaves it that is killed after its transaction and before it wrote the files.
    await storage.writeText('current.json', before)
    await storage.remove('versions/2.json')
    expect((await versions.current())?.version).toBe(1)
    expect(await versions.publish(set('f2'))).toEqual({ version: 2, changed: false })
    expect((await versions.current())?.models['order']?.fingerprint).toBe('f2')
  })

  it('two publishers at once make two versions, one after the other', async () => {
    const { first, second } = await lake()
    const outcomes = await Promise.all(
      ['f1', 'f2', 'f3', 'f4'].map((print, index) =>
        (index % 2 === 0 ? first : second).versions.publish(set(print)),
      ),
    )
    expect(outcomes.map(({ version }) => version).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
    const list = await first.versions.list()
    expect((await first.versions.current())?.version).toBe(list.find(({ current }) => current)?.version)
  })

  it('two publishers of the same set make one version', async () => {
    const { first, second } = await lake()
    const outcomes = await Promise.all(
      [first, second, first].map(({ versions }) => versions.publish(set('f1'))),
    )
    expect(outcomes.map(({ version }) => version)).toEqual([1, 1, 1])
    expect(outcomes.filter(({ changed }) => changed)).toHaveLength(1)
  })

  it('readers see one whole version during fifty publishes and rollbacks', async () => {
    const { first, second } = await lake()
    await first.versions.publish(set('f1'))
    const writing = new AbortController()
    let mixed = 0
    let read = 0
    const reader = (async () => {
      while (!writing.signal.aborted) {
        const seen = Object.values((await readCurrent(first.storage))?.models ?? {})
        if (seen.length !== 2 || new Set(seen.map((each) => each.fingerprint)).size !== 1) mixed += 1
        read += 1
      }
    })()
    for (let round = 0; round < 25; round += 1)
      await Promise.all([first.versions.publish(set(`f${(round % 4) + 1}`)), second.versions.rollback(1)])
    writing.abort()
    await reader
    expect(mixed).toBe(0)
    expect(read).toBeGreaterThan(10)
    const served = (await first.versions.list()).find(({ current }) => current)
    expect((await second.versions.current())?.version).toBe(served?.version)
    expect(await first.storage.list('_tmp')).toEqual([])
  })
}
