/** What a running development server leaves beside its database, so that other processes on the same data use it instead of starting a second one. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { isRunning } from './process-of.ts'

const ServerRecord = z.object({
  pid: z.int().positive(),
  address: z.string(),
  uiUrl: z.string(),
  /** Who uses the server; the last one to leave stops it. */
  users: z.array(z.object({ pid: z.int().positive(), id: z.string() })),
})
export type ServerRecord = z.infer<typeof ServerRecord>

/** The record in `file`, without users whose process is gone; undefined when there is none or it cannot be read. */
export async function readRecord(file: string): Promise<ServerRecord | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const parsed = ServerRecord.safeParse(parseJson(text))
  if (!parsed.success) return undefined
  return { ...parsed.data, users: parsed.data.users.filter(({ pid }) => isRunning(pid)) }
}

export async function writeRecord(file: string, record: ServerRecord): Promise<void> {
  await writeFile(`${file}.${process.pid}`, JSON.stringify(record, null, 2))
  await rename(`${file}.${process.pid}`, file)
}

export async function removeRecord(file: string): Promise<void> {
  await rm(file, { force: true })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
