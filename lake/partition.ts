/** A partition: rows of a model that are built together, found again by their fingerprint, and never changed. */
import { z } from 'zod'
import { DayContents } from './content.ts'

/** Which rows a partition holds: all, a half-open span of days of the model's time column, those without a time, one bucket of a key, or what a table built whole gained since. */
export type PartitionKey =
  | { readonly is: 'whole' }
  | { readonly is: 'span'; readonly from: string; readonly to: string }
  | { readonly is: 'undated' }
  | { readonly is: 'bucket'; readonly bucket: number; readonly of: number }
  | { readonly is: 'grown'; readonly nth: number }

const Key =
  /^(?:(whole)|(undated)|(\d{4,6}-\d\d-\d\d)_(\d{4,6}-\d\d-\d\d)|bucket-(\d+)-of-(\d+)|grown-(\d+))$/

/** `whole`, `2024-03-01_2024-04-01`, `undated`, `bucket-3-of-16`, `grown-2`. */
export function keyText(key: PartitionKey): string {
  if (key.is === 'span') return `${key.from}_${key.to}`
  if (key.is === 'grown') return `grown-${key.nth}`
  return key.is === 'bucket' ? `bucket-${key.bucket}-of-${key.of}` : key.is
}

export function keyOf(text: string): PartitionKey {
  const [, whole, undated, from, to, bucket, of, nth] = Key.exec(text) ?? []
  if (whole) return { is: 'whole' }
  if (undated) return { is: 'undated' }
  if (from && to) return { is: 'span', from, to }
  if (bucket && of) return { is: 'bucket', bucket: Number(bucket), of: Number(of) }
  if (nth) return { is: 'grown', nth: Number(nth) }
  throw new Error(`[lake] ${JSON.stringify(text)} names no partition.`)
}

/** A file of the lake that can be told from a damaged one. */
export const LakeFile = z.object({
  /** Relative to the lake's root. */
  path: z.string(),
  bytes: z.int(),
  sha256: z.string(),
})
export type LakeFile = z.infer<typeof LakeFile>

export const Partition = z.object({
  model: z.string(),
  fingerprint: z.string(),
  key: z.string(),
  /** The rows; several files where closed days were joined. */
  files: z.array(LakeFile),
  /** One row per row: hashes of the row, of its grain and of each looked-up key. */
  index: z.array(LakeFile),
  rows: z.int(),
  days: DayContents,
  /** What the fingerprint is the hash of, beside the key: the model's own definition, and the content of what is read of each input. */
  madeOf: z.object({ code: z.string(), inputs: z.record(z.string(), z.string()) }),
  builtAt: z.string(),
})
export type Partition = z.infer<typeof Partition>

export function bytesOf({ files }: Partition): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}
