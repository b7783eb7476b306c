/** What one partition reads of one input: the slice that its query sees, and the content its fingerprint depends on. */
import { addDays } from '#lake/calendar.ts'
import { type Content, contentText, nothing } from '#lake/content.ts'
import type { RowFilter, Slice } from '#lake/engine.ts'
import type { PartitionKey } from '#lake/partition.ts'
import type { Reading } from '#models/partition.ts'
import type { InputTable, Piece } from './input-table.ts'

/** The keys a lookup found in a partition, and where they occur. */
export type FoundKeys = {
  /** That holds them, relative to the lake's root; null when there was nothing to look them up in. */
  readonly file: string | null
  readonly pieces: ReadonlySet<Piece>
  readonly content: Content
}

/** Of each reading that is a lookup, in order. */
export type Lookups = readonly FoundKeys[]

/** The span of days a reading sees, or `undated`; undefined when it is not by time. */
function spanOf(reading: Reading, key: PartitionKey) {
  if (reading.read !== 'same' && reading.read !== 'window') return undefined
  if (key.is === 'undated') return reading.read === 'same' ? ('undated' as const) : undefined
  if (key.is !== 'span') return undefined
  if (reading.read === 'same') return { from: key.from, to: key.to }
  return {
    from: reading.from === null ? null : addDays(key.from, reading.from),
    to: reading.to === null ? null : addDays(key.to, reading.to),
  }
}

/** As text, for the fingerprint. */
export function contentRead(
  input: InputTable,
  readings: readonly Reading[],
  { key, bucketKey, lookups }: Pick<SliceOptions, 'key' | 'bucketKey' | 'lookups'>,
): string {
  const found = [...lookups]
  const contents = readings.map((reading): Content => {
    if (reading.read === 'all') return input.timeline.total
    if (reading.read === 'lookup') return found.shift()?.content ?? nothing
    if (key.is === 'bucket') return bucketContent(input, key, bucketKey)
    const span = spanOf(reading, key)
    if (span === undefined) return key.is === 'whole' ? input.timeline.total : nothing
    return span === 'undated' ? input.timeline.undated : input.timeline.between(span.from, span.to)
  })
  return contents.map(contentText).join(' ')
}

type Bucket = Extract<PartitionKey, { is: 'bucket' }>

function bucketContent(input: InputTable, key: Bucket, bucketKey: string | undefined): Content {
  return isCutAlike(input, key, bucketKey) ? input.contentOfBucket(key.bucket) : input.timeline.total
}

function isCutAlike({ bucketed }: InputTable, { of }: Bucket, bucketKey: string | undefined): boolean {
  return bucketed !== null && bucketed.of === of && bucketed.key === bucketKey
}

export type SliceOptions = {
  readonly readings: readonly Reading[]
  readonly key: PartitionKey
  /** The key of the model's own buckets. */
  readonly bucketKey: string | undefined
  readonly lookups: Lookups
  readonly absolute: (path: string) => string
}

/** Exactly the rows that the readings name, and the pieces they are in. */
export function sliceRead(input: InputTable, options: SliceOptions): { slice: Slice; pieces: Piece[] } {
  const { readings, key, bucketKey, absolute } = options
  const found = [...options.lookups]
  const filters: RowFilter[] = []
  const chosen = new Set<Piece>()
  let everything = false
  for (const reading of readings) {
    const part = partOf(input, reading, { key, bucketKey, found, absolute })
    for (const piece of part.pieces) chosen.add(piece)
    if (part.filter === undefined) everything = true
    else filters.push(part.filter)
  }
  const pieces = input.pieces.filter((piece) => chosen.has(piece))
  const only = everything || allInside(pieces, filters) ? undefined : filters
  return { slice: sliceOver(input, pieces, only, absolute), pieces }
}

export function sliceOver(
  { table, columns, landed }: InputTable,
  pieces: readonly Piece[],
  only: readonly RowFilter[] | undefined,
  absolute: (path: string) => string,
): Slice {
  const paths = pieces.flatMap((piece) => (piece.rows > 0 ? piece.files.map(({ path }) => path) : []))
  const replaced =
    landed?.replaced && paths.some((path) => landed.files.has(path)) ? [landed.replaced.path] : []
  return {
    table,
    columns,
    files: paths.map(absolute),
    ...(only && { only }),
    ...(landed ? { landed: { replaced: replaced.map(absolute) } } : { exact: true }),
  }
}

type Place = Pick<SliceOptions, 'key' | 'bucketKey' | 'absolute'> & { readonly found: FoundKeys[] }

function partOf(
  input: InputTable,
  reading: Reading,
  { key, bucketKey, found, absolute }: Place,
): { pieces: Iterable<Piece>; filter?: RowFilter } {
  if (reading.read === 'all' || key.is === 'whole') {
    if (reading.read !== 'lookup') return { pieces: input.pieces }
  }
  if (reading.read === 'lookup') {
    const keys = found.shift()
    return {
      pieces: keys?.pieces ?? [],
      filter: { by: 'keys', column: reading.key, files: keys?.file ? [absolute(keys.file)] : [] },
    }
  }
  if (key.is === 'bucket') return bucketPart(input, key, bucketKey ?? '')
  const span = spanOf(reading, key)
  const column = input.time ?? ''
  if (span === undefined)
    return { pieces: [], filter: { by: 'span', column, from: '0001-01-01', to: '0001-01-01' } }
  if (span === 'undated')
    return { pieces: input.pieces.filter(({ undated }) => undated), filter: { by: 'undated', column } }
  return {
    pieces: input.pieces.filter((piece) => overlaps(piece, span.from, span.to)),
    filter: { by: 'span', column, ...span },
  }
}

function bucketPart(input: InputTable, key: Bucket, bucketKey: string) {
  if (isCutAlike(input, key, bucketKey))
    return {
      pieces: input.pieces.filter((piece) => piece.key?.is === 'bucket' && piece.key.bucket === key.bucket),
    }
  return {
    pieces: input.pieces,
    filter: { by: 'bucket' as const, key: bucketKey, bucket: key.bucket, of: key.of },
  }
}

function overlaps({ from, to }: Piece, start: string | null, end: string | null): boolean {
  return from !== null && to !== null && (end === null || from < end) && (start === null || to >= start)
}

/** Whether one span lets every row of the pieces through, so that nothing needs to be filtered. */
function allInside(pieces: readonly Piece[], filters: readonly RowFilter[]): boolean {
  const [filter] = filters
  if (filters.length !== 1 || filter?.by !== 'span') return false
  return pieces.every(
    ({ from, to, undated }) =>
      !undated &&
      from !== null &&
      to !== null &&
      (filter.from === null || from >= filter.from) &&
      (filter.to === null || to < filter.to),
  )
}
