/** A lock between processes on one machine: SQLite's own file lock, which the system releases even when a process is killed. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'

const SQLITE_BUSY = 5

/** Run `work` while no other process (and nobody else here) holds the lock `file`; `onWait` is called once when it must wait. */
export async function withProcessLock<Result>(
  file: string,
  work: () => Promise<Result>,
  onWait: () => void = () => {},
): Promise<Result> {
  await mkdir(dirname(file), { recursive: true })
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    for (let waited = false; !acquired(lock); waited = true) {
      if (!waited) onWait()
      await pause(100)
    }
    return await work()
  } finally {
    lock.close()
  }
}

function acquired(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false
    throw error
  }
}
