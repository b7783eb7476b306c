/** Turns bytes into text a few whole lines at a time, so that a broken character never eats the line end after it. */
import type { Encoding } from './files-encoding.ts'

/** Stands for a character that was U+FFFD in the file itself; U+FFFD from here on means broken bytes. */
const MARKED = '\uFDD0'
const BROKEN = '\uFFFD'
const longestLine = 8 * 1024 * 1024

/** A file that cannot be read any further, and why. */
export class FileDamaged extends Error {
  override readonly name = 'FileDamaged'
}

export function hasBrokenBytes(text: string): boolean {
  return text.includes(BROKEN)
}

/** Gives U+FFFD back to the texts that really contained it. */
export function unmarked(text: string): string {
  return text.includes(MARKED) ? text.replaceAll(MARKED, BROKEN) : text
}

/** Text in pieces that end at a line end (the last may not). Throws FileDamaged at a line longer than 8 MiB. */
export async function* decoded(
  bytes: AsyncIterable<Buffer>,
  encoding: Encoding,
  skip: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { ignoreBOM: true })
  let rest: Buffer = Buffer.alloc(0)
  let toSkip = skip
  for await (const chunk of bytes) {
    const fresh = chunk.subarray(toSkip)
    toSkip = Math.max(0, toSkip - chunk.length)
    const all = rest.length === 0 ? fresh : Buffer.concat([rest, fresh])
    const cut = lastLineEnd(all, encoding)
    if (cut > 0) yield decode(decoder, all.subarray(0, cut), encoding)
    rest = all.subarray(cut)
    if (rest.length > longestLine) throw new FileDamaged('a line is longer than 8 MiB')
  }
  if (rest.length > 0) yield decode(decoder, rest, encoding)
}

function decode(decoder: InstanceType<typeof TextDecoder>, bytes: Buffer, encoding: Encoding): string {
  const text = decoder.decode(bytes)
  if (encoding !== 'utf-8' || !hasBrokenBytes(text)) return text
  return decoder.decode(
    Buffer.from(bytes.toString('latin1').replaceAll('\xef\xbf\xbd', '\xef\xb7\x90'), 'latin1'),
  )
}

/** The index after the last line end: line feed, or in files of old Macs carriage return. */
function lastLineEnd(bytes: Buffer, encoding: Encoding): number {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return lastWideLineEnd(bytes, encoding)
  const feed = bytes.lastIndexOf(0x0a)
  if (feed >= 0) return feed + 1
  // A carriage return at the very end may be the first half of a line end.
  const carriage = bytes.lastIndexOf(0x0d, bytes.length - 2)
  return carriage >= 0 && bytes.length > 65_536 ? carriage + 1 : 0
}

function lastWideLineEnd(bytes: Buffer, encoding: Encoding): number {
  const low = encoding === 'utf-16le' ? 0 : 1
  for (let at = bytes.length - (bytes.length % 2) - 2; at >= 0; at -= 2)
    if (bytes[at + low] === 0x0a && bytes[at + 1 - low] === 0) return at + 2
  return 0
}
