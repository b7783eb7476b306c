/** The folder the lake lives in: files are made under `_tmp/`, made durable, and moved to where readers find them. */
import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'

export type StoredFile = { readonly path: string; readonly bytes: number; readonly modifiedAt: Date }

export type Storage = {
  /** Absolute. */
  readonly root: string
  /** Absolute path of a file of the lake. */
  readonly absolute: (path: string) => string
  /** Absolute path for a new file under `_tmp`. */
  readonly temporary: (name: string) => string
  /** Run something that writes into the lake; a full disk becomes NoSpace. */
  readonly guard: <T>(write: () => Promise<T>) => Promise<T>
  /** In hexadecimal. */
  readonly sha256: (absolutePath: string) => Promise<string>
  /** Until this returns, a power cut may lose the file. */
  readonly sync: (absolutePath: string) => Promise<void>
  /** Move a temporary file to its place (relative to the root), atomically and durably. */
  readonly promote: (absolutePath: string, path: string) => Promise<void>
  /** Every file below a folder of the lake, with paths relative to the root. */
  readonly list: (folder: string) => Promise<StoredFile[]>
  /** Delete a file or folder; fine when it is gone already. */
  readonly remove: (path: string) => Promise<void>
}

/** Open the lake's folder, making `_tmp` and `raw`. Throws when it cannot be written, or when a rename between the two would not be atomic. */
export async function openStorage(folder: string): Promise<Storage> {
  const root = resolve(folder)
  await prepare(root)
  const absolute = (path: string) => {
    const found = resolve(root, path)
    if (found !== root && !found.startsWith(root + sep))
      throw new Error(`[lake] ${JSON.stringify(path)} lies outside the lake.`)
    return found
  }
  return {
    root,
    absolute,
    temporary: (name) => absolute(join('_tmp', name)),
    guard: (write) => guarded(write, root),
    sha256,
    sync: (path) => guarded(() => syncFile(path), root),
    promote: (from, path) => guarded(() => move(from, absolute(path)), root),
    list: (folder) => list(root, absolute(folder)),
    remove: (path) => rm(absolute(path), { recursive: true, force: true }),
  }
}

/** The lake's disk is full, or this process may not write more. */
export class NoSpace extends Error {
  override readonly name = 'NoSpace'
  constructor(root: string, cause: unknown) {
    super(
      `[lake] there is no space left to write in ${root}; nothing of this part was committed. Free some space (or raise the quota) and run again: it goes on where it stopped.`,
      { cause },
    )
  }
}

async function guarded<T>(write: () => Promise<T>, root: string): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isFull(error) ? new NoSpace(root, error) : error
  }
}

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const FULL_WORDS =
  /no space left|disk quota exceeded|file too large|could not write all bytes|database or disk is full/i

function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && FULL_CODES.has(String(error.code))) || FULL_WORDS.test(error.message)
}

async function prepare(root: string): Promise<void> {
  try {
    for (const folder of ['_tmp', 'raw']) await mkdir(join(root, folder), { recursive: true })
    await access(root, constants.W_OK)
  } catch (error) {
    throw new Error(
      `[lake] the folder ${root} cannot be written; check its owner and rights, or set SAYDO_HOME.`,
      { cause: error },
    )
  }
  const [temporary, raw] = [await stat(join(root, '_tmp')), await stat(join(root, 'raw'))]
  if (temporary.dev !== raw.dev)
    throw new Error(
      `[lake] ${root}/_tmp and ${root}/raw are on different devices, so files cannot be moved atomically; put both on one.`,
    )
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function move(from: string, to: string): Promise<void> {
  const made = await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  // A name is durable only once its folder is, and a new folder only once its parent is.
  const top = made ? dirname(made) : dirname(to)
  for (let folder = dirname(to); folder.length >= top.length; folder = dirname(folder)) await syncFile(folder)
}

async function sha256(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path), digest)
  return digest.digest('hex')
}

async function list(root: string, folder: string): Promise<StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    files.map(async (path) => {
      const info = await stat(path).catch(() => null)
      return (
        info && { path: relative(root, path).split(sep).join('/'), bytes: info.size, modifiedAt: info.mtime }
      )
    }),
  )
  return found.filter((file) => file !== null)
}
