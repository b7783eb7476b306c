/** `npm run known-answers`: prints every table matched with its largest deviation; fails when one is missed. */
import Table from 'cli-table3'
import { deviation } from './known-answers.ts'
import { tables } from './known-answers-tables.ts'

const lines = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
const report = new Table({
  head: ['table', 'cases', 'largest deviation', 'tolerance', '', 'source'],
  chars: lines,
  style: { head: [], border: [] },
})
let missed = 0
let cases = 0
for (const { file, answers } of await tables()) {
  const off = answers.cases.map((answer) => deviation(answer, answers.relative))
  const worst = off.some(Number.isNaN) ? Number.NaN : Math.max(...off)
  const met = worst <= answers.tolerance
  if (!met) missed++
  cases += off.length
  const kind = answers.relative ? ' rel' : ''
  report.push([
    file.replace('.answers.ts', ''),
    off.length,
    worst.toExponential(1),
    answers.tolerance.toExponential(0) + kind,
    met ? '✓' : '✗',
    answers.source.length > 70 ? `${answers.source.slice(0, 69)}…` : answers.source,
  ])
}
console.log(report.toString())
console.log(`${report.length} tables, ${cases} numbers, ${missed} tables missed.`)
process.exit(missed === 0 ? 0 : 1)
