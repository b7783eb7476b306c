/** Reads the docstrings of the statistics room, so that one text serves the editor, the doc test and docs/statistics.md. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type Docstring = {
  readonly name: string
  /** Folder below `statistics/`, empty for the root. */
  readonly family: string
  /** Path below `statistics/`. */
  readonly file: string
  /** Prose up to the first tag, paragraphs as written. */
  readonly text: string
  /** Lines of the `@example` block, without comment marks and code fences. */
  readonly example: readonly string[]
}

const room = join(import.meta.dirname, '..', 'statistics')

/** All documented exported functions of the room, by name. */
export function docstrings(): Map<string, Docstring> {
  const found = new Map<string, Docstring>()
  for (const file of sources()) {
    const source = readFileSync(join(room, file), 'utf8')
    const family = file.includes('/') ? file.slice(0, file.indexOf('/')) : ''
    for (const { name, comment } of documentedFunctions(source))
      found.set(name, { name, family, file, ...split(comment) })
  }
  return found
}

function sources(): string[] {
  return readdirSync(room, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !/\.(test|answers)\.ts$|\/raw\//.test(file))
    .sort()
}

function* documentedFunctions(source: string): Generator<{ name: string; comment: string }> {
  const pattern = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:async )?(?:function\*?|const) (\w+)/g
  for (const [, comment = '', name = ''] of source.matchAll(pattern)) yield { name, comment }
}

function split(comment: string): { text: string; example: string[] } {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd())
  const at = lines.findIndex((line) => line.startsWith('@example'))
  if (at < 0) return { text: lines.join('\n').trim(), example: [] }
  const rest = [(lines[at] ?? '').slice('@example'.length).trim(), ...lines.slice(at + 1)]
  const end = rest.findIndex((line, i) => i > 0 && /^@(?!example)/.test(line))
  const example = (end < 0 ? rest : rest.slice(0, end))
    .map((line) => line.replace(/^@example\s*/, ''))
    .filter((line) => line !== '' && !line.startsWith('```'))
  return { text: lines.slice(0, at).join('\n').trim(), example }
}
