/** A server that reads versions for long holds one lease of each, and lets go of those nobody asks for. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { findLeases } from '#lake/lease.ts'
import { openStorage } from '#lake/storage.ts'
import { openPublishedLake } from './published-lake.ts'
import { versionLeases } from './version-leases.ts'

const folder = mkdtempSync(join(tmpdir(), 'leases-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function lake() {
  const storage = await openStorage(mkdtempSync(join(folder, 'lake-')))
  const point = async (version: number) => {
    const published = { version, publishedAt: '2026-03-01T00:00:00.000Z', models: {} }
    await storage.writeText(`versions/${version}.json`, JSON.stringify(published))
    await storage.writeText('current.json', JSON.stringify({ version, file: `versions/${version}.json` }))
  }
  const held = async () => [...(await findLeases(storage, new Date())).versions].toSorted((a, b) => a - b)
  return { storage, point, held }
}

it('one lease per version, however often it is asked for', async () => {
  const { storage, held } = await lake()
  let clock = 0
  const leases = versionLeases(storage, () => clock)
  expect(await Promise.all([leases.hold(1), leases.hold(1), leases.hold(2)])).toEqual([true, false, true])
  expect(await storage.list('readers')).toHaveLength(2)
  clock = 10
  await leases.hold(2)
  expect(leases.idleSince(5)).toEqual([1])
  await leases.release(1)
  expect(await held()).toEqual([2])
  await leases.close()
  expect(await held()).toEqual([])
})

it('a published lake leases what it serves, and lets a superseded version go after the grace period', async () => {
  const { storage, point, held } = await lake()
  await point(1)
  const published = openPublishedLake({ lakeRoot: storage.root, graceMs: 30, now: () => performance.now() })
  expect((await published.current()).version).toBe(1)
  expect(await held()).toEqual([1])
  await point(2)
  expect((await published.current()).version).toBe(2)
  await expect.poll(held).toEqual([2])
  await published.close()
  expect(await held()).toEqual([])
})
