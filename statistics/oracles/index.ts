/**
 * `npm run oracles [-- --seed 1 --runs 20 --freeze]`: compares the room with R and with scipy/statsmodels on random inputs.
 * A nightly script: programs that are not installed are named and passed over. `--freeze` writes `<program>.frozen.json`,
 * inputs and answers, which the tests read where neither program is there. `SAYDO_PYTHON` and `SAYDO_RSCRIPT` name the
 * programs where they are not `python3` (with scipy and statsmodels) and `Rscript`.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { seeded } from '#statistics/random/index.ts'
import { distance, pairs } from './agreement.ts'
import { oracleCases } from './all-cases.ts'
import { ask, type Request, versionOf } from './ask.ts'
import type { Program } from './oracle-case.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, runs: { type: 'string' }, freeze: { type: 'boolean' } },
})
const seed = Number(values.seed ?? Math.floor(Date.now() / 86_400_000))
const runs = Number(values.runs ?? (values.freeze ? 2 : 20))
console.log(`seed ${seed}, ${runs} random inputs a case`)

const lines = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
const table = new Table({
  head: ['case', 'program', 'numbers', 'largest deviation', 'tolerance', ''],
  chars: lines,
  style: { head: [], border: [] },
})
let missed = 0
for (const program of ['python', 'r'] satisfies Program[]) {
  const version = versionOf(program)
  if (!version) {
    console.log(`${program}: not installed, passed over`)
    continue
  }
  console.log(`${program}: ${version}`)
  missed += compare(program, version)
}
console.log(table.toString())
console.log(missed === 0 ? 'all agree' : `${missed} case(s) disagree`)
process.exit(missed === 0 ? 0 : 1)

function compare(program: Program, version: string): number {
  const cases = oracleCases.filter(({ programs }) => programs.includes(program))
  const requests: Request[] = cases.flatMap(({ name, inputs }) => {
    const random = seeded(seed + hash(name))
    return Array.from({ length: runs }, (_, run) => ({ id: `${name}#${run}`, name, inputs: inputs(random) }))
  })
  const answers = ask(program, requests)
  if (values.freeze) {
    const frozen = {
      by: version,
      seed,
      requests: requests.map((request) => ({ ...request, theirs: answers.get(request.id) })),
    }
    writeFileSync(join(import.meta.dirname, `${program}.frozen.json`), `${JSON.stringify(frozen)}\n`)
  }
  let missed = 0
  for (const one of cases) {
    const off = requests
      .filter(({ name }) => name === one.name)
      .flatMap(({ id, inputs }) => pairs(one.ours(inputs), answers.get(id) ?? {}))
      .map(({ ours, theirs }) => distance(ours, theirs, one))
    const worst = off.some(Number.isNaN) ? Number.NaN : Math.max(...off)
    const agrees = worst <= one.tolerance
    if (!agrees) missed++
    table.push([
      one.name,
      program,
      off.length,
      worst.toExponential(1),
      one.tolerance.toExponential(0),
      agrees ? '✓' : '✗',
    ])
  }
  return missed
}

function hash(text: string): number {
  return Array.from(text, (letter) => letter.codePointAt(0) ?? 0).reduce(
    (sum, code) => (sum * 31 + code) % 1_000_003,
    7,
  )
}
