/**
 * Splits delimited text into records, forgiving where the meaning is plain (unescaped quotes, line ends inside quotes) and
 * naming the line where it is not; after a damaged record it goes on with the next line, so one bad quote costs one line.
 */

export type Dialect = {
  readonly delimiter: string
  readonly quote: string | null
  /** Whether a quoted field may go on over the line end. Where not, a quote that does not close in its line is a letter. */
  readonly multiline: boolean
}

export type CsvRecord = {
  /** The physical line the record starts on, from 1. */
  readonly line: number
  readonly fields: readonly string[]
  readonly problem?: undefined
}
export type CsvProblem = { readonly line: number; readonly raw: string; readonly problem: string }

const longestRecord = 1024 * 1024

/** Records of text that comes in pieces; empty lines are not records. */
export async function* csvRecords(
  pieces: AsyncIterable<string>,
  dialect: Dialect,
): AsyncGenerator<CsvRecord | CsvProblem> {
  const splitter = new CsvSplitter(dialect)
  for await (const piece of pieces) yield* splitter.push(piece, false)
  yield* splitter.push('', true)
}

class CsvSplitter {
  readonly #dialect: Dialect
  #text = ''
  #line = 1

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  *push(piece: string, last: boolean): Generator<CsvRecord | CsvProblem> {
    this.#text += piece
    let at = 0
    while (at < this.#text.length) {
      const read = readRecord(this.#text, at, this.#dialect, last)
      const open = read === null || 'problem' in read
      if (read === null && this.#text.length - at <= longestRecord) break
      if (open) {
        const end = endOfLine(this.#text, at)
        const problem = read?.problem ?? 'a quote that opens on this line is never closed'
        yield { line: this.#line, raw: this.#text.slice(at, end.at), problem }
        this.#line += 1
        at = end.next
        continue
      }
      if (!(read.fields.length === 1 && read.fields[0] === '' && !read.quoted))
        yield { line: this.#line, fields: read.fields }
      this.#line += read.lines
      at = read.next
    }
    this.#text = this.#text.slice(at)
  }
}

type Read =
  | { readonly fields: string[]; readonly next: number; readonly lines: number; readonly quoted: boolean }
  | { readonly problem: string }

/** One record from `start`; null when the text ends before the record does. */
function readRecord(text: string, start: number, dialect: Dialect, last: boolean): Read | null {
  const fields: string[] = []
  let at = start
  let lines = 1
  let quoted = false
  for (;;) {
    const opens = dialect.quote !== null && text[at] === dialect.quote
    const field = opens ? readQuoted(text, at, dialect, last) : null
    if (opens && dialect.multiline && (field === null || 'problem' in field)) return field
    if (field !== null && !('problem' in field) && (dialect.multiline || field.lines === 0)) {
      quoted = true
      fields.push(field.value)
      lines += field.lines
      at = field.next
    } else {
      const end = endOfField(text, at, dialect.delimiter)
      if (end === text.length && !last) return null
      fields.push(text.slice(at, end))
      at = end
    }
    if (text[at] !== dialect.delimiter) break
    at += 1
  }
  if (text[at] === '\r') {
    if (at + 1 === text.length && !last) return null
    at += text[at + 1] === '\n' ? 2 : 1
  } else if (at < text.length) at += 1
  return { fields, next: at, lines, quoted }
}

type Quoted =
  | { readonly value: string; readonly next: number; readonly lines: number }
  | { readonly problem: string }

/** A quote closes a field when a delimiter or line end follows; any other quote is a letter. */
function readQuoted(
  text: string,
  start: number,
  { delimiter, quote }: Dialect,
  last: boolean,
): Quoted | null {
  const mark = quote ?? ''
  let value = ''
  let from = start + 1
  for (;;) {
    const at = text.indexOf(mark, from)
    if (at < 0 || (at + 1 === text.length && !last))
      return at < 0 && last ? { problem: 'a quote that opens on this line is never closed' } : null
    const next = text[at + 1]
    value += text.slice(from, at)
    if (next === mark) {
      value += mark
      from = at + 2
      continue
    }
    if (next === undefined || next === delimiter || next === '\n' || next === '\r')
      return { value, next: at + 1, lines: countLines(value) }
    if (opensNextField(text, at, delimiter) && countLines(value) > 0)
      return {
        problem: 'a quote that opens on this line is still open on a later line, where another field begins',
      }
    value += mark
    from = at + 1
  }
}

/** A quote straight after a delimiter or line end opens a field, wherever we believe to be. */
function opensNextField(text: string, at: number, delimiter: string): boolean {
  const before = text[at - 1]
  return before === delimiter || before === '\n'
}

function countLines(value: string): number {
  let lines = 0
  for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) lines += 1
  return lines
}

function endOfField(text: string, start: number, delimiter: string): number {
  for (let at = start; at < text.length; at += 1) {
    const letter = text[at]
    if (letter === delimiter || letter === '\n' || letter === '\r') return at
  }
  return text.length
}

function endOfLine(text: string, start: number): { at: number; next: number } {
  const end = endOfField(text, start, '\n')
  return { at: end, next: end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1) }
}
