/** Finds out how a text file is encoded, by its byte order mark or by what its bytes can mean. */

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

/** Where the text begins, and in which encoding. */
export type Detected = { readonly encoding: Encoding; readonly skip: number }

const enough = 4_096

/**
 * Watches bytes go by until it knows. Broken bytes do not change the answer: four sound characters outweigh one broken one.
 * Latin-1 and other single-byte encodings are never guessed; they end as `null`.
 */
export class EncodingDetector {
  #head = Buffer.alloc(0)
  #utf8 = { sound: 0, broken: 0, pending: 0 }
  #gb = { sound: 0, broken: 0, lead: 0, digits: 0 }

  /** True when no more bytes are needed. */
  watch(bytes: Buffer): boolean {
    if (this.#head.length < enough) this.#head = Buffer.concat([this.#head, bytes.subarray(0, enough)])
    if (markOf(this.#head) !== null) return true
    for (const byte of bytes) {
      if (byte < 0x80 && this.#utf8.pending === 0 && this.#gb.lead === 0) continue
      this.#asUtf8(byte)
      this.#asGb(byte)
    }
    return this.#utf8.sound + this.#utf8.broken > enough
  }

  /** The encoding, or null when the bytes do not say. */
  result(): Detected | null {
    const marked = markOf(this.#head)
    if (marked !== null) return marked
    const wide = wideOf(this.#head)
    if (wide !== null) return { encoding: wide, skip: 0 }
    const utf8 = this.#utf8
    if (utf8.broken * 4 <= utf8.sound || utf8.sound + utf8.broken === 0) return { encoding: 'utf-8', skip: 0 }
    return this.#gb.sound > 0 && this.#gb.broken * 4 <= this.#gb.sound
      ? { encoding: 'gb18030', skip: 0 }
      : null
  }

  #asUtf8(byte: number): void {
    const state = this.#utf8
    if (state.pending > 0 && (byte & 0xc0) === 0x80) {
      state.pending -= 1
      if (state.pending === 0) state.sound += 1
      return
    }
    if (state.pending > 0) state.broken += 1
    state.pending =
      byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0
    if (byte >= 0x80 && state.pending === 0) state.broken += 1
  }

  /** Sound are the pairs of GB 2312, which nearly all Chinese text is written in; rare pairs count as broken, four-byte forms as nothing. */
  #asGb(byte: number): void {
    const state = this.#gb
    const lead = state.lead
    state.lead = 0
    if (lead === 0) {
      if (byte >= 0x81 && byte <= 0xfe) state.lead = byte
      else if (byte >= 0x80) state.broken += 1
    } else if (byte >= 0x30 && byte <= 0x39) {
      state.digits += 1
    } else if (lead >= 0xa1 && lead <= 0xf7 && byte >= 0xa1 && byte <= 0xfe) state.sound += 1
    else state.broken += 1
  }
}

function markOf(head: Buffer): Detected | null {
  if (head.length >= 3 && head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])))
    return { encoding: 'utf-8', skip: 3 }
  if (head.length >= 4 && head.readUInt32BE(0) === 0x84319533) return { encoding: 'gb18030', skip: 4 }
  if (head.length >= 2 && head.readUInt16BE(0) === 0xfffe) return { encoding: 'utf-16le', skip: 2 }
  if (head.length >= 2 && head.readUInt16BE(0) === 0xfeff) return { encoding: 'utf-16be', skip: 2 }
  return null
}

/** UTF-16 without a mark: line ends, separators and digits leave a zero in every other byte, always on the same side. */
function wideOf(head: Buffer): Encoding | null {
  const zeros = [0, 0]
  for (const [index, byte] of head.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (even + odd < head.length / 20) return null
  return odd > even * 20 ? 'utf-16le' : even > odd * 20 ? 'utf-16be' : null
}
