/** Asks another program for its numbers over a pipe, one line per request. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Numbers, Program } from './oracle-case.ts'

export type Request = { readonly id: string; readonly name: string; readonly inputs: Numbers }

const scripts: Record<Program, { command: string; script: string; probe: string[] }> = {
  python: {
    command: process.env['SAYDO_PYTHON'] ?? 'python3',
    script: 'python.py',
    probe: [
      '-c',
      'import scipy, statsmodels; print("scipy", scipy.__version__, "statsmodels", statsmodels.__version__)',
    ],
  },
  r: {
    command: process.env['SAYDO_RSCRIPT'] ?? 'Rscript',
    script: 'base.R',
    probe: ['-e', 'library(MASS); cat(R.version.string)'],
  },
}

/** Names and versions of the program, or undefined when it is not there. */
export function versionOf(program: Program): string | undefined {
  const { command, probe } = scripts[program]
  const { status, stdout } = spawnSync(command, probe, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : undefined
}

/** Answers by request id. */
export function ask(program: Program, requests: readonly Request[]): Map<string, Numbers> {
  const { command, script } = scripts[program]
  const lines = requests.map(({ id, name, inputs }) => [id, name, ...fields(inputs)].join('\t'))
  const { status, stdout, stderr } = spawnSync(command, [join(import.meta.dirname, script)], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (status !== 0)
    throw new Error(`[oracles] ${command} ${script} failed with ${status}; ${stderr.slice(-800)}`)
  return new Map(stdout.trim().split('\n').map(parse))
}

function fields(inputs: Numbers): string[] {
  return Object.entries(inputs).map(([name, values]) => `${name}=${values.join(',')}`)
}

function parse(line: string): [string, Numbers] {
  const [id = '', ...parts] = line.split('\t')
  const named = parts.map((part) => {
    const [name = '', values = ''] = part.split('=')
    return [name, values.split(',').map(Number)] as const
  })
  return [id, Object.fromEntries(named)]
}
