/** Documents held to the code: what is public is named in them, and what they name exists. */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProgram } from '#commands/program.ts'
import { cards } from '#metrics/index.ts'
import packageJson from '#package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const readme = read('README.md')

describe('README', () => {
  it.each(createProgram().commands.map((command) => command.name()))('names the command saydo %s', (name) => {
    expect(readme).toContain(`saydo ${name}`)
  })

  it('names only commands that exist', () => {
    const known = createProgram().commands.map((command) => command.name())
    const named = [...readme.matchAll(/(?:npx |`)saydo ([a-z]+)/g)].map(([, name]) => name)
    expect(named.filter((name) => name !== undefined && !known.includes(name))).toEqual([])
  })

  it('names only npm scripts that exist', () => {
    const named = [...readme.matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name ?? '')
    expect(named.filter((name) => !(name in packageJson.scripts))).toEqual([])
  })

  it.each(
    [...`${readme}\n${read('CONTRIBUTING.md')}`.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link ?? ''),
  )('links to %s, which exists', (link) => {
    expect(existsSync(join(root, link))).toBe(true)
  })
})

describe('glossary', () => {
  it.each(cards.map(({ name }) => name))('has the metric %s', (name) => {
    expect(read('docs/glossary.md')).toContain(name)
  })
})

describe('architecture', () => {
  it('names every room', () => {
    const page = read('docs/architecture.md')
    const rooms = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
      .map(({ name }) => name)
    expect(rooms.filter((room) => !page.includes(`\`${room}/\``))).toEqual([])
  })
})

describe('connectors', () => {
  it('are described, each one that a project can import', () => {
    const exported = [...read('index.ts').matchAll(/export \{ (\w+) \} from '#connectors\//g)].map(
      ([, name]) => name ?? '',
    )
    expect(exported.length).toBeGreaterThanOrEqual(5)
    const page = read('docs/connectors.md').toLowerCase()
    expect(exported.filter((name) => !page.includes(name.toLowerCase()))).toEqual([])
  })
})
