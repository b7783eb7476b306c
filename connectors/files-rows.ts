/** Reads the rows of a member, whatever its format, as written values under the stream's column names. */
import type { StreamSettings } from './files-config.ts'
import { csvRecords, type Dialect } from './files-csv.ts'
import { decoded, FileDamaged, hasBrokenBytes, unmarked } from './files-decode.ts'
import { type Detected, EncodingDetector } from './files-encoding.ts'
import { type Heading, headingOf } from './files-heading.ts'
import type { FilePosition } from './files-done.ts'
import type { ListedFile } from './files-listing.ts'
import { type Member, membersOf } from './files-open.ts'
import { parquetRows } from './files-parquet.ts'

/** A row, or what stood in its place. */
export type Row = {
  readonly line: number
  readonly record?: Readonly<Record<string, unknown>>
  readonly unreadable?: { readonly raw: unknown; readonly reason: string }
}

/** A row with where it was found, and the position after it. `refusal`: the rest of the member cannot be read, `row` says why. */
export type FoundRow = {
  readonly member: string
  readonly row: Row
  readonly position: FilePosition
  readonly refusal: boolean
}

/** Rows of all members of a file from a position on; a member that cannot be read does not keep the others back. */
export async function* rowsFrom(
  file: ListedFile,
  stream: StreamSettings,
  start: FilePosition,
): AsyncGenerator<FoundRow> {
  let member = -1
  try {
    for await (const opened of membersOf(file, stream.match)) {
      member += 1
      if (member < start.member) continue
      yield* rowsOfMember(opened, member, stream, member === start.member ? start.row : 0)
    }
  } catch (error) {
    yield refusalOf(file.path, { member: member + 1, row: 0 }, 0, error)
  }
}

async function* rowsOfMember(
  member: Member,
  index: number,
  stream: StreamSettings,
  skip: number,
): AsyncGenerator<FoundRow> {
  let count = 0
  let line = 0
  try {
    for await (const row of rowsOf(member, stream)) {
      count += 1
      line = row.line
      if (count <= skip) continue
      yield { member: member.name, row, position: { member: index, row: count }, refusal: false }
    }
  } catch (error) {
    yield refusalOf(member.name, { member: index + 1, row: 0 }, line + 1, error)
  }
}

function refusalOf(member: string, position: FilePosition, line: number, error: unknown): FoundRow {
  if (!(error instanceof FileDamaged)) throw error
  const reason = `the file is refused${line > 1 ? ' from here on' : ''}: ${error.message}`
  return {
    member,
    row: { line: Math.max(1, line), unreadable: { raw: null, reason } },
    position,
    refusal: true,
  }
}

/** Rows in the order of the file. Throws FileDamaged where the whole file, or its rest, cannot be read. */
async function* rowsOf(member: Member, stream: StreamSettings): AsyncGenerator<Row> {
  const format = stream.format ?? formatOf(member.plainName)
  if (format === 'parquet') yield* parquetRows(member, stream)
  else yield* textRows(member, stream, format)
}

async function* textRows(
  member: Member,
  stream: StreamSettings,
  format: 'csv' | 'tsv' | 'jsonl',
): AsyncGenerator<Row> {
  const { encoding, skip } = await encodingOf(member, stream)
  const pieces = decoded(member.bytes(), encoding, skip)
  if (format === 'jsonl') yield* jsonRows(pieces, stream, encoding)
  else yield* csvRows(pieces, stream, dialectOf(stream, format), encoding)
}

function formatOf(name: string): 'csv' | 'tsv' | 'jsonl' | 'parquet' {
  const extension = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase()
  if (extension === 'csv' || extension === 'tsv' || extension === 'jsonl' || extension === 'parquet')
    return extension
  if (extension === 'ndjson') return 'jsonl'
  if (extension === 'txt') return 'csv'
  throw new FileDamaged('its name ends in none of csv, tsv, jsonl, parquet; say which `format` it has')
}

function dialectOf(stream: StreamSettings, format: 'csv' | 'tsv'): Dialect {
  const tabs = format === 'tsv'
  return { delimiter: stream.delimiter ?? (tabs ? '\t' : ','), quote: stream.quote, multiline: !tabs }
}

async function encodingOf(member: Member, { encoding }: StreamSettings): Promise<Detected> {
  const detector = new EncodingDetector()
  for await (const chunk of member.bytes()) if (detector.watch(chunk) || encoding !== 'auto') break
  const detected = detector.result()
  if (encoding !== 'auto') {
    const wide = detected?.encoding === 'utf-16be' ? 'utf-16be' : 'utf-16le'
    const named = encoding === 'gbk' ? 'gb18030' : encoding === 'utf-16' ? wide : encoding
    return { encoding: named, skip: detected?.encoding === named ? detected.skip : 0 }
  }
  if (detected !== null) return detected
  throw new FileDamaged(
    'its encoding cannot be told (neither UTF-8, UTF-16 nor GB18030 fits its bytes); set `encoding`',
  )
}

async function* csvRows(
  pieces: AsyncIterable<string>,
  stream: StreamSettings,
  dialect: Dialect,
  encoding: string,
): AsyncGenerator<Row> {
  let heading: Heading | null = stream.header === undefined ? null : headingOf(stream.header, stream, 1)
  let above = stream.skipLines
  for await (const read of csvRecords(pieces, dialect)) {
    if (above > 0) above -= 1
    else if (read.problem !== undefined) {
      if (heading === null) throw new FileDamaged(`its heading line is damaged: ${read.problem}`)
      yield { line: read.line, unreadable: { raw: unmarked(read.raw), reason: read.problem } }
    } else if (heading === null) heading = headingOf(read.fields, stream, read.line)
    else yield rowOf(read.line, read.fields, heading, encoding)
  }
  if (heading === null) throw new FileDamaged('it is empty: there is no heading line')
}

function rowOf(line: number, fields: readonly string[], heading: Heading, encoding: string): Row {
  const reason = fields.some(hasBrokenBytes)
    ? `contains bytes that are not valid ${encoding}`
    : heading.raggedness(fields)
  const values = fields.map(unmarked)
  return reason === null
    ? { line, record: heading.record(values) }
    : { line, unreadable: { raw: values, reason } }
}

async function* jsonRows(
  pieces: AsyncIterable<string>,
  stream: StreamSettings,
  encoding: string,
): AsyncGenerator<Row> {
  let line = 0
  for await (const piece of pieces)
    for (const written of piece.split('\n').slice(0, piece.endsWith('\n') ? -1 : undefined)) {
      line += 1
      if (written.trim() !== '') yield jsonRow(line, written, stream, encoding)
    }
}

function jsonRow(line: number, written: string, stream: StreamSettings, encoding: string): Row {
  const raw = unmarked(written.trim())
  if (hasBrokenBytes(written))
    return { line, unreadable: { raw, reason: `contains bytes that are not valid ${encoding}` } }
  const value = jsonOf(raw)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { line, unreadable: { raw, reason: 'is not a JSON object' } }
  return objectRow(line, value as Record<string, unknown>, stream)
}

function objectRow(line: number, value: Record<string, unknown>, stream: StreamSettings): Row {
  const record: Record<string, unknown> = {}
  const taken = new Set<string>()
  for (const [name, { from }] of Object.entries(stream.columns)) {
    const written = [from ?? name].flat()
    const found = written.find((path) => at(value, path) !== undefined)
    for (const path of written) taken.add(path.split('.')[0] ?? path)
    record[name] = found === undefined ? null : at(value, found)
  }
  const others = Object.entries(value).filter(([key]) => !taken.has(key))
  if (stream.others === 'refuse' && others.length > 0) {
    const names = others.map(([key]) => key).join(', ')
    return { line, unreadable: { raw: value, reason: `has fields that no column names: ${names}` } }
  }
  return { line, record: stream.others === 'drop' ? record : { ...Object.fromEntries(others), ...record } }
}

function at(value: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(value, path)) return value[path]
  return path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
      ? (inner as Record<string, unknown>)[key]
      : undefined
  }, value)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
