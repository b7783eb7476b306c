/** One thing that every connector must do: a sentence, and how it is looked at. */
import { expect } from 'vitest'
import type { Stream } from './connector.ts'
import type { Outcome, Reader } from './conformance-subject.ts'

/** Throws when the connector before the reader does not do it. Needs a fresh subject. */
export type Check = { readonly title: string; readonly run: (reader: Reader) => void | Promise<void> }

/** Every stream, read whole and without an error. */
export async function eachStream(
  { streams, read }: Reader,
  look: (stream: Stream, whole: Outcome) => void | Promise<void>,
): Promise<void> {
  for (const stream of streams) {
    const whole = await read(stream)
    expect(whole.error, stream.name).toBeUndefined()
    await look(stream, whole)
  }
}
