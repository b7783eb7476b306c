/** Questions about another process by its id. */
import { readFile } from 'node:fs/promises'
import { runCommand } from './run-command.ts'

/** Whether a process of this id exists, ours or another user's. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The words a process was started with, in one string; empty when it is gone. Tells a living server from a reused process id. */
export async function commandLineOf(pid: number): Promise<string> {
  const words =
    process.platform === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => text.replaceAll('\0', ' '))
      : runCommand('ps', ['-p', String(pid), '-o', 'args='], { env: process.env })
  return words.catch(() => '')
}
