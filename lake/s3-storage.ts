/** The lake in a bucket on S3, or on anything that speaks its protocol; files are made in a private local folder first. */
import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { folderStorage, openFolderStorage } from './folder-storage.ts'
import type { S3Access } from './s3-access.ts'
import type { S3Bucket } from './s3-bucket.ts'
import { keyOf, s3Location } from './s3-location.ts'
import type { Storage, StoredFile } from './storage.ts'

export type S3Options = {
  readonly access: S3Access
  /** Folder on this machine for files that are being made; only its owner may read it. */
  readonly scratch: string
}

/** Makes the local folder, and asks the bucket for one file so that a wrong address or key is told now. */
export async function openS3Storage(address: string, options: S3Options): Promise<Storage> {
  await mkdir(options.scratch, { recursive: true, mode: 0o700 })
  await openFolderStorage(options.scratch)
  const storage = s3Storage(address, options)
  await storage.readText('current.json')
  return storage
}

/** The bucket as it is, which is enough for reading. Throws for an address that is none. */
export function s3Storage(address: string, { access, scratch }: S3Options): Storage {
  const location = s3Location(address)
  const key = (path: string) => keyOf(location, path)
  const url = (path: string) => ['s3:/', location.bucket, key(path)].filter((part) => part !== '').join('/')
  const root = url('')
  const where = access.endpoint === undefined ? root : `${root} at ${access.endpoint}`
  let opened: Promise<S3Bucket> | undefined
  // Loaded at its first use: the client is large, and a lake in a folder has none.
  const bucket = () =>
    (opened ??= import('./s3-bucket.ts').then(({ openBucket }) => openBucket(location.bucket, access, where)))
  const local = folderStorage(scratch)
  const below = (folder: string) => (key(folder) === '' ? '' : `${key(folder)}/`)
  const stored = async (folder: string): Promise<StoredFile[]> =>
    (await (await bucket()).list(below(folder))).map(({ key, ...file }) => ({
      path: key.slice(below('').length),
      ...file,
    }))
  return {
    root,
    absolute: (path) => (isScratch(path) ? local.absolute(path) : url(path)),
    temporary: local.temporary,
    guard: local.guard,
    sha256: local.sha256,
    sync: local.sync,
    promote: async (localPath, path) => {
      await (await bucket()).upload(localPath, key(path))
      await rm(localPath)
    },
    list: async (folder) => [
      ...(isScratch(folder) || folder === '' ? await local.list(folder || '_tmp') : []),
      ...(isScratch(folder) ? [] : await stored(folder)),
    ],
    remove: async (path) => {
      if (isScratch(path) || isAbsolute(path)) return local.remove(path)
      const { list, remove } = await bucket()
      await remove([key(path), ...(await list(below(path))).map((object) => object.key)])
    },
    stat: async (path) => (await bucket()).head(key(path)),
    readText: async (path) => (await bucket()).read(key(path), text),
    writeText: async (path, content) => (await bucket()).put(key(path), content),
    createText: async (path, content) => (await bucket()).create(key(path), content),
    hashOf: async (path) =>
      (await bucket()).read(key(path), async (body) => {
        const digest = createHash('sha256')
        await pipeline(body, digest)
        return digest.digest('hex')
      }),
  }
}

/** Files that are being made stay on this machine. */
function isScratch(path: string): boolean {
  return path === '_tmp' || path.startsWith('_tmp/')
}
