/** Progress of work that is usually done before anybody wonders. */
import { type Progress, startProgress } from './output.ts'

const PATIENCE_MS = 2_000

/** The work is given a `say` whose lines are shown once it has taken two seconds. */
export async function sayWhenSlow<T>(work: (say: (line: string) => void) => Promise<T>): Promise<T> {
  let progress: Progress | undefined
  let line = ''
  const timer = setTimeout(() => {
    progress = startProgress()
    if (line !== '') progress.now(line)
  }, PATIENCE_MS)
  try {
    return await work((next) => {
      line = next
      progress?.now(next)
    })
  } finally {
    clearTimeout(timer)
    progress?.stop()
  }
}
