/** A large file to S3 in parts; it appears when the last one is there, or not at all. */
import type { FileHandle } from 'node:fs/promises'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompletedPart,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/** S3 takes no more. */
const MOST_PARTS = 10_000

type At = { readonly Bucket: string; readonly Key: string }

export async function uploadInParts(
  client: S3Client,
  at: At,
  file: FileHandle,
  { bytes, atLeast }: { readonly bytes: number; readonly atLeast: number },
): Promise<void> {
  const size = Math.max(atLeast, Math.ceil(bytes / MOST_PARTS))
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'CRC32' }),
  )
  const upload = { ...at, UploadId }
  try {
    const Parts: CompletedPart[] = []
    for (let start = 0; start < bytes; start += size) {
      const Body = await chunk(file, start, Math.min(size, bytes - start))
      const PartNumber = Parts.length + 1
      const { ETag, ChecksumCRC32 } = await client.send(
        new UploadPartCommand({ ...upload, PartNumber, Body, ChecksumAlgorithm: 'CRC32' }),
      )
      Parts.push({ PartNumber, ETag, ChecksumCRC32 })
    }
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
  } catch (error) {
    // The reason is told, also where giving up fails; a bucket's lifecycle rule clears away what stays.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  }
}

async function chunk(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled)
    if (bytesRead === 0) throw new Error('[lake] a file became shorter while it was uploaded.')
    filled += bytesRead
  }
  return buffer
}
