/** One side of the benchmark in a process of its own: `node side.ts <what> <settings as JSON>` prints its figures as JSON. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openStorage } from '#lake/storage.ts'
import { openControl } from '#lake/control/open-control.ts'
import { buildAll } from './build-all.ts'
import { ByHand } from './by-hand.ts'
import { companyModels, type Scope, today } from './company.ts'
import { landNewDay, landThreeYears, type NewDay } from './land-company.ts'
import { memoryMb, openLake, threads } from './open-lake.ts'
import { type Kind, planMany, preparePlans } from './plan-many.ts'
import { createWatch } from './watch.ts'

export type SideSettings = {
  /** A lake's folder. */
  readonly folder: string
  readonly answers: number
  readonly scope: Scope
  readonly newDay?: NewDay
  /** The day it is. */
  readonly now?: string
  /** Verbs at a time. */
  readonly atOnce?: number
  /** DuckDB's limit of each session. */
  readonly memoryMb?: number
  /** Of many plans. */
  readonly kind?: Kind
  /** By hand: models are not cut. */
  readonly whole?: boolean
}

export type Measured = {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly rssMb: number
} & Readonly<Record<string, unknown>>

type Side = (settings: SideSettings) => Promise<Readonly<Record<string, unknown>>>

async function landing({ folder, answers, newDay }: SideSettings) {
  const storage = await openStorage(join(folder, 'lake'))
  const control = openControl(join(folder, 'control.db'))
  await control.migrate()
  const company = { storage, control, answers, tempFolder: storage.temporary('.') }
  await (newDay ? landNewDay(company, newDay) : landThreeYears(company))
  await control.close()
  return {}
}

async function build({ folder, scope, now = today, atOnce, memoryMb }: SideSettings) {
  const watch = createWatch()
  const lake = await openLake(folder, companyModels(scope), {
    now,
    watch,
    ...(memoryMb && { limitMb: memoryMb }),
  })
  const { upstream, ...sums } = await buildAll(lake, watch, atOnce)
  const rows: Record<string, number> = {}
  for (const { name } of lake.models)
    rows[name] = (await lake.versions().buildOf(name, upstream[name] ?? '')).rows
  await lake.close()
  return { ...sums, modelRows: rows, bookings: watch.bookings() }
}

async function publishing({ folder, scope, now = today }: SideSettings) {
  const watch = createWatch()
  const lake = await openLake(folder, companyModels(scope), { now, watch })
  const from = performance.now()
  await lake.versions().rollback()
  const between = performance.now()
  const newest = (await lake.versions().list()).at(-1)
  const begun = performance.now()
  await lake.versions('other').publish(newest?.models ?? {})
  const ended = performance.now()
  await lake.versions().rollback(newest?.version)
  await lake.close()
  return { rollbackSeconds: (between - from) / 1000, publishSeconds: (ended - begun) / 1000 }
}

async function byHand({ folder, scope, whole = false }: SideSettings) {
  const storage = await openStorage(join(folder, 'lake'))
  const control = openControl(join(folder, 'control.db'))
  const out = join(folder, `by-hand`)
  rmSync(out, { recursive: true, force: true })
  const hand = await ByHand.open(companyModels(scope), {
    control,
    absolute: storage.absolute,
    folder: out,
    whole,
    memoryMb: memoryMb * 2,
    threads,
  })
  const from = performance.now()
  await hand.build()
  const buildSeconds = (performance.now() - from) / 1000
  const buildCpu = cpuSeconds()
  const failed = await hand.audit()
  const auditSeconds = (performance.now() - from) / 1000 - buildSeconds
  const auditCpu = cpuSeconds() - buildCpu
  return {
    buildSeconds,
    auditSeconds,
    buildCpu,
    auditCpu,
    failed,
    modelRows: await hand.rows(),
    spent: hand.spent,
  }
}

function cpuSeconds(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage()
  return (userCPUTime + systemCPUTime) / 1e6
}

async function preparing({ folder, kind = 'time' }: SideSettings) {
  await preparePlans(folder, kind)
  return {}
}

async function planning({ folder, kind = 'time' }: SideSettings) {
  return { planSeconds: await planMany(folder, kind) }
}

export const sides: Readonly<Record<string, Side>> = {
  landing,
  build,
  publishing,
  byHand,
  preparing,
  planning,
}

if (import.meta.main) {
  const [what = '', settings = '{}'] = process.argv.slice(2)
  const cpu = cpuSeconds()
  const from = performance.now()
  const figures = await sides[what]?.(JSON.parse(settings) as SideSettings)
  const seconds = (performance.now() - from) / 1000
  // DuckDB counts its limit in millions of bytes too.
  const rssMb = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6)
  console.log(JSON.stringify({ seconds, cpuSeconds: cpuSeconds() - cpu, rssMb, ...figures }))
  process.exit(0)
}
