/** Runs the `saydo` command in this process, which spares starting one for each of many. */
import { vi } from 'vitest'
import { runProgram } from '#commands/program.ts'
import type { Run } from './saydo-command.ts'

export async function saydoHere(args: readonly string[]): Promise<Run> {
  const said = { stdout: '', stderr: '' }
  const keep = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text: string | Uint8Array) => {
      said[stream] += String(text)
      return true
    })
  const spies = [keep('stdout'), keep('stderr')]
  process.exitCode = 0
  try {
    return { code: await runProgram(args), ...said }
  } finally {
    for (const spy of spies) spy.mockRestore()
    process.exitCode = 0
  }
}
