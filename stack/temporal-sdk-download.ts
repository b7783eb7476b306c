/** The Temporal SDK's own download of the CLI, in a child process so that a network that swallows packets cannot hang us. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { watchGrowth } from './folder-growth.ts'
import { isExecutable, runCommand } from './run-command.ts'
import type { Fetch } from './temporal-fetch.ts'

const quietLimitMs = 10_000

export const sdkDownload: Fetch = {
  title: "download by Temporal's SDK",
  label: 'sdk-1.24.0',
  async fetch({ env, folder, progress }) {
    const gaveUp = new AbortController()
    const stopWatching = watchGrowth({
      folder,
      onGrowth: (bytes) => progress(`downloading the Temporal CLI, ${Math.round(bytes / 1e6)} MB`),
      quietMs: quietLimitMs,
      onQuiet: () => gaveUp.abort(),
    })
    try {
      const child = fileURLToPath(import.meta.resolve('./temporal-sdk-download-child.ts'))
      await runCommand(process.execPath, [child, folder], {
        env,
        signal: gaveUp.signal,
        limitMs: 10 * 60_000,
      })
    } catch (error) {
      if (gaveUp.signal.aborted)
        throw new Error(`nothing came for ${quietLimitMs / 1000} s`, { cause: error })
      throw error
    } finally {
      stopWatching()
    }
    return onlyExecutable(folder)
  },
}

async function onlyExecutable(folder: string): Promise<string> {
  for (const file of await readdir(folder)) {
    if (await isExecutable(join(folder, file))) return join(folder, file)
  }
  throw new Error('the SDK left no executable')
}
