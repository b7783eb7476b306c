/** `npm run docs:statistics`: writes docs/statistics.md from the docstrings; the doc test fails when the page is stale. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as statistics from '#statistics/index.ts'
import { docstrings, type Docstring, familyTitle } from './statistics-docstrings.ts'

export const page = join(import.meta.dirname, 'statistics.md')

/** The public functions, family by family in the order of the alphabet. */
export function publicFunctions(): { name: string; docstring: Docstring | undefined }[] {
  const known = docstrings()
  return Object.entries(statistics)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => ({ name, docstring: known.get(name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

export function render(): string {
  const documented = publicFunctions().flatMap(({ docstring }) => docstring ?? [])
  const families = Map.groupBy(documented, ({ family }) => family)
  const names = [...families.keys()].filter((family) => family !== '').sort()
  const contents = names.map((family) => {
    const functions = (families.get(family) ?? []).map(({ name }) => `[${name}](#${name.toLowerCase()})`)
    return `- **${family}**: ${functions.join(', ')}`
  })
  const sections = names.flatMap((family) => [
    `## ${family}`,
    familyTitle(family),
    ...(families.get(family) ?? []).map((docstring) => section(docstring)),
  ])
  return `${[head, contents.join('\n'), ...sections].join('\n\n')}\n`
}

const head = `# Statistics: every public function

Written by \`npm run docs:statistics\` from the docstrings; every worked line is run by the tests.
A function answers with numbers or with a refusal \`{ refused, reason }\`, never with NaN.`

function section({ name, file, text, example }: Docstring): string {
  const code = example.length === 0 ? '' : `\n\n\`\`\`js\n${example.join('\n')}\n\`\`\``
  return `### ${name}\n\n${emphasised(text)}${code}\n\n<sub>\`statistics/${file}\`</sub>`
}

/** Sentences that say no and the source are what a reader looks for: they start a paragraph in bold. */
function emphasised(text: string): string {
  return text
    .replaceAll(/\n?(?<=^|\n|\. )(Refuse[sd])\b/g, '\n\n**$1**')
    .replaceAll(/\n?(?<=^|\n|\. )(Sources?:|Formula:)/g, '\n\n**$1**')
    .replaceAll(/ +\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

if (import.meta.main) {
  writeFileSync(page, render())
  console.log(`${page}: ${publicFunctions().length} functions.`)
}
