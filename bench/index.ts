/**
 * `npm run bench [name…] [-- --rows 1M] [--json]`: runs the benchmarks of this folder.
 * Each `bench/<name>.ts` exports `bench(options)`, which measures ratios against a baseline in the same run
 * and answers with the figures as one flat record.
 */
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'

export type Figures = Record<string, number | string | null>
export type BenchOptions = {
  /** Free settings of the command line, e.g. `--set rows=1000000`. */
  readonly settings: Readonly<Record<string, string>>
  /** Progress for people, on stderr. */
  readonly say: (line: string) => void
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    help: { type: 'boolean' },
    set: { type: 'string', multiple: true },
    rows: { type: 'string' },
  },
})
const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts' && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -3))

if (values.help) {
  console.log(
    `npm run bench [name…] [-- --json] [--rows 1M] [--set key=value]\nBenchmarks: ${known.join(', ')}`,
  )
  process.exit(0)
}
const unknown = positionals.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  console.error(`[bench] no benchmark is called ${unknown.join(', ')}; there are ${known.join(', ')}.`)
  process.exit(2)
}

const settings: Record<string, string> = Object.fromEntries(
  (values.set ?? []).map((pair) => pair.split('=', 2) as [string, string]),
)
if (values.rows !== undefined) settings['rows'] = values.rows
const results: Record<string, Figures> = {}
for (const name of positionals.length > 0 ? positionals : known) {
  const { bench } = (await import(`./${name}.ts`)) as { bench: (options: BenchOptions) => Promise<Figures> }
  const figures = await bench({ settings, say: (line) => console.error(`[${name}] ${line}`) })
  results[name] = figures
  if (!values.json) {
    console.log(`\n${name}`)
    for (const [key, value] of Object.entries(figures)) console.log(`  ${key.padEnd(36)} ${value}`)
  }
}
if (values.json)
  console.log(JSON.stringify(positionals.length === 1 ? results[positionals[0] ?? ''] : results, null, 2))
process.exit(0)
