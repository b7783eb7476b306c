/** The development server's database file, and whether the server ever finished setting it up. */
import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'temporal.db')
}

/**
 * A server killed in the first moments of its life leaves half of its tables, and no server ever mends them. Such a file is set
 * aside as `temporal.db.incomplete`, so that the next start begins anew; it holds no run. Answers whether there was one.
 */
export async function setAsideIncomplete(dataDir: string): Promise<boolean> {
  const file = databaseFile(dataDir)
  if (!existsSync(file) || existsSync(markFile(dataDir))) return false
  await rename(file, `${file}.incomplete`)
  for (const suffix of ['-wal', '-shm', '-journal']) await rm(file + suffix, { force: true })
  return true
}

/** Called when a server has answered on this database: from now on it is kept whatever happens. */
export async function markComplete(dataDir: string): Promise<void> {
  await writeFile(markFile(dataDir), 'The Temporal server has set up temporal.db completely.\n')
}

function markFile(dataDir: string): string {
  return join(dataDir, 'temporal.db.complete')
}
