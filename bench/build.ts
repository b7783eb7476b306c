/**
 * The model build against the same SQL by hand, and against dbt where Python can install it: three years of surveys and orders, built whole,
 * and again after one new day. Every side runs in a process of its own, in turns; ratios are medians over the pairs of this run.
 * `--rows 1M` (survey answers), `--set pairs=3`, `--set keep=<folder>` to find lakes there again, `--set dbt=no`.
 */
import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { openControl } from '#lake/control/open-control.ts'
import { openStorage } from '#lake/storage.ts'
import { companyModels, type Scope } from './build/company.ts'
import { installDbt, runDbt } from './build/dbt.ts'
import { memoryMb, threads } from './build/open-lake.ts'
import type { Measured, SideSettings } from './build/side.ts'
import { type Booking, stepsOf } from './build/watch.ts'
import type { BenchOptions, Figures } from './index.ts'

/** Times that the plain new day is built; the median counts. */
const DAYS = 3

const goals: Readonly<Record<string, readonly [goal: number, text: string, fromAnswers?: number]>> = {
  fullOverHand: [1.15, '≤ 1.15'],
  fullOverDbt: [1, '< 1'],
  newDayOverFull: [0.03, '≤ 0.03 from 10M on', 10_000_000],
  noChangeSeconds: [2, '< 2'],
  publishSeconds: [1, '< 1'],
  rollbackSeconds: [1, '< 1'],
  planSeconds: [2, '< 2'],
  rssOverheadMB: [400, '≤ 400'],
}

export async function bench({ settings, say }: BenchOptions): Promise<Figures> {
  const answers = numberOf(settings['rows'] ?? '1M')
  const pairs = Number(settings['pairs'] ?? (answers > 3_000_000 ? 1 : 3))
  const kept = settings['keep']
  const root =
    kept === undefined ? mkdtempSync(join(tmpdir(), 'saydo-bench-')) : resolve(kept, String(answers))
  mkdirSync(root, { recursive: true })
  try {
    const figures = await measured(new Room(root, answers, say), {
      pairs,
      dbt: settings['dbt'] !== 'no',
      root,
      say,
    })
    return withGoals(figures)
  } finally {
    if (kept === undefined) rmSync(root, { recursive: true, force: true })
  }
}

type Plan = {
  readonly pairs: number
  readonly dbt: boolean
  readonly root: string
  readonly say: (line: string) => void
}

async function measured(room: Room, { pairs, dbt, root, say }: Plan): Promise<Figures> {
  const three = await room.threeYears()
  const ratios: Record<Scope, { bare: number[]; audited: number[] }> = {
    all: { bare: [], audited: [] },
    core: { bare: [], audited: [] },
  }
  const [fulls, hands] = [[] as Build[], [] as Hand[]]
  for (let pair = 1; pair <= pairs; pair += 1)
    for (const scope of ['core', 'all'] as const) {
      const hand = await room.run<Hand>('byHand', { folder: three, scope })
      const full = await room.run<Build>('build', { folder: room.copy(three, `full-${scope}`), scope })
      expectSame(full, hand)
      say(
        `pair ${pair} of ${pairs}, ${scope} models: by hand ${brief(hand.buildSeconds, hand.buildCpu)} and audits ${brief(hand.auditSeconds, hand.auditCpu)}, full ${brief(full.seconds, full.cpuSeconds)}, ${full.rssMb} MB`,
      )
      ratios[scope].audited.push(full.seconds / (hand.buildSeconds + hand.auditSeconds))
      ratios[scope].bare.push(full.seconds / hand.buildSeconds)
      if (scope !== 'all') continue
      fulls.push(full)
      hands.push(hand)
    }
  const full = fulls.at(-1)
  const hand = hands.at(-1)
  if (!full || !hand) throw new Error('[bench] nothing was built.')
  const fullSeconds = median(fulls.map(({ seconds }) => seconds))
  const cpu = median(fulls.map(({ cpuSeconds }) => cpuSeconds))
  const handCpu = median(hands.map(({ buildCpu, auditCpu }) => buildCpu + auditCpu))
  const built = join(root, 'full-all')
  const noChange = await room.run<Build>('build', { folder: room.copy(built, 'no-change'), scope: 'all' })
  const days: Record<string, Build> = {}
  for (const [name, newDay] of [
    ['plain', { late: false, merge: false }],
    ['late', { late: true, merge: false }],
    ['merge', { late: true, merge: true }],
    ['churn', { late: true, merge: true, churn: true }],
  ] as const) {
    const tries: Build[] = []
    for (let nth = 0; nth < (name === 'plain' ? DAYS : 1); nth += 1) {
      const folder = room.copy(built, `day-${name}`)
      await room.run('landing', { folder, scope: 'all', newDay })
      tries.push(await room.run<Build>('build', { folder, scope: 'all', now: '2025-06-17' }))
    }
    const day = middle(tries, ({ seconds }) => seconds)
    if (day === undefined) throw new Error('[bench] no new day was built.')
    days[name] = day
    say(`a new day (${name}): ${brief(day.seconds, day.cpuSeconds)}, ${day.partitions} partitions`)
  }
  // Few enough that work is spilled.
  const limitMb = room.answers > 3_000_000 ? 1000 : 250
  const tight = await room.run<Build>('build', {
    folder: room.copy(three, 'full-tight'),
    scope: 'all',
    atOnce: 1,
    memoryMb: limitMb,
  })
  say(`DuckDB held to ${limitMb} MB: ${brief(tight.seconds, tight.cpuSeconds)}, ${tight.rssMb} MB`)
  const moves = await room.run<Moves>('publishing', { folder: join(root, 'day-merge'), scope: 'all' })
  const plans = await room.plans()
  const compared = dbt ? await againstDbt(room, root, say) : undefined
  const whole = await room.run<Hand>('byHand', { folder: three, scope: 'all', whole: true })
  const share = (day: Build | undefined) => ratio(day?.seconds, fullSeconds)
  return {
    answers: room.answers,
    fullOverHand: round(median(ratios.all.audited)),
    fullOverHandWithoutAudits: round(median(ratios.all.bare)),
    fullOverHandCpu: ratio(cpu, handCpu),
    coreOverHand: round(median(ratios.core.audited)),
    coreOverHandWithoutAudits: round(median(ratios.core.bare)),
    fullOverHandUncut: ratio(fullSeconds, whole.buildSeconds + whole.auditSeconds),
    fullOverDbt:
      compared === undefined ? null : ratio(fullSeconds, compared.runSeconds + compared.testSeconds),
    fullOverDbtCpu: compared === undefined ? null : ratio(cpu, compared.runCpu + compared.testCpu),
    newDayOverFull: share(days['plain']),
    newDayOverFullCpu: ratio(days['plain']?.cpuSeconds, cpu),
    newDayOverFullWithLateRows: share(days['late']),
    newDayOverFullWithMerge: share(days['merge']),
    newDayOverFullWithChurn: share(days['churn']),
    fullSeconds: round(fullSeconds),
    newDaySeconds: round(days['plain']?.seconds ?? NaN),
    noChangeSeconds: round(noChange.seconds),
    publishSeconds: round(moves.publishSeconds),
    rollbackSeconds: round(moves.rollbackSeconds),
    planSeconds: round(plans.time),
    planBucketsSeconds: round(plans.bucket),
    rssOverheadMB: tight.rssMb - limitMb,
    rssMB: Math.max(...fulls.map(({ rssMb }) => rssMb)),
    ...shares('full', full.bookings),
    ...shares('newDay', days['plain']?.bookings ?? []),
    slowestOfFull: slowest(full.bookings),
    slowestOfNewDay: slowest(days['plain']?.bookings ?? []),
    pairs,
  }
}

type Build = Measured & {
  readonly partitions: number
  readonly modelRows: Readonly<Record<string, number>>
  readonly bookings: readonly Booking[]
}
type Hand = Measured & {
  readonly buildSeconds: number
  readonly auditSeconds: number
  readonly buildCpu: number
  readonly auditCpu: number
  readonly failed: number
  readonly modelRows: Readonly<Record<string, number>>
}
type Moves = Measured & { readonly rollbackSeconds: number; readonly publishSeconds: number }

/** The folders of one run. */
class Room {
  readonly answers: number
  readonly #root: string
  readonly #say: (line: string) => void

  constructor(root: string, answers: number, say: (line: string) => void) {
    this.#root = root
    this.answers = answers
    this.#say = say
  }

  async threeYears(): Promise<string> {
    const folder = join(this.#root, 'three-years')
    if (existsSync(join(folder, 'landed'))) return folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    this.#say(`landing ${this.answers} answers`)
    await this.run('landing', { folder, scope: 'all' })
    mkdirSync(join(folder, 'landed'))
    return folder
  }

  /** Files of a lake never change, so links to them are a copy. */
  copy(from: string, name: string): string {
    const folder = join(this.#root, name)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder)
    spawnSync('cp', ['-al', join(from, 'lake'), join(folder, 'lake')])
    copyFileSync(join(from, 'control.db'), join(folder, 'control.db'))
    return folder
  }

  async run<T extends Measured>(what: string, settings: Omit<SideSettings, 'answers'>): Promise<T> {
    const side = join(import.meta.dirname, 'build', 'side.ts')
    const asked = JSON.stringify({ ...settings, answers: this.answers })
    const { stdout } = await promisify(execFile)(process.execPath, [side, what, asked], {
      maxBuffer: 64 * 1024 * 1024,
    })
    return JSON.parse(stdout) as T
  }

  async plans(): Promise<Record<'time' | 'bucket', number>> {
    const seconds = { time: NaN, bucket: NaN }
    for (const kind of ['time', 'bucket'] as const) {
      const folder = join(this.#root, `plans-${kind}`)
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      await this.run('preparing', { folder, scope: 'all', kind })
      const { planSeconds } = await this.run<Measured & { planSeconds: number }>('planning', {
        folder,
        scope: 'all',
        kind,
      })
      seconds[kind] = planSeconds
    }
    return seconds
  }
}

async function againstDbt(room: Room, root: string, say: (line: string) => void) {
  const installed = installDbt(join(tmpdir(), 'saydo-bench-dbt'))
  if ('why' in installed) {
    say(`dbt is left out: ${installed.why}`)
    return undefined
  }
  const three = await room.threeYears()
  const [storage, control] = [await openStorage(join(three, 'lake')), openControl(join(three, 'control.db'))]
  const folder = join(root, 'dbt')
  rmSync(folder, { recursive: true, force: true })
  const options = {
    ...installed,
    folder,
    control,
    absolute: storage.absolute,
    memoryMb: 2 * memoryMb,
    threads,
  }
  const run = await runDbt(companyModels('all'), options)
  await control.close()
  say(`dbt: run ${brief(run.runSeconds, run.runCpu)}, test ${brief(run.testSeconds, run.testCpu)}`)
  return run
}

/** Ratios are worth nothing when the two sides made different tables. */
function expectSame(full: Build, hand: Hand): void {
  for (const [model, rows] of Object.entries(full.modelRows))
    if (hand.modelRows[model] !== rows)
      throw new Error(`[bench] ${model} has ${rows} rows, by hand ${hand.modelRows[model]}.`)
  if (hand.failed > 0) throw new Error(`[bench] ${hand.failed} audits found rows by hand.`)
}

function shares(name: string, bookings: readonly Booking[]): Figures {
  const steps = Object.entries(stepsOf(bookings))
  const total = steps.reduce((sum, [, seconds]) => sum + seconds, 0)
  return Object.fromEntries(steps.map(([step, seconds]) => [`${name}_${step}_share`, ratio(seconds, total)]))
}

/** Models by the time of their verbs. */
function slowest(bookings: readonly Booking[]): string {
  const whole = Map.groupBy(
    bookings.filter(({ what }) => what === 'whole'),
    ({ verb, model }) => `${verb} ${model}`,
  )
  const sums = [...whole].map(
    ([name, some]) => [name, some.reduce((sum, { seconds }) => sum + seconds, 0)] as const,
  )
  const first = sums.toSorted(([, a], [, b]) => b - a).slice(0, 8)
  return first.map(([name, seconds]) => `${name} ${seconds.toFixed(2)}`).join(', ')
}

function withGoals(figures: Figures): Figures {
  const missed = Object.entries(goals).flatMap(([key, [goal, text, from = 0]]) => {
    const [value, answers] = [figures[key], Number(figures['answers'])]
    return answers >= from && typeof value === 'number' && value > goal ? [`${key} ${value} (${text})`] : []
  })
  const told = Object.entries(goals).map(([key, [, text]]) => `${key} ${text}`)
  return { ...figures, goals: told.join(', '), missed: missed.join(', ') || 'none' }
}

function numberOf(text: string): number {
  const [, digits = text, unit = ''] = /^([\d_.]+)([kM]?)$/.exec(text) ?? []
  const rows = Number(digits.replaceAll('_', '')) * ({ k: 1e3, M: 1e6 }[unit] ?? 1)
  if (!(rows >= 1000)) throw new Error(`[bench] ${text} is no number of rows; say 1M or 10M.`)
  return rows
}

function brief(seconds: number, cpu: number): string {
  return `${seconds.toFixed(1)} s (${cpu.toFixed(1)} s of processor)`
}

function middle<T>(all: readonly T[], by: (each: T) => number): T | undefined {
  return all.toSorted((a, b) => by(a) - by(b))[Math.floor(all.length / 2)]
}

function median(values: readonly number[]): number {
  return middle(values, (value) => value) ?? NaN
}

const round = (value: number) => Number(value.toFixed(3))
const ratio = (value: number | undefined, of: number) => round((value ?? NaN) / of)
