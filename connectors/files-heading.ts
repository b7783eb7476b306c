/** Holds a file's heading line against the columns the stream expects; what does not fit refuses the file. */
import type { StreamSettings } from './files-config.ts'
import { FileDamaged } from './files-decode.ts'

export type Heading = {
  /** What is wrong with the number of a row's cells, or null. */
  readonly raggedness: (fields: readonly string[]) => string | null
  readonly record: (fields: readonly (string | null)[]) => Record<string, unknown>
}

/** Throws FileDamaged that names missing, unknown and repeated headings; where no heading is known, the line may be data and is not repeated. */
export function headingOf(written: readonly string[], stream: StreamSettings, line: number): Heading {
  const names = withoutEmptyEnd(written.map((name) => name.trim()))
  const columns = Object.entries(stream.columns).map(([name, column]) => {
    const known = [column.from ?? name].flat()
    return {
      name,
      optional: column.optional,
      known,
      index: names.findIndex((heading) => known.includes(heading)),
    }
  })
  const expected = new Set(columns.flatMap(({ known }) => known))
  const missing = columns
    .filter(({ index, optional }) => index < 0 && !optional)
    .map(({ known }) => known.join(' or '))
  const repeated = names.filter((name, index) => expected.has(name) && names.indexOf(name) !== index)
  const unknown = names.filter((name) => !expected.has(name))
  if (columns.every(({ index }) => index < 0))
    throw new FileDamaged(
      `line ${line} holds none of the stream’s headings (${missing.slice(0, 3).join(', ')}, …); if the file has no heading line, ` +
        'name its columns in `header`; if lines stand above it, say how many in `skipLines`; else see `delimiter`',
    )
  const complaints = [
    ...complaint(missing, 'is missing', 'are missing'),
    ...complaint(repeated, 'stands twice', 'stand twice'),
    ...(stream.others === undefined || stream.others === 'refuse'
      ? complaint(unknown, 'is not expected', 'are not expected')
      : []),
  ]
  if (complaints.length > 0)
    throw new FileDamaged(
      `its heading line (line ${line}) does not match the stream’s columns: ${complaints.join('; ')}. ` +
        'Mend `columns` (`from`, `optional`) or say `others: drop | keep`',
    )
  const lastNeeded = columns.reduce(
    (last, { index, optional }) => (optional ? last : Math.max(last, index)),
    -1,
  )
  const kept =
    stream.others === 'keep'
      ? names.flatMap((name, index) => (expected.has(name) ? [] : [{ name, index }]))
      : []
  return {
    raggedness: (fields) => {
      if (fields.length === names.length) return null
      if (fields.length > names.length)
        return fields.slice(names.length).every((cell) => cell.trim() === '') ? null : ragged(fields, names)
      return fields.length > lastNeeded ? null : ragged(fields, names)
    },
    record: (fields) => {
      const record: Record<string, unknown> = {}
      for (const { name, index } of kept) record[name] = fields[index] ?? null
      for (const { name, index } of columns) record[name] = index < 0 ? null : (fields[index] ?? null)
      return record
    },
  }
}

function ragged(fields: readonly string[], names: readonly string[]): string {
  return `has ${fields.length} cells where the heading has ${names.length}`
}

function complaint(names: readonly string[], one: string, many: string): string[] {
  const listed = names
    .slice(0, 8)
    .map((name) => JSON.stringify(name))
    .join(', ')
  if (names.length === 0) return []
  return [
    `${listed}${names.length > 8 ? ` and ${names.length - 8} more` : ''} ${names.length === 1 ? one : many}`,
  ]
}

/** Spreadsheets write empty headings for columns that were once used. */
function withoutEmptyEnd(names: readonly string[]): string[] {
  return names.slice(0, names.findLastIndex((name) => name !== '') + 1)
}
