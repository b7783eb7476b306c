/** Where the lake lives, a folder or a bucket on S3: files are made locally, and appear in their place whole or not at all. */
import { folderStorage, openFolderStorage } from './folder-storage.ts'
import { openS3Storage, type S3Options, s3Storage } from './s3-storage.ts'

/** Paths inside the lake are `/`-separated on every system. */
export type StoredFile = { readonly path: string; readonly bytes: number; readonly modifiedAt: Date }

export type Storage = {
  /** The absolute folder, or `s3://bucket/prefix`. */
  readonly root: string
  /** What an engine opens for a file of the lake: an absolute path, or an `s3://` URL. Throws for a path that leaves the lake. */
  readonly absolute: (path: string) => string
  /** Absolute path, always on this machine, for a new file under `_tmp`; `.` is that folder itself. */
  readonly temporary: (name: string) => string
  /** Run something that writes into the lake; a full disk becomes NoSpace. */
  readonly guard: <T>(write: () => Promise<T>) => Promise<T>
  /** Of a local file, in hexadecimal. */
  readonly sha256: (localPath: string) => Promise<string>
  /** Until this returns, a power cut may lose the local file. */
  readonly sync: (localPath: string) => Promise<void>
  /** Move a temporary file to its place in the lake, atomically and durably. */
  readonly promote: (localPath: string, path: string) => Promise<void>
  /** Every file below a folder of the lake; `_tmp` is this machine's. */
  readonly list: (folder: string) => Promise<StoredFile[]>
  /** Delete a file or folder of the lake, or a temporary file; fine when it is gone already. */
  readonly remove: (path: string) => Promise<void>
  /** Undefined when there is no such file. */
  readonly stat: (path: string) => Promise<Pick<StoredFile, 'bytes' | 'modifiedAt'> | undefined>
  /** Undefined when there is no such file. */
  readonly readText: (path: string) => Promise<string | undefined>
  /** Replaces what is there; a reader sees the old text or the new one. */
  readonly writeText: (path: string, text: string) => Promise<void>
  /** Only where there is no such file yet: of several who try at once, one is answered true. */
  readonly createText: (path: string, text: string) => Promise<boolean>
  /** sha256 of a file of the lake, in hexadecimal; undefined when there is no such file. */
  readonly hashOf: (path: string) => Promise<string | undefined>
}

/** Open the lake at a folder or an `s3://` address. Throws when it cannot be reached or, a folder, not be written. */
export function openStorage(location: string, s3?: S3Options): Promise<Storage> {
  return isS3(location) ? openS3Storage(location, withKey(location, s3)) : openFolderStorage(location)
}

/** What a reader needs of a lake. It may lie where nothing can be written; then leases are not, and nothing is lost. */
export type ReadableStorage = Pick<Storage, 'root' | 'absolute' | 'readText' | 'writeText' | 'remove'>

/** The lake at a folder or an `s3://` address, for reading: nothing is made and nothing asked yet. */
export function readableStorage(location: string, s3?: S3Options): ReadableStorage {
  return isS3(location) ? s3Storage(location, withKey(location, s3)) : folderStorage(location)
}

export function isS3(location: string): boolean {
  return location.startsWith('s3://')
}

function withKey(location: string, s3: S3Options | undefined): S3Options {
  if (s3) return s3
  throw new Error(`[lake] ${location} cannot be opened without an access key; set SAYDO_S3_KEY_ID.`)
}
