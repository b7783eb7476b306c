/** The few things the lake asks of S3, in its own words: every failure explained, every write whole or not at all. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { S3Access } from './s3-access.ts'
import { conflictOf, explained, isMissing } from './s3-failure.ts'
import { uploadInParts } from './s3-upload.ts'

export type S3Object = { readonly key: string; readonly bytes: number; readonly modifiedAt: Date }

export type S3Bucket = {
  /** Undefined where there is no such object; so too `read`. */
  readonly head: (key: string) => Promise<Omit<S3Object, 'key'> | undefined>
  readonly read: <T>(key: string, use: (body: Readable) => Promise<T>) => Promise<T | undefined>
  readonly put: (key: string, body: string) => Promise<void>
  /** False when there is such an object already. */
  readonly create: (key: string, body: string) => Promise<boolean>
  readonly upload: (localPath: string, key: string) => Promise<void>
  /** Objects whose key begins so. */
  readonly list: (prefix: string) => Promise<S3Object[]>
  /** Fine where they are gone already. */
  readonly remove: (keys: readonly string[]) => Promise<void>
}

/** Up to here a file is sent in one request, from memory; larger ones in parts of this size or more. */
const PART_BYTES = 16 * 1024 * 1024
const DELETED_AT_ONCE = 1000
const CREATE_TRIES = 5

/** `where` names the lake in failures. */
export function openBucket(bucket: string, access: S3Access, where: string): S3Bucket {
  const client = clientOf(access)
  const told = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      throw explained(error, where)
    }
  }
  const found = <T>(ask: () => Promise<T>) => told(() => ask().catch(missing))
  const at = (key: string) => ({ Bucket: bucket, Key: key })
  return {
    head: (key) => found(() => head(client, at(key))),
    read: (key, use) => found(() => read(client, at(key), use)),
    put: (key, body) =>
      told(async () => {
        await client.send(new PutObjectCommand({ ...at(key), Body: body }))
      }),
    create: (key, body) => told(() => create(client, at(key), body)),
    upload: (localPath, key) =>
      withFile(localPath, (file, bytes) => told(() => upload(client, at(key), file, bytes))),
    list: (prefix) => told(() => list(client, bucket, prefix)),
    remove: (keys) => told(() => remove(client, bucket, keys)),
  }
}

function clientOf({ endpoint, region, keyId, secret, sessionToken }: S3Access): S3Client {
  return new S3Client({
    region,
    credentials: {
      accessKeyId: keyId,
      secretAccessKey: secret,
      ...(sessionToken !== undefined && { sessionToken }),
    },
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    maxAttempts: 5,
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000 },
  })
}

type At = { readonly Bucket: string; readonly Key: string }

function missing(error: unknown): undefined {
  if (!isMissing(error)) throw error
}

async function head(client: S3Client, at: At): Promise<Omit<S3Object, 'key'>> {
  const { ContentLength = 0, LastModified = new Date(0) } = await client.send(new HeadObjectCommand(at))
  return { bytes: ContentLength, modifiedAt: LastModified }
}

async function read<T>(client: S3Client, at: At, use: (body: Readable) => Promise<T>): Promise<T> {
  const { Body } = await client.send(new GetObjectCommand(at))
  if (!(Body instanceof Readable)) throw new Error(`[lake] ${at.Key} came without its content.`)
  return use(Body)
}

/** A mark in the object tells our own creation, whose answer was lost, from another's. */
async function create(client: S3Client, at: At, body: string): Promise<boolean> {
  const mark = randomUUID()
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new PutObjectCommand({ ...at, Body: body, IfNoneMatch: '*', Metadata: { mark } }))
      return true
    } catch (error) {
      const conflict = conflictOf(error)
      if (conflict === 'exists')
        return (await client.send(new HeadObjectCommand(at))).Metadata?.['mark'] === mark
      if (conflict !== 'again' || attempt === CREATE_TRIES) throw error
      await sleep(attempt * 50)
    }
  }
}

async function withFile<T>(path: string, use: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
  const file = await open(path, 'r')
  try {
    return await use(file, (await file.stat()).size)
  } finally {
    await file.close()
  }
}

async function upload(client: S3Client, at: At, file: FileHandle, bytes: number): Promise<void> {
  if (bytes > PART_BYTES) await uploadInParts(client, at, file, { bytes, atLeast: PART_BYTES })
  else await client.send(new PutObjectCommand({ ...at, Body: await file.readFile() }))
}

async function list(client: S3Client, bucket: string, prefix: string): Promise<S3Object[]> {
  const found: S3Object[] = []
  for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key, Size = 0, LastModified = new Date(0) } of page.Contents ?? [])
      // A key that ends so is what some tools leave for an empty folder.
      if (Key !== undefined && !Key.endsWith('/'))
        found.push({ key: Key, bytes: Size, modifiedAt: LastModified })
  return found
}

async function remove(client: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  for (let start = 0; start < keys.length; start += DELETED_AT_ONCE) {
    const Objects = keys.slice(start, start + DELETED_AT_ONCE).map((Key) => ({ Key }))
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    )
    const kept = Errors.find(({ Code }) => Code !== 'NoSuchKey')
    if (kept) throw Object.assign(new Error(`${kept.Key}: ${kept.Message}`), { name: kept.Code ?? 'Error' })
  }
}
