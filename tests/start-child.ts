/** Starts a program of the tests, which calls `endWithParent`, in a process of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** What it complains of is shown among the output of the tests, which does not stay open when they end before it. */
export function startChild(
  program: string,
  args: readonly string[],
): ChildProcessByStdio<Writable, Readable, Readable> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args], { stdio: 'pipe' })
  child.stderr.pipe(process.stderr)
  return child
}
