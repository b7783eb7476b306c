/** File drops: CSV, TSV, JSON Lines and Parquet below a folder, packed or not, in the encodings shops and spreadsheets really write. */
import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { defineConnector } from './connector.ts'
import type { Privacy, ReadRequest, SourceEvent, Stream, Unreadable } from './connector.ts'
import { type FilesConfig as Config, FilesConfig, type StreamSettings } from './files-config.ts'
import { FilesCheckpoint, nothingDone, type Pass, passOver } from './files-done.ts'
import { type ListedFile, listFiles } from './files-listing.ts'
import { readerOf, recordOf } from './files-record.ts'
import { type Row, rowsFrom } from './files-rows.ts'
import { SourceRejected, SourceUnavailable } from './source-error.ts'

export const files = defineConnector({
  name: 'files',
  title: { en: 'Files', zh: '文件' },
  kind: 'files',
  config: FilesConfig,
  secrets: [],
  streams: (config) => Object.entries(config.streams).map(([name, stream]) => streamOf(name, stream)),
  check: ({ source, config }) => expectFolder(source, config.folder),
  read: ({ source, config }, request) => readStream(source, config, request),
})

function streamOf(name: string, stream: StreamSettings): Stream {
  return {
    name,
    record: recordOf(stream),
    primaryKey: stream.key,
    ...(stream.cursorField !== undefined && { cursorField: stream.cursorField }),
    ...(stream.eventTime !== undefined && { eventTime: stream.eventTime }),
    checkpoint: FilesCheckpoint,
    privacy: Object.fromEntries(
      Object.entries(stream.privacy).map(([column, policy]) => [column, privacyOf(policy)]),
    ),
  }
}

function privacyOf(policy: StreamSettings['privacy'][string]): Privacy {
  return policy === 'email' || policy === 'phone' || policy === 'id'
    ? { policy: 'hash', as: policy }
    : { policy }
}

async function expectFolder(source: string, folder: string): Promise<void> {
  const known = await stat(folder).catch(() => null)
  if (known?.isDirectory() === true) return
  const what = known === null ? 'does not exist' : 'is not a folder'
  throw new SourceRejected(`${folder} ${what}; set \`folder\` to where the files are laid down.`, { source })
}

async function* readStream(
  source: string,
  config: Config,
  { stream: name, slice, checkpoint, signal }: ReadRequest,
): AsyncGenerator<SourceEvent> {
  const stream = config.streams[name]
  if (stream === undefined) throw new SourceRejected(`has no stream ${JSON.stringify(name)}.`, { source })
  await expectFolder(source, config.folder)
  const settings = createHash('sha256').update(JSON.stringify(stream)).digest('base64url').slice(0, 12)
  const state = checkpoint === null ? nothingDone(settings) : FilesCheckpoint.parse(checkpoint)
  const pass = passOver(state, await listFiles(config.folder, stream.match), settings)
  const isInside = windowOf(source, name, stream, slice)
  for (const file of pass.todo) {
    const pages = readFile(file, stream, pass, isInside, config.pageSize, signal)
    yield* orWhyNot(source, file, pages)
  }
}

async function* readFile(
  file: ListedFile,
  stream: StreamSettings,
  pass: Pass,
  isInside: (row: Row) => boolean,
  pageSize: number,
  signal: AbortSignal,
): AsyncGenerator<SourceEvent> {
  let page = emptyPage()
  let refused = false
  for await (const { member, row, position, refusal } of rowsFrom(file, stream, pass.startOf(file))) {
    signal.throwIfAborted()
    if (refusal) refused = true
    if (refusal || isInside(row)) add(page, member, row)
    if (page.records.length + page.unreadable.length < pageSize || refusal) continue
    yield pageOf(page, pass.inside(file, position))
    page = emptyPage()
  }
  yield pageOf(page, pass.finish(file, refused))
}

type Page = {
  readonly records: unknown[]
  readonly unreadable: Unreadable[]
  readonly positionOf: (index: number) => string
  readonly places: { readonly member: string; readonly line: number }[]
}

function emptyPage(): Page {
  const places: Page['places'] = []
  const positionOf = (index: number): string => `${places[index]?.member}:${places[index]?.line}`
  return { records: [], unreadable: [], places, positionOf }
}

function pageOf({ records, unreadable, positionOf }: Page, checkpoint: FilesCheckpoint): SourceEvent {
  return { type: 'page', records, unreadable, positionOf, checkpoint }
}

function add(
  { records, unreadable, places }: Page,
  member: string,
  { record, unreadable: what, line }: Row,
): void {
  if (record !== undefined) {
    records.push(record)
    places.push({ member, line })
  }
  if (what !== undefined) unreadable.push({ ...what, position: `${member}:${line}` })
}

/** A file that vanishes or may not be read is the machine's fault, not the file's: the next run tries again. */
async function* orWhyNot(
  source: string,
  file: ListedFile,
  pages: AsyncIterable<SourceEvent>,
): AsyncGenerator<SourceEvent> {
  try {
    yield* pages
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'EACCES' || code === 'EPERM')
      throw new SourceRejected(`may not read ${file.path} (${code}); give this user the right to.`, {
        source,
        cause: error,
      })
    if (!/^E[A-Z]+$/.test(code)) throw error
    throw new SourceUnavailable(`could not read ${file.path} (${code}).`, { source, cause: error })
  }
}

/** Rows belong to a window by their event time; what has none that can be read belongs to the window without a beginning. */
function windowOf(
  source: string,
  name: string,
  stream: StreamSettings,
  { from, to }: ReadRequest['slice'],
): (row: Row) => boolean {
  if (from === undefined && to === undefined) return () => true
  const column = stream.eventTime === undefined ? undefined : stream.columns[stream.eventTime]
  if (column === undefined)
    throw new SourceRejected(`stream ${name} cannot be cut by time; name its \`eventTime\` column.`, {
      source,
    })
  const read = readerOf(column, stream)
  const [earliest, end] = [Date.parse(from ?? ''), Date.parse(to ?? '')]
  return ({ record }) => {
    const result = record === undefined ? null : read(record[stream.eventTime ?? ''])
    const at = result !== null && 'value' in result ? Date.parse(String(result.value)) : Number.NaN
    if (Number.isNaN(at)) return from === undefined
    return !(at < earliest) && !(at >= end)
  }
}
