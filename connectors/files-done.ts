/**
 * Remembers which of any number of files are done in a few kilobytes: files fall into 512 buckets by their path, and a bucket
 * remembers only the sum of its files' prints. A bucket whose sum is still right has nothing new. One that is short of exactly one
 * listed file gets that file read; any other difference (a file changed, several came, one went) gets the bucket read again, which
 * costs time and never truth. No file is missed, whatever its name or age.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import type { ListedFile } from './files-listing.ts'

const bucketCount = 512
const bucketBytes = 6
const modulus = 2 ** 48
const mostRefused = 200

const At = z.strictObject({
  path: z.string(),
  print: z.number(),
  /** Member of an archive, and rows read of it (lines, records). */
  member: z.int(),
  row: z.int(),
})

export const FilesCheckpoint = z.strictObject({
  /** What was done when the running pass began; equal to `done` between passes. */
  before: z.string(),
  done: z.string(),
  /** Files that could not be read at all, under which settings: other settings give them another try. */
  refused: z.array(z.string()),
  settings: z.string(),
  /** The running pass: under which settings, the last finished file, and where the next one stands. */
  pass: z
    .strictObject({
      settings: z.string(),
      upTo: z.string(),
      at: At.nullable(),
      refused: z.array(z.string()),
    })
    .nullable(),
})
export type FilesCheckpoint = z.output<typeof FilesCheckpoint>
export type FilePosition = { readonly member: number; readonly row: number }

/** What is done when nothing has been read. */
export function nothingDone(settings: string): FilesCheckpoint {
  const none = packed(new Float64Array(bucketCount))
  return { before: none, done: none, refused: [], settings, pass: null }
}

/** The pass to go on with, or a new one when everything of the last has been read or has gone. */
export function passOver(
  checkpoint: FilesCheckpoint,
  listing: readonly ListedFile[],
  settings: string,
): Pass {
  const pass = new Pass(checkpoint, listing, settings)
  const left = checkpoint.pass
  if (left === null || left.settings !== settings || pass.todo.length > 0) return pass
  const ended = { ...checkpoint, before: checkpoint.done, refused: left.refused, settings, pass: null }
  return new Pass(ended, listing, settings)
}

/** One walk over everything that is not done, in order of path; can be left and taken up again at any page. */
export class Pass {
  readonly todo: readonly ListedFile[]
  readonly #settings: string
  /** The checkpoint as it was when the pass began. */
  readonly #start: FilesCheckpoint
  readonly #at: z.output<typeof At> | null
  readonly #done: Float64Array
  readonly #refused: Set<string>
  #upTo: string

  constructor(checkpoint: FilesCheckpoint, listing: readonly ListedFile[], settings: string) {
    const running = checkpoint.pass?.settings === settings ? checkpoint.pass : null
    const retried = new Set(checkpoint.settings === settings ? [] : checkpoint.refused)
    const { todo, changed } = compare(unpacked(checkpoint.before), listing, retried)
    this.#settings = settings
    this.#start = checkpoint
    this.#upTo = running?.upTo ?? ''
    this.#at = running?.at ?? null
    this.#refused = new Set(running?.refused ?? checkpoint.refused.filter((file) => !retried.has(file)))
    this.#done = unpacked(running === null ? checkpoint.before : checkpoint.done)
    this.todo = listing.filter((file) => todo.has(file) && file.path > this.#upTo)
    if (running !== null) return
    for (const bucket of changed) this.#done[bucket] = 0
    for (const file of todo)
      if (retried.has(shortOf(file)) && !changed.has(bucketOf(file))) this.#add(file, -1)
  }

  /** Where a file was left, when it is still the same file. */
  startOf(file: ListedFile): FilePosition {
    const at = this.#at
    return at !== null && at.path === file.path && at.print === file.print ? at : { member: 0, row: 0 }
  }

  /** The checkpoint inside a file. */
  inside(file: ListedFile, { member, row }: FilePosition): FilesCheckpoint {
    return this.#running({ path: file.path, print: file.print, member, row })
  }

  /** The checkpoint after a file: done, or refused as a whole. */
  finish(file: ListedFile, refused: boolean): FilesCheckpoint {
    this.#add(file, 1)
    this.#upTo = file.path
    if (refused) this.#refused.add(shortOf(file))
    else this.#refused.delete(shortOf(file))
    if (file !== this.todo.at(-1)) return this.#running(null)
    const done = packed(this.#done)
    const refusals = [...this.#refused].slice(-mostRefused)
    return { before: done, done, refused: refusals, settings: this.#settings, pass: null }
  }

  #running(at: z.output<typeof At> | null): FilesCheckpoint {
    const refused = [...this.#refused].slice(-mostRefused)
    const pass = { settings: this.#settings, upTo: this.#upTo, at, refused }
    return { ...this.#start, done: packed(this.#done), pass }
  }

  #add(file: ListedFile, sign: 1 | -1): void {
    const bucket = bucketOf(file)
    this.#done[bucket] = mod((this.#done[bucket] ?? 0) + sign * file.print)
  }
}

/** What to read, and the buckets of which nothing can be said but "read them again". */
function compare(done: Float64Array, listing: readonly ListedFile[], retried: ReadonlySet<string>) {
  const todo = new Set<ListedFile>(listing.filter((file) => retried.has(shortOf(file))))
  const changed = new Set<number>()
  const buckets = Map.groupBy(listing, bucketOf)
  for (const [bucket, sum] of done.entries()) {
    const files = buckets.get(bucket) ?? []
    const missing = mod(files.reduce((total, file) => mod(total + file.print), 0) - sum)
    if (missing === 0) continue
    const only = files.find((file) => file.print === missing)
    for (const file of only === undefined ? files : [only]) todo.add(file)
    if (only === undefined) changed.add(bucket)
  }
  return { todo, changed }
}

function bucketOf({ id }: ListedFile): number {
  return id % bucketCount
}

function shortOf({ id }: ListedFile): string {
  return id.toString(36)
}

function mod(value: number): number {
  return ((value % modulus) + modulus) % modulus
}

function packed(sums: Float64Array): string {
  const bytes = Buffer.alloc(bucketCount * bucketBytes)
  for (const [bucket, sum] of sums.entries()) bytes.writeUIntBE(sum, bucket * bucketBytes, bucketBytes)
  return deflateRawSync(bytes, { level: 1 }).toString('base64url')
}

function unpacked(text: string): Float64Array {
  const bytes = inflateRawSync(Buffer.from(text, 'base64url'))
  return Float64Array.from({ length: bucketCount }, (_, bucket) =>
    bytes.readUIntBE(bucket * bucketBytes, bucketBytes),
  )
}
