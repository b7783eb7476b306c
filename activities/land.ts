/** The verb `land`: pull one stream through its connector and commit what comes, exactly once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Checkpoint, Connector, ConnectorContext, SourceEvent, Stream } from '#connectors/connector.ts'
import { SourceLimited } from '#connectors/source-error.ts'
import type { FlushLimits, Lake, LoadRequest } from '#lake/landing.ts'
import { Load, Overtaken, openLoad } from '#lake/load.ts'
import type { Activities, LandInput, LandResult, StreamRef } from './index.ts'
import { orDue } from './next-event.ts'
import { createNoteSync } from './note-sync.ts'
import { createPageParser, landingStream } from './parse-page.ts'
import type { PageParser } from './parse-page.ts'
import type { Privacy } from './privacy.ts'
import { streamOf } from './stream-of.ts'
import type { OpenSources } from './stream-of.ts'

/** What an attempt heartbeats: counts only. */
export type LandProgress = StreamRef & {
  readonly pages: number
  /** Read so far by this attempt, committed or not. */
  readonly rows: number
  readonly rejected: number
  /** What the source expects to send; absent when it does not say. */
  readonly expected?: number
}

export type LandDeps = {
  readonly lake: Lake
  readonly privacy: Privacy
  readonly sources: OpenSources
  /** Of the activity that is running. */
  readonly attempt: () => {
    readonly signal: AbortSignal
    readonly heartbeat: (progress: LandProgress) => void
  }
  /** How long one call may take before it answers `more`; 10 minutes. */
  readonly budgetMs?: number
  readonly limits?: Partial<FlushLimits>
}

const BUDGET_MS = 10 * 60_000
const LIVENESS_MS = 5000
/** A longer wait is the workflow's. */
const LONGEST_SLEEP_MS = 60_000
const CHECKPOINT_BYTES = 16 * 1024

/** `land` and `noteSync` over one lake and the project's sources. */
export function createLand(deps: LandDeps): Pick<Activities, 'land' | 'noteSync'> {
  return {
    land: (input) => new Landing(deps, input).run(),
    noteSync: createNoteSync(deps.lake),
  }
}

/** How one reading of the source ended. */
type Ending =
  | { readonly status: 'done' | 'more' | 'again' }
  | { readonly status: 'waiting'; readonly until: Date }

class Landing {
  readonly #deps: LandDeps
  readonly #input: LandInput
  readonly #connector: Connector
  readonly #context: ConnectorContext
  readonly #stream: Stream
  readonly #parser: PageParser
  readonly #signal: AbortSignal
  readonly #heartbeat: (progress: LandProgress) => void
  readonly #deadline: number
  readonly #committed = { rows: 0, rejected: 0, files: 0 }
  #progress: LandProgress

  constructor(deps: LandDeps, input: LandInput) {
    const { connector, context, stream } = streamOf(deps.sources, input)
    this.#deps = deps
    this.#input = input
    this.#connector = connector
    this.#context = context
    this.#stream = stream
    this.#parser = createPageParser(input.source, stream, deps.privacy)
    const { signal, heartbeat } = deps.attempt()
    this.#signal = signal
    this.#heartbeat = heartbeat
    this.#deadline = performance.now() + (deps.budgetMs ?? BUDGET_MS)
    this.#progress = { source: input.source, stream: input.stream, pages: 0, rows: 0, rejected: 0 }
  }

  async run(): Promise<LandResult> {
    const liveness = setInterval(() => this.#heartbeat(this.#progress), LIVENESS_MS)
    try {
      for (;;) {
        const ending = await this.#readOnce()
        if (ending.status === 'again') continue
        const until = ending.status === 'waiting' ? { until: ending.until.toISOString() } : {}
        return { status: ending.status, ...until, ...this.#committed }
      }
    } finally {
      clearInterval(liveness)
    }
  }

  /** From the committed checkpoint until the source ends, time is up, or another attempt turns out to be faster. */
  async #readOnce(): Promise<Ending> {
    const load = await openLoad(this.#deps.lake, this.#loadRequest())
    const reading = new AbortController()
    const signal = AbortSignal.any([this.#signal, reading.signal])
    try {
      const events = this.#connector.read(this.#context, {
        stream: this.#stream.name,
        slice: this.#input.slice,
        checkpoint: this.#checkpointOf(load),
        signal,
      })
      const ending = await this.#takeAll(events[Symbol.asyncIterator](), load, signal)
      await (ending.status === 'done' ? load.finish() : load.flush())
      return ending
    } catch (error) {
      return await this.#endingOf(error, load)
    } finally {
      reading.abort()
      await load.abort()
      this.#committed.rows += load.totals.rows
      this.#committed.rejected += load.totals.rejected
      this.#committed.files += load.totals.files
    }
  }

  async #takeAll(events: AsyncIterator<SourceEvent>, load: Load, signal: AbortSignal): Promise<Ending> {
    for (;;) {
      const next = events.next()
      let answer = await orDue(next, load.dueIn(), signal)
      while (answer === 'due') {
        await load.flush()
        answer = await orDue(next, load.dueIn(), signal)
      }
      if (answer.done) return { status: 'done' }
      const ending = await this.#take(answer.value, load)
      if (ending) return ending
      if (performance.now() > this.#deadline) return { status: 'more' }
    }
  }

  async #take(event: SourceEvent, load: Load): Promise<Ending | null> {
    switch (event.type) {
      case 'page': {
        const page = this.#parser.page(event, this.#progress.pages + 1)
        this.#checkCheckpoint(event.checkpoint, page.checkpoint)
        this.#count(page.rows.length, page.rejected?.length ?? 0)
        await load.add(page)
        return null
      }
      case 'deleted': {
        const page = this.#parser.deleted(event)
        this.#checkCheckpoint(event.checkpoint, page.checkpoint)
        this.#count(page.rows.length, 0)
        await load.add(page)
        return null
      }
      case 'schema':
        await load.note(event.fields)
        return null
      case 'stats':
        this.#progress = { ...this.#progress, expected: event.expected }
        this.#heartbeat(this.#progress)
        return null
      default:
        return this.#waitUntil(event.until)
    }
  }

  /** Short waits are slept here; long ones are handed to the workflow, which needs no worker for them. */
  async #waitUntil(until: Date): Promise<Ending | null> {
    const wait = until.getTime() - this.#deps.lake.now().getTime()
    if (wait > LONGEST_SLEEP_MS) return { status: 'waiting', until }
    await sleep(Math.max(0, wait), undefined, { signal: this.#signal })
    return null
  }

  /** An error ends the reading, but pages that came whole before it are kept. */
  async #endingOf(error: unknown, load: Load): Promise<Ending> {
    if (error instanceof Overtaken) return { status: 'again' }
    if (this.#signal.aborted) throw error
    try {
      await load.flush()
    } catch (failure) {
      if (failure instanceof Overtaken) return { status: 'again' }
      throw failure
    }
    if (!(error instanceof SourceLimited)) throw error
    return (await this.#waitUntil(error.until)) ?? { status: 'again' }
  }

  #count(rows: number, rejected: number): void {
    const { pages, rows: before, rejected: rejectedBefore } = this.#progress
    this.#progress = {
      ...this.#progress,
      pages: pages + 1,
      rows: before + rows,
      rejected: rejectedBefore + rejected,
    }
    this.#heartbeat(this.#progress)
  }

  #loadRequest(): LoadRequest {
    const { from = '', to = '' } = this.#input.slice
    const isWindow = from !== '' || to !== ''
    return {
      stream: landingStream(this.#input.source, this.#stream),
      kind: isWindow ? 'window' : 'sync',
      slice: isWindow ? `${from}/${to}` : '',
      ingestDate: this.#input.ingestDate,
      ...(this.#deps.limits && { limits: this.#deps.limits }),
    }
  }

  #checkpointOf(load: Load): Checkpoint | null {
    if (load.checkpoint === null) return null
    const parsed = this.#stream.checkpoint.safeParse(JSON.parse(load.checkpoint))
    if (parsed.success) return parsed.data
    throw new Error(
      `[${this.#input.source}.${this.#stream.name}] the stored checkpoint is not one this connector understands; it was written by another version. Land the stream's history again as a window, or mend the connector's checkpoint schema.`,
    )
  }

  #checkCheckpoint(checkpoint: Checkpoint, text: string | null): void {
    const where = `[${this.#input.source}.${this.#stream.name}]`
    if (!this.#stream.checkpoint.safeParse(checkpoint).success)
      throw new Error(
        `${where} the connector gave a checkpoint that breaks its own schema; mend the connector.`,
      )
    const bytes = Buffer.byteLength(text ?? '')
    if (bytes > CHECKPOINT_BYTES)
      throw new Error(
        `${where} the connector gave a checkpoint of ${bytes} bytes; expected at most ${CHECKPOINT_BYTES}.`,
      )
  }
}
