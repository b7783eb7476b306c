/**
 * Deletes what no version of any environment needs, nobody is reading, and no run may still be making. Rows go first, in one transaction, and
 * files after: a run that is killed in between leaves files that nobody names, which the next one finds.
 */
import { collectOrphans } from './collect-orphans.ts'
import { needlessFiles } from './garbage-files.ts'
import { deleteRows, needlessRows, type NeedlessRows } from './garbage-rows.ts'
import { findReaders, retireVersions, sortVersions, versionsToRetire } from './garbage-versions.ts'
import type { Lake } from './landing.ts'
import { nextNumber } from './next-number.ts'

export type GarbageOptions = {
  /** What is younger stays, for it may belong to a build that is going on: longer than any build takes. A day when absent. */
  readonly olderThanMs?: number
  /** First retire all but so many of the newest versions of each environment; the served one always stays. */
  readonly keepVersions?: number
  /** Only say what would be deleted. */
  readonly dryRun?: boolean
}

export type Garbage = {
  readonly versions: readonly number[]
  readonly builds: number
  readonly partitions: number
  /** Plans, sets of keys, ledgers and indexes. */
  readonly notes: number
  readonly files: number
  readonly bytes: number
}

type GarbageWork = Pick<Lake, 'control' | 'storage' | 'now'>

const A_DAY_MS = 24 * 60 * 60 * 1000

export async function collectGarbage(
  work: GarbageWork,
  { olderThanMs = A_DAY_MS, keepVersions = Infinity, dryRun = false }: GarbageOptions = {},
): Promise<Garbage> {
  if (!(keepVersions >= 1)) throw new Error(`[gc] cannot keep ${keepVersions} versions; expected 1 or more.`)
  const { storage } = work
  const before = new Date(work.now().getTime() - olderThanMs)
  const { gone, kept, needless, expired } = await forgetRows(work, { keepVersions, before, dryRun })
  const files = await needlessFiles(storage, work.control.db, {
    before,
    going: dryRun ? needless : undefined,
    versions: new Set(kept.map(({ version }) => version)),
  })
  if (!dryRun) for (const path of [...files.map((file) => file.path), ...expired]) await storage.remove(path)
  const orphans = await collectOrphans(work, { olderThanMs, dryRun })
  return {
    versions: gone,
    builds: needless.builds.length,
    partitions: needless.partitions.length,
    notes: notesIn(needless),
    files: files.length + orphans.files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, orphans.bytes),
  }
}

type Forgetting = { readonly keepVersions: number; readonly before: Date; readonly dryRun: boolean }

/** Publishing waits meanwhile, and looks afterwards whether what it publishes is still there. */
async function forgetRows(
  { control, storage, now }: GarbageWork,
  { keepVersions, before, dryRun }: Forgetting,
) {
  const since = before.toISOString()
  const { db } = control
  if (dryRun) {
    const retired = await versionsToRetire(db, keepVersions)
    const readers = await findReaders(storage, db, now())
    const sorted = await sortVersions(db, { readers: readers.versions, retired })
    return { ...sorted, needless: await needlessRows(db, sorted.kept, since), expired: readers.expired }
  }
  await db.transaction().execute(async (trx) => {
    await nextNumber(trx, 'publish')
    await retireVersions(trx, await versionsToRetire(trx, keepVersions))
  })
  const readers = await findReaders(storage, db, now())
  return db.transaction().execute(async (trx) => {
    await nextNumber(trx, 'publish')
    const sorted = await sortVersions(trx, { readers: readers.versions, retired: [] })
    const needless = await needlessRows(trx, sorted.kept, since)
    if (sorted.gone.length > 0)
      await trx.deleteFrom('publish_version').where('version', 'in', sorted.gone).execute()
    await deleteRows(trx, needless)
    return { ...sorted, needless, expired: readers.expired }
  })
}

function notesIn({ plans, keySets, ledgers, rawIndexes }: NeedlessRows): number {
  return plans.length + keySets.length + ledgers.length + rawIndexes.length
}
