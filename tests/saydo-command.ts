/** Runs the `saydo` command as a user would, in a process of its own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

/** What would decide for the command under test: its own settings, and the test runner's. */
const ours =
  /^(SAYDO_(?!CACHE$)|TEMPORAL_|CUBEJS_|TYPEFORM_|HUBSPOT_|ZENDESK_|MASTODON_|FILES_|OLIST_|NODE_ENV|NODE_OPTIONS|VITEST)/

/** The command's end; `env` is laid over this machine's environment without our own settings in it. */
export function saydo(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name))
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: root,
    env: { ...Object.fromEntries(kept), SAYDO_CUBE_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}
