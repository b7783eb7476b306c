/** Watches a folder grow: progress for downloads made by other programs, and the news that nothing has come for a while. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export type GrowthWatch = {
  readonly folder: string
  readonly onGrowth: (bytes: number) => void
  readonly quietMs?: number
  /** Called once when the folder has not grown for `quietMs`. */
  readonly onQuiet?: () => void
}

/** Starts watching; call the answer to stop. */
export function watchGrowth({ folder, onGrowth, quietMs = Infinity, onQuiet }: GrowthWatch): () => void {
  let seen = 0
  let lastGrowth = performance.now()
  const timer = setInterval(() => {
    void folderBytes(folder).then((bytes) => {
      if (bytes > seen) {
        seen = bytes
        lastGrowth = performance.now()
        onGrowth(bytes)
      } else if (performance.now() - lastGrowth > quietMs) {
        clearInterval(timer)
        onQuiet?.()
      }
    })
  }, 250)
  return () => clearInterval(timer)
}

async function folderBytes(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    files.map((file) =>
      stat(join(folder, file)).then(
        (entry) => (entry.isFile() ? entry.size : 0),
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
