/**
 * Landing: pages become committed Parquet files, each page exactly once, whatever fails and however often it is tried.
 * A part is written under `_tmp`, made durable, renamed, and committed together with the cursor by compare-and-set.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { commitPart } from './commit-part.ts'
import type { LandedFile, PartCommit, Rejected, StreamSlice } from './commit-part.ts'
import { eventRange, statisticsText } from './file-statistics.ts'
import { FLUSH_LIMITS } from './landing.ts'
import type { FlushLimits, Lake, LandingPage, LoadRequest } from './landing.ts'
import { loadKey } from './load-key.ts'
import type { FileStats, ParquetSink } from './parquet-sink.ts'
import { cursorType, recordColumns, schemaHash, sinkSchema } from './record-columns.ts'
import { readStreamState } from './stream-state.ts'
import type { StreamState } from './stream-state.ts'

/** Another attempt committed first; open the load again and go on from its checkpoint. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

/** Begin a load, or go on with the one that another attempt left open: read on from its `checkpoint`. */
export async function openLoad(lake: Lake, request: LoadRequest): Promise<Load> {
  const { source, stream } = request.stream
  const state = await readStreamState(lake, { source, stream, slice: request.slice })
  const sink = lake.createSink()
  await sink.open(sinkSchema(request.stream))
  return new Load(lake, request, state, sink)
}

type Part = {
  /** When its first page came; null while it is empty. */
  readonly since: Date | null
  readonly rejected: readonly Rejected[]
  readonly unknownFields: ReadonlySet<string>
  readonly replayed: readonly string[]
}

const EMPTY: Part = { since: null, rejected: [], unknownFields: new Set(), replayed: [] }
const COMMIT_TRIES = 3

export class Load {
  readonly key: string
  /** Where to read on, as JSON; null for the very start. */
  readonly checkpoint: string | null
  /** What this attempt committed. */
  readonly totals = { rows: 0, rejected: 0, files: 0 }
  readonly #lake: Lake
  readonly #request: LoadRequest
  readonly #of: StreamSlice
  readonly #sink: ParquetSink
  readonly #limits: FlushLimits
  #part: Part = EMPTY
  #cursor: string | null
  #committedCursor: string | null
  #version: number
  #next: number
  #isOpen: boolean
  #pending: Promise<void> = Promise.resolve()

  constructor(lake: Lake, request: LoadRequest, state: StreamState, sink: ParquetSink) {
    this.#lake = lake
    this.#request = request
    this.#of = { source: request.stream.source, stream: request.stream.stream, slice: request.slice }
    this.#sink = sink
    this.#limits = { ...FLUSH_LIMITS, ...request.limits }
    this.#version = state.cursor_version
    this.#next = state.next_part
    this.#isOpen = state.load_key !== null
    this.#cursor = this.#committedCursor = this.checkpoint = state.cursor
    const begun = { ...this.#of, generation: state.cursor_version, from: state.cursor }
    this.key = state.load_key ?? loadKey(begun)
  }

  /** Buffer a page; writes a part when it is due, while the next pages are taken. */
  async add(page: LandingPage): Promise<void> {
    await this.#sink.append(page.rows)
    this.#part = {
      since: this.#part.since ?? this.#lake.now(),
      rejected: page.rejected?.length ? [...this.#part.rejected, ...page.rejected] : this.#part.rejected,
      unknownFields: page.unknownFields?.length
        ? new Set([...this.#part.unknownFields, ...page.unknownFields])
        : this.#part.unknownFields,
      replayed: page.replayed?.length ? [...this.#part.replayed, ...page.replayed] : this.#part.replayed,
    }
    this.#cursor = page.checkpoint
    const { rows, bytes } = this.#sink.buffered()
    const isFull =
      rows >= this.#limits.rows ||
      bytes >= this.#limits.bytes ||
      this.#part.rejected.length >= this.#limits.rejected
    if (isFull || this.dueIn() <= 0) await this.#startPart(false)
  }

  /** Remember fields the source announced and the contract does not know; the checkpoint stays. */
  async note(unknownFields: readonly string[]): Promise<void> {
    await this.add({ rows: [], unknownFields, checkpoint: this.#cursor })
  }

  /** Milliseconds until what is buffered should be committed. */
  dueIn(): number {
    if (!this.#part.since) return Infinity
    return this.#part.since.getTime() + this.#limits.milliseconds - this.#lake.now().getTime()
  }

  /** Commit what is buffered; the load stays open. */
  async flush(): Promise<void> {
    if (this.#part.since) await this.#startPart(false)
    await this.#pending
  }

  /** Commit what is buffered and end the load. */
  async finish(): Promise<void> {
    await this.#pending
    if (this.#isOpen || this.#part.since) await this.#startPart(true)
    await this.#pending
    await this.#sink.abort()
  }

  /** Give up what is not committed. */
  async abort(): Promise<void> {
    await this.#sink.abort()
    await this.#pending.catch(() => {})
  }

  async #startPart(last: boolean): Promise<void> {
    await this.#pending
    const part = this.#part
    const { rows, bytes } = this.#sink.buffered()
    this.#part = EMPTY
    if (rows === 0 && isBare(part) && this.#cursor === this.#committedCursor && !(last && this.#isOpen))
      return
    this.#pending = this.#land(part, rows, this.#cursor, last)
    // Awaited before the next part; until then a failure must not count as unhandled.
    this.#pending.catch(() => {})
    // Two heavy parts in memory would be one too many.
    if (bytes >= this.#limits.bytes / 2) await this.#pending
  }

  async #land(part: Part, rows: number, cursor: string | null, last: boolean): Promise<void> {
    const at = part.since ?? this.#lake.now()
    const file = rows > 0 ? await this.#writeFile(rows, at) : null
    const commit: PartCommit = {
      of: this.#of,
      kind: this.#request.kind,
      loadKey: this.key,
      part: this.#next,
      expectedVersion: this.#version,
      cursor: last && this.#request.kind === 'window' ? null : cursor,
      file,
      columns: recordColumns(this.#request.stream),
      rejected: part.rejected,
      unknownFields: [...part.unknownFields],
      replayed: part.replayed,
      last,
      at: this.#lake.now().toISOString(),
    }
    if (!(await this.#commit(commit))) {
      await this.#dropUnlessCommitted(file)
      throw new Overtaken(
        `[lake] another attempt at this load of ${this.#of.source}.${this.#of.stream} was faster.`,
      )
    }
    this.#version += 1
    this.#next += 1
    this.#isOpen = !last
    this.#committedCursor = commit.cursor
    this.totals.rows += rows
    this.totals.rejected += part.rejected.length
    this.totals.files += file ? 1 : 0
  }

  async #writeFile(rows: number, extractedAt: Date): Promise<LandedFile> {
    const { source, stream, columns, eventTime } = this.#request.stream
    const { storage } = this.#lake
    const part = String(this.#next).padStart(5, '0')
    const name = `${this.key.slice(0, 16)}-${part}`
    const temporary = storage.temporary(`${name}-${randomUUID()}.parquet`)
    const schema = schemaHash(recordColumns(this.#request.stream))
    try {
      const stats = await storage.guard(() =>
        this.#sink.flush({
          path: temporary,
          constants: {
            _extracted_at: extractedAt,
            _cursor: cursorType(this.#request.stream) === 'TIMESTAMP' ? this.#lake.now() : null,
            _load_key: this.key,
            _part: this.#next,
            _schema_hash: schema,
          },
          metadata: { load_key: this.key, part: String(this.#next), schema_hash: schema },
        }),
      )
      checkRows(stats, rows)
      await storage.sync(temporary)
      const sha256 = await storage.sha256(temporary)
      const folder = `raw/source=${encodeURIComponent(source)}/stream=${encodeURIComponent(stream)}`
      const path = `${folder}/ingest_date=${this.#request.ingestDate}/${name}-${sha256.slice(0, 8)}.parquet`
      await storage.promote(temporary, path)
      const range = eventRange(stats, columns, eventTime)
      return {
        path,
        rows,
        bytes: stats.bytes,
        sha256,
        schemaHash: schema,
        eventFrom: range.from,
        eventTo: range.to,
        statistics: statisticsText(stats, columns),
      }
    } catch (error) {
      await storage.remove(temporary).catch(() => {})
      throw error
    }
  }

  /** True when the part is committed by this attempt, also when the answer of the database was lost. */
  async #commit(commit: PartCommit): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        return (await commitPart(this.#lake.control, commit)) || (await this.#isCommitted(commit))
      } catch (error) {
        // The cursor's version makes a second try safe: if the first went through after all, the second changes nothing.
        if (attempt === COMMIT_TRIES) throw error
        await sleep(attempt * 100)
      }
    }
  }

  async #isCommitted({ file, part, expectedVersion, cursor }: PartCommit): Promise<boolean> {
    if (!file) return false
    const state = await readStreamState(this.#lake, this.#of)
    if (state.cursor_version !== expectedVersion + 1 || state.cursor !== cursor) return false
    const row = await this.#lake.control.db
      .selectFrom('load_file')
      .select('path')
      .where('load_key', '=', this.key)
      .where('part', '=', part)
      .executeTakeFirst()
    return row?.path === file.path
  }

  async #dropUnlessCommitted(file: LandedFile | null): Promise<void> {
    if (!file) return
    const { control, storage } = this.#lake
    const listed = await control.db
      .selectFrom('load_file')
      .select('path')
      .where('path', '=', file.path)
      .executeTakeFirst()
    if (!listed) await storage.remove(file.path)
  }
}

function isBare(part: Part): boolean {
  return part.rejected.length === 0 && part.replayed.length === 0 && part.unknownFields.size === 0
}

function checkRows(stats: FileStats, expected: number): void {
  if (stats.rows !== expected)
    throw new Error(`[lake] a file of ${expected} rows came out with ${stats.rows}; it was not committed.`)
}
