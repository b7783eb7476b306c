/** The lake in a folder: files are made under `_tmp/`, made durable, and moved to where readers find them. */
import { createHash, randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { access, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { guarded } from './no-space.ts'
import type { Storage, StoredFile } from './storage.ts'

/** Makes `_tmp` and `raw`. Throws when the folder cannot be written, or when a rename between the two would not be atomic. */
export async function openFolderStorage(folder: string): Promise<Storage> {
  await prepare(resolve(folder))
  return folderStorage(folder)
}

/** The folder as it is, which is enough for reading. */
export function folderStorage(folder: string): Storage {
  const root = resolve(folder)
  const absolute = (path: string) => {
    const found = resolve(root, path)
    if (found !== root && !found.startsWith(root + sep))
      throw new Error(`[lake] ${JSON.stringify(path)} lies outside the lake.`)
    return found
  }
  const temporary = (name: string) => absolute(join('_tmp', name))
  /** Write a draft, durable, then give it its name. */
  const settle = (text: string, name: (draft: string) => Promise<void>) =>
    guarded(async () => {
      const draft = temporary(`${randomUUID()}.tmp`)
      try {
        await writeFile(draft, text, { flush: true })
        await name(draft)
      } finally {
        await rm(draft, { force: true })
      }
    }, root)
  return {
    root,
    absolute,
    temporary,
    guard: (write) => guarded(write, root),
    sha256,
    sync: (path) => guarded(() => syncFile(path), root),
    promote: (from, path) => guarded(() => place(absolute(path), (to) => rename(from, to)), root),
    list: (folder) => list(root, absolute(folder)),
    remove: (path) => rm(absolute(path), { recursive: true, force: true }),
    stat: async (path) => {
      const info = await stat(absolute(path)).catch(absent)
      return info?.isFile() ? { bytes: info.size, modifiedAt: info.mtime } : undefined
    },
    readText: async (path) => readFile(absolute(path), 'utf8').catch(absent),
    writeText: (path, text) => settle(text, (draft) => place(absolute(path), (to) => rename(draft, to))),
    createText: async (path, text) => {
      let created = true
      await settle(text, (draft) =>
        place(absolute(path), async (to) => {
          created = await isNew(link(draft, to))
        }),
      )
      return created
    },
    hashOf: async (path) => sha256(absolute(path)).catch(absent),
  }
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

/** Give a file its name `to`, durably: a name is durable only once its folder is, and a new folder only once its parent is. */
async function place(to: string, name: (to: string) => Promise<void>): Promise<void> {
  const made = await mkdir(dirname(to), { recursive: true })
  await name(to)
  const top = made ? dirname(made) : dirname(to)
  for (let folder = dirname(to); folder.length >= top.length; folder = dirname(folder))
    await syncFolder(folder)
}

async function syncFile(path: string): Promise<void> {
  await syncOpened(path, 'r+')
}

/** Windows keeps names durable itself and lets nobody open a folder. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform !== 'win32') await syncOpened(path, 'r')
}

async function syncOpened(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags)
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

/** For files that are being hashed; kept, since making one costs as much as hashing a small file. */
const buffers: Buffer[] = []

async function sha256(path: string): Promise<string> {
  const digest = createHash('sha256')
  const file = await open(path)
  const buffer = buffers.pop() ?? Buffer.allocUnsafe(2 ** 20)
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null)
      if (bytesRead === 0) return digest.digest('hex')
      digest.update(buffer.subarray(0, bytesRead))
    }
  } finally {
    buffers.push(buffer)
    await file.close()
  }
}

async function list(root: string, folder: string): Promise<StoredFile[]> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true }).catch(absent)) ?? []
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const found = await Promise.all(
    files.map(async (path) => {
      const info = await stat(path).catch(absent)
      return (
        info && { path: relative(root, path).split(sep).join('/'), bytes: info.size, modifiedAt: info.mtime }
      )
    }),
  )
  return found.filter((file) => file !== undefined)
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
}

function isNew(linked: Promise<void>): Promise<boolean> {
  return linked.then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}
