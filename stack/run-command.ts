/** Runs one program to its end and answers with its output; a failure's message carries the last lines of what it said. */
import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { basename, delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '#activities/project.ts'

const execute = promisify(execFile)

export type CommandOptions = {
  readonly env: Environment
  readonly signal?: AbortSignal
  readonly limitMs?: number
}

export async function runCommand(
  command: string,
  args: readonly string[],
  { env, signal, limitMs = 0 }: CommandOptions,
): Promise<string> {
  try {
    const { stdout } = await execute(command, args, {
      env,
      timeout: limitMs,
      maxBuffer: 16 << 20,
      ...(signal && { signal }),
    })
    return stdout.trim()
  } catch (error) {
    throw new Error(describe(basename(command), error), { cause: error })
  }
}

/** The program's absolute path, or undefined when `PATH` does not have it. */
export async function findOnPath(name: string, env: Environment): Promise<string | undefined> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of folders) {
    for (const suffix of process.platform === 'win32' ? ['.exe', '.cmd'] : ['']) {
      const path = join(folder, name + suffix)
      if (await isExecutable(path)) return path
    }
  }
  return undefined
}

export function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

function describe(command: string, error: unknown): string {
  const {
    stderr = '',
    killed = false,
    code,
  } = error as { stderr?: string; killed?: boolean; code?: string | number }
  if (killed) return `${command} was stopped: it took too long`
  const lastWords = stderr.trim().split('\n').slice(-3).join(' | ')
  return `${command} failed${code === undefined ? '' : ` (${code})`}${lastWords === '' ? '' : `: ${lastWords}`}`
}
