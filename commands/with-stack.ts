/** Runs something on a stack that is brought up for it, with progress on stderr, and takes down what it started. */
import type { Stack } from '#stack/bring-up.ts'
import type { Simulation } from '#stack/load-project.ts'
import type { Opened } from './global-options.ts'
import { type Progress, startProgress } from './output.ts'

export async function withStack<T>(
  opened: Opened & { readonly simulation?: Partial<Simulation> },
  use: (stack: Stack, progress: Progress) => Promise<T>,
): Promise<T> {
  const progress = startProgress()
  const { bringUp } = await import('#stack/bring-up.ts')
  try {
    await using stack = await bringUp({ ...opened, say: progress.say, now: progress.now })
    return await use(stack, progress)
  } finally {
    progress.stop()
  }
}
