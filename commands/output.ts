/** How commands talk: results on stdout (a table, or JSON), progress and notes on stderr. */
import Table from 'cli-table3'
import ora from 'ora'
import { styleText } from 'node:util'

type Cell = string | number | boolean | null | undefined
export type TableRow = Readonly<Record<string, Cell>>

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** A table with the first row's keys as heads; numbers right-aligned, null as a dash. */
export function printTable(rows: readonly TableRow[], empty = 'nothing to show'): void {
  const heads = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (heads.length === 0) return printLine(dim(empty))
  const numeric = heads.map((head) => rows.every((row) => isNumeric(row[head])))
  const table = new Table({
    head: heads.map((head) => bold(head)),
    colAligns: numeric.map((yes) => (yes ? 'right' : 'left')),
    style: { head: [], border: process.stdout.isTTY ? ['gray'] : [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  })
  table.push(...rows.map((row) => heads.map((head) => format(row[head]))))
  printLine(table.toString())
}

/** Numbers, formatted ones too, stand right-aligned under each other. */
function isNumeric(cell: Cell): boolean {
  if (cell === null || cell === undefined) return true
  return typeof cell === 'number' || (typeof cell === 'string' && /^(-?[\d,.]+( %)?|too few)$/.test(cell))
}

export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`)
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`)
}

function format(cell: Cell): string {
  if (cell === null || cell === undefined) return '–'
  if (typeof cell === 'number')
    return Number.isInteger(cell) ? cell.toLocaleString('en') : cell.toFixed(Math.abs(cell) < 10 ? 3 : 1)
  return String(cell)
}

/** Colours only where a person looks. */
export function bold(text: string): string {
  return process.stdout.isTTY ? styleText('bold', text) : text
}

export function dim(text: string): string {
  return process.stdout.isTTY ? styleText('dim', text) : text
}

export type Progress = {
  /** What is happening now; replaced by the next. */
  readonly now: (line: string) => void
  /** A line that stays. */
  readonly say: (line: string) => void
  readonly stop: () => void
}

/** A spinner on a terminal; elsewhere lines, each distinct one once. */
export function startProgress(): Progress {
  if (!process.stderr.isTTY) {
    let last = ''
    const say = (line: string) => {
      if (line !== last) note(line)
      last = line
    }
    return { now: say, say, stop: () => {} }
  }
  const spinner = ora({ stream: process.stderr }).start()
  return {
    now: (line) => {
      spinner.text = line
    },
    say: (line) => {
      spinner.stopAndPersist({ symbol: '·', text: line }).start('')
    },
    stop: () => {
      spinner.stop()
    },
  }
}
