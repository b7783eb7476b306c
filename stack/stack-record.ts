/** What a running `saydo start` leaves in the state folder, so that other commands use it instead of starting the same again. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isRunning } from './process-of.ts'

const StackRecord = z.object({
  pid: z.int().positive(),
  /** Addresses and tokens of the simulated company's systems; empty for a real one. */
  simulationEnv: z.record(z.string(), z.string()),
  cubeUrl: z.string().nullable(),
})
export type StackRecord = z.infer<typeof StackRecord>

const file = (home: string) => join(home, 'stack.json')

/** The record of a stack that is up, or undefined. */
export async function runningStack(home: string): Promise<StackRecord | undefined> {
  const text = await readFile(file(home), 'utf8').catch(() => '{}')
  const record = StackRecord.safeParse(JSON.parse(text)).data
  return record !== undefined && record.pid !== process.pid && isRunning(record.pid) ? record : undefined
}

export async function recordStack(home: string, record: Omit<StackRecord, 'pid'>): Promise<void> {
  const draft = `${file(home)}.${process.pid}`
  await writeFile(draft, JSON.stringify({ pid: process.pid, ...record } satisfies StackRecord), {
    mode: 0o600,
  })
  await rename(draft, file(home))
}

export async function forgetStack(home: string): Promise<void> {
  await rm(file(home), { force: true })
}
