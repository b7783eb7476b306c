/** Puts a file that was made locally to its place in the lake, durable, with what tells it from a damaged one. */
import { mkdir, rm, stat } from 'node:fs/promises'
import type { LakeFile } from './partition.ts'
import type { Storage } from './storage.ts'

export async function storeFile(
  storage: Pick<Storage, 'sha256' | 'sync' | 'promote' | 'guard'>,
  local: string,
  path: string,
): Promise<LakeFile> {
  await storage.sync(local)
  const { size } = await stat(local)
  const sha256 = await storage.sha256(local)
  await storage.promote(local, path)
  return { path, bytes: size, sha256 }
}

/** Work in a private folder, gone afterwards. */
export async function inDraft<T>(
  storage: Pick<Storage, 'temporary' | 'guard'>,
  id: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = storage.temporary(id)
  await mkdir(folder, { recursive: true })
  try {
    return await storage.guard(() => work(folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
