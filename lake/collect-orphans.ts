/** Files that no commit names: what killed attempts leave behind. Nobody reads them; they only take room. */
import type { Lake } from './landing.ts'

const A_DAY_MS = 24 * 60 * 60 * 1000

export type Orphans = { readonly files: number; readonly bytes: number }

/** Delete files under `_tmp` and `raw` that are older than a day (or `olderThanMs`) and not committed. A younger one may be about to be. */
export async function collectOrphans(
  { control, storage, now }: Pick<Lake, 'control' | 'storage' | 'now'>,
  {
    olderThanMs = A_DAY_MS,
    dryRun = false,
  }: { readonly olderThanMs?: number; readonly dryRun?: boolean } = {},
): Promise<Orphans> {
  const before = now().getTime() - olderThanMs
  const candidates = [...(await storage.list('_tmp')), ...(await storage.list('raw'))].filter(
    ({ modifiedAt }) => modifiedAt.getTime() <= before,
  )
  // Asked for after the listing: a file committed in between is spared.
  const rows = await control.db.selectFrom('load_file').select('path').execute()
  const committed = new Set(rows.map(({ path }) => path))
  const orphans = candidates.filter(({ path }) => !committed.has(path))
  if (!dryRun) for (const { path } of orphans) await storage.remove(path)
  return { files: orphans.length, bytes: orphans.reduce((sum, { bytes }) => sum + bytes, 0) }
}
