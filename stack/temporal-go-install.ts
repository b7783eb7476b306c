/** Builds the Temporal CLI from the Go module proxy: slow (minutes), but it needs nothing except Go. */
import { join } from 'node:path'
import { findOnPath, runCommand } from './run-command.ts'
import type { Fetch } from './temporal-fetch.ts'

// The last tag whose go.mod has no `replace`, which `go install` refuses.
const version = 'v1.5.1'

export const goInstall: Fetch = {
  title: `go install of the Temporal CLI ${version}`,
  label: `go-${version}`,
  async fetch({ env, folder, progress }) {
    const go = await findOnPath('go', env)
    if (!go) throw new Error('Go is not on PATH')
    const started = performance.now()
    const ticking = setInterval(() => {
      progress(
        `building the Temporal CLI, ${Math.round((performance.now() - started) / 1000)} s of about 300 s`,
      )
    }, 1000)
    try {
      await runCommand(go, ['install', `github.com/temporalio/cli/cmd/temporal@${version}`], {
        env: { ...env, GOBIN: folder },
        limitMs: 30 * 60_000,
      })
    } finally {
      clearInterval(ticking)
    }
    return join(folder, 'temporal')
  },
}
