/** Reads the docstrings of the statistics room, so that one text serves the editor, the doc test and docs/statistics.md. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

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

/** The documented functions of the public surface, by name: those that `index.ts` of a family or of the room names. */
export function docstrings(): Map<string, Docstring> {
  const found = new Map<string, Docstring>()
  for (const { folder, name, file } of namedExports()) {
    const comment = commentsOf(join(room, folder, file)).get(name)
    if (comment !== undefined)
      found.set(name, { name, family: folder, file: join(folder, file), ...split(comment) })
  }
  return found
}

/** The sentence at the head of a family's index file, without the name of the family. */
export function familyTitle(family: string): string {
  const [head = ''] = readFileSync(join(room, family, 'index.ts'), 'utf8').split('*/', 1)
  const sentence = head
    .replaceAll(/^\/\*\*|^\s*\*/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const after = sentence.slice(sentence.indexOf(': ') + 1).trim()
  return after.charAt(0).toUpperCase() + after.slice(1)
}

/** Every `export { name } from './file.ts'` of the index files. */
function namedExports(): { folder: string; name: string; file: string }[] {
  const indexes = readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((file) => basename(file) === 'index.ts')
    .sort()
  return indexes.flatMap((index) => {
    const source = readFileSync(join(room, index), 'utf8')
    const blocks = [...source.matchAll(/export \{([^}]*)\} from '\.\/([^']+)'/g)]
    return blocks.flatMap(([, names = '', file = '']) =>
      names
        .split(',')
        .map((name) => ({ folder: dirname(index).replace(/^\.$/, ''), name: name.trim(), file })),
    )
  })
}

function commentsOf(path: string): Map<string, string> {
  const source = readFileSync(path, 'utf8')
  return new Map([...documentedFunctions(source)].map(({ name, comment }) => [name, comment]))
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
