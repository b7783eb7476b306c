/** Where OpenLineage events go: a file, one event a line, or a collector's URL. Neither can fail a build. */
import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RunEvent } from './run-event.ts'

export type LineageTarget = { readonly file: string } | { readonly url: string }

export type DestinationOptions = {
  /** Told once, when events cannot be delivered; never the path or parameters of a URL. */
  readonly warn: (message: string) => void
  readonly now: () => Date
  readonly fetch?: typeof fetch
}

/** How long a collector may take, and how long it is left alone when it failed: builds do not wait for it again and again. */
const patience = { answerMs: 5_000, pauseMs: 60_000 }

/** A function that delivers an event or, when that fails, drops it; it never rejects. */
export function lineageDestination(
  target: LineageTarget,
  { warn, now, fetch = globalThis.fetch }: DestinationOptions,
): (event: RunEvent) => Promise<void> {
  const deliver = 'file' in target ? appendTo(target.file) : postTo(target.url, fetch)
  let warned = false
  let resumesAt = 0
  return async (event) => {
    if (now().getTime() < resumesAt) return
    try {
      await deliver(event)
    } catch (error) {
      resumesAt = now().getTime() + patience.pauseMs
      if (!warned) warn(undelivered(target, error))
      warned = true
    }
  }
}

function appendTo(file: string) {
  return async (event: RunEvent) => {
    await mkdir(dirname(file), { recursive: true })
    await appendFile(file, `${JSON.stringify(event)}\n`)
  }
}

/** A name and password in the URL become a header, since `fetch` refuses them in their place. */
function postTo(target: string, post: typeof fetch) {
  const url = new URL(target)
  const login = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)
  const authorization = url.username === '' ? {} : { authorization: `Basic ${login.toString('base64')}` }
  Object.assign(url, { username: '', password: '' })
  return async (event: RunEvent) => {
    const answer = await post(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(patience.answerMs),
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`it answered ${answer.status}`)
  }
}

function undelivered(target: LineageTarget, error: unknown): string {
  const where = 'file' in target ? target.file : new URL(target.url).origin
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error ? cause.message : String(cause)
  return `[openlineage] events do not reach ${where}: ${reason}; builds go on without them, check SAYDO_OPENLINEAGE.`
}
