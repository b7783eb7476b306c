/** Runs the `saydo` command as a user would, in a process of its own. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type Run = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const root = fileURLToPath(new URL('..', import.meta.url))

/** The command's end; `env` is laid over a small environment, so that nothing of this machine's leaks in. */
export function saydo(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const kept = [
    'PATH',
    'HOME',
    'XDG_CACHE_HOME',
    'TMPDIR',
    'SAYDO_CACHE',
    'PIP_INDEX_URL',
    'PIP_CONFIG_FILE',
  ].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
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
