/**
 * `node tests/incremental-equals-full.ts [cases] [seed]`: whatever happens to data and code between runs, what is built bit by bit is what a full
 * rebuild makes of the same records. Prints the counts as JSON; a history that breaks it is printed whole.
 */
import { deepStrictEqual } from 'node:assert'
import * as fc from 'fast-check'
import type { ModelVerbs } from '#activities/create-activities.ts'
import type { Model } from '#models/define-model.ts'
import { buildAll } from './build-all.ts'
import { type History, histories, type Landed } from './company-history.ts'
import { companyModels } from './company-models.ts'
import { streams } from './company-streams.ts'
import { chosen, landAll, type TablesFound, tablesOf, uncut } from './company-tables.ts'
import { type LakeMaker, openLakeMaker, type QuickLake } from './quick-lake.ts'

export type Counts = {
  readonly seed: number
  cases: number
  runs: number
  partitionsBuilt: number
  rebuilds: number
  /** Tables whose rows and content were compared, and the partitions they are made of. */
  tablesCompared: number
  partitionsCompared: number
  runsWithoutWork: number
}

export async function prove(cases: number, seed: number): Promise<Counts> {
  const counts: Counts = {
    seed,
    cases: 0,
    runs: 0,
    partitionsBuilt: 0,
    rebuilds: 0,
    tablesCompared: 0,
    partitionsCompared: 0,
    runsWithoutWork: 0,
  }
  await using maker = await openLakeMaker()
  const names = companyModels().map(({ name }) => name)
  const property = fc.asyncProperty(histories(names), (history) => holds(maker, history, counts))
  await fc.assert(property, {
    numRuns: cases,
    seed,
    endOnFailure: process.env['SAYDO_PROOF_SHRINK'] !== 'yes',
  })
  return counts
}

async function holds(maker: LakeMaker, history: History, counts: Counts): Promise<void> {
  await using lake = await maker.open()
  const code: Record<string, number> = {}
  for (const [number, { change, today, compared }] of history.runs.entries()) {
    await landAll(lake, ofRun(history.landed, number))
    if (change) code[change.model] = change.number
    const models = chosen(companyModels(code), history.leaves)
    const { upstream, partitions } = await buildAll(lake.verbs(models, today))
    counts.runs += 1
    counts.partitionsBuilt += partitions
    const last = number === history.runs.length - 1
    if (!last && !compared) continue
    const landed = history.landed.filter(({ run }) => run <= number)
    const full = await rebuilt(maker, { history, landed, models, today, last: number })
    const found = await tablesOf(lake, models, upstream)
    deepStrictEqual(found.tables, full.tables)
    counts.tablesCompared += models.length
    counts.partitionsCompared += found.partitions
    counts.rebuilds += 1
    if (last) await expectNoWork(lake, lake.verbs(models, today), history, counts)
  }
  counts.cases += 1
}

/** Nothing to do, and nothing to do either when a record arrives once more as it was. */
async function expectNoWork(lake: QuickLake, verbs: ModelVerbs, history: History, counts: Counts) {
  const [again] = history.landed
  if (again && !history.ties) await lake.land(streams[again.stream], [again])
  const { partitions, published } = await buildAll(verbs)
  deepStrictEqual({ partitions, changed: published.changed }, { partitions: 0, changed: false })
  counts.runsWithoutWork += 1
}

const ofRun = (landed: readonly Landed[], wanted: number) => landed.filter(({ run }) => run === wanted)

type Rebuild = {
  readonly history: History
  readonly landed: readonly Landed[]
  readonly models: readonly Model[]
  readonly today: string
  readonly last: number
}

/** In a fresh lake: the same files, or where cursors tell the order all records in one file from last to first. */
async function rebuilt(
  maker: LakeMaker,
  { history, landed, models, today, last }: Rebuild,
): Promise<TablesFound> {
  await using lake = await maker.open()
  if (history.ties) for (let run = 0; run <= last; run += 1) await landAll(lake, ofRun(landed, run))
  else await landAll(lake, landed.toReversed())
  const full = history.uncut ? models.map(uncut) : models
  const { upstream } = await buildAll(lake.verbs(full, today))
  return await tablesOf(lake, full, upstream)
}

if (import.meta.main) {
  const [cases = '5000', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2)
  console.error(`seed ${seed}, ${cases} cases`)
  console.log(JSON.stringify(await prove(Number(cases), Number(seed))))
}
