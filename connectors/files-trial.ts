/** A folder under trial: files laid down for a test, and what the file connector reads of them. */
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Checkpoint, SourceEvent } from './connector.ts'
import { createContext } from './context.ts'
import { files } from './files.ts'

/** Every file, a text key and a whole score. */
export const plain = { match: '**/*', key: ['id'], columns: { id: 'text', score: 'integer' } } as const

/** Rows that fit their record, issues of those that do not (path and message), and what could not be read at all. */
export type Trial = {
  readonly rows: Record<string, unknown>[]
  readonly invalid: string[]
  readonly unreadable: { position: string; reason: string; raw: unknown }[]
  readonly checkpoint: Checkpoint | null
  readonly pages: readonly Page[]
}
type Page = Extract<SourceEvent, { type: 'page' }>

type Options = {
  readonly checkpoint?: Checkpoint | null
  readonly slice?: { readonly from?: string; readonly to?: string }
  readonly pageSize?: number
  /** Break off after so many pages. */
  readonly stopAfter?: number
}

export class TrialFolder {
  readonly path = mkdtempSync(path.join(tmpdir(), 'saydo-files-'))

  /** Lay a file down, last changed at `changedAt` (unix seconds). */
  lay(name: string, content: string | Buffer, changedAt?: number): void {
    const target = path.join(this.path, name)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, content)
    if (changedAt !== undefined) utimesSync(target, changedAt, changedAt)
  }

  async read(stream: object = plain, options: Options = {}): Promise<Trial> {
    const { slice = {}, pageSize = 5_000, stopAfter = Infinity } = options
    const config = files.config.parse({ folder: this.path, streams: { s: stream }, pageSize })
    const context = createContext({
      source: 'drops',
      connector: files,
      config,
      secrets: {},
      random: () => 0.5,
    })
    let checkpoint = options.checkpoint ?? null
    const pages: Page[] = []
    const request = { stream: 's', slice, checkpoint, signal: AbortSignal.timeout(20_000) }
    for await (const event of files.read({ ...context, config }, request)) {
      if (event.type !== 'page') throw new Error(`unexpected ${event.type}`)
      pages.push(event)
      checkpoint = event.checkpoint
      if (pages.length === stopAfter) break
    }
    const record = files.streams(config)[0]?.record
    const parsed = pages.flatMap(({ records }) => records).map((raw) => record?.safeParse(raw))
    return {
      rows: parsed.flatMap((one) => (one?.success === true ? [one.data] : [])),
      invalid: parsed
        .flatMap((one) => one?.error?.issues ?? [])
        .map((issue) => `${issue.path.join('.')}: ${issue.message}`),
      unreadable: pages.flatMap((page) => page.unreadable ?? []),
      checkpoint,
      pages,
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
