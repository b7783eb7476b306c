/** `saydo plan`: what a build would make and why, before anything runs. */
import { type ForeseenModel, foresee, type Foresight } from '#activities/foresee.ts'
import type { StreamNews } from '#activities/stream-news.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { formatBytes } from './format-bytes.ts'
import { formatDays } from './format-days.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { modelsNamed } from './model-arguments.ts'
import { withWorkshop } from './open-workshop.ts'
import { bold, printJson, printLine, printTable } from './output.ts'
import { sayWhenSlow } from './say-when-slow.ts'

export const planCommand = withEnvironment(
  command('plan', 'what a build would make and why, before anything runs; asks no source', [
    'plan',
    'plan xo.customer_month --env dev',
    'plan --json',
  ]),
)
  .argument('[model...]', 'models to tell of; all when absent')
  .action(async (names: string[], options: GlobalOptions & EnvironmentOption) => {
    const opened = await openProject(options)
    const foresight = await withWorkshop(opened, async (workshop) => {
      const wanted = new Set(modelsNamed(workshop.models, names).map(({ name }) => name))
      const all = await sayWhenSlow((say) => foresee(workshop, { environment: options.env, say }))
      return { ...all, models: all.models.filter(({ model }) => wanted.has(model)) }
    })
    if (options.json) printJson(foresight)
    else printForesight(foresight)
  })

function printForesight({ environment, streams, models }: Foresight): void {
  if (streams.length > 0) {
    printLine(bold('Landed since'))
    printTable(streams.map(newsRow))
    printLine()
  }
  const touched = models.filter(({ state }) => state !== 'served')
  if (touched.length > 0) printTable(touched.map(modelRow))
  for (const { model, contract } of models)
    for (const change of contract) printLine(contractLine(model, change))
  printLine(summary(environment, models))
}

function newsRow({ stream, files, rows, days, late }: StreamNews) {
  return { stream, files, rows, days: formatDays(days), late: late.length > 0 ? formatDays(late) : null }
}

function modelRow({ model, state, upTo, partitions, build, reasons, estimate }: ForeseenModel) {
  const isBuilt = state === 'build'
  return {
    model,
    state: isBuilt ? (upTo ? 'build up to' : 'build') : stateOf({ upTo, partitions }),
    build,
    of: partitions,
    'rows ≈': isBuilt ? estimate.rows : null,
    'size ≈': isBuilt ? formatBytes(estimate.bytes) : null,
    why: whyText(reasons),
  }
}

function stateOf({ upTo, partitions }: Pick<ForeseenModel, 'upTo' | 'partitions'>): string {
  if (partitions === 0) return 'empty'
  return upTo ? 'put together' : 'in the lake'
}

/** Reasons that a line shows. */
const shown = 3

function whyText(reasons: ForeseenModel['reasons']): string {
  const all = Object.entries(reasons).toSorted(([, a], [, b]) => b - a)
  const told = all.slice(0, shown).map(([why, count]) => (count === 1 ? why : `${why} (${count})`))
  return [...told, ...(all.length > shown ? [`${all.length - shown} more`] : [])].join(', ')
}

function contractLine(model: string, change: ForeseenModel['contract'][number]): string {
  const { column, change: what, before, after, reaches, metrics, breaking } = change
  const types = before !== null && after !== null ? ` from ${before} to ${after}` : ` (${before ?? after})`
  const readers = [...reaches, ...metrics.map((metric) => `metric ${metric}`)]
  const reach = readers.length > 0 ? `, reaches ${readers.join(', ')}` : ''
  return `${breaking ? '✗ breaking: ' : '· '}${model}.${column} ${what}${types}${reach}`
}

function summary(environment: string, models: readonly ForeseenModel[]): string {
  const built = models.filter(({ state }) => state === 'build')
  const partitions = built.reduce((sum, { build }) => sum + build, 0)
  const rows = built.reduce((sum, { estimate }) => sum + estimate.rows, 0)
  const bytes = built.reduce((sum, { estimate }) => sum + estimate.bytes, 0)
  if (models.every(({ state }) => state === 'served'))
    return `Nothing to build: ${environment} serves all ${models.length} models as they would be built.`
  if (built.length === 0)
    return `Nothing to build: the lake has it all; a build makes ${environment} serve it.`
  const upTo = built.some((model) => model.upTo) ? 'up to ' : ''
  const breaking = models.flatMap(({ contract }) => contract).filter((change) => change.breaking).length
  const warning = breaking > 0 ? ` ${breaking} breaking changes.` : ''
  return `To build for ${environment}: ${upTo}${partitions.toLocaleString('en')} partitions of ${built.length} models, about ${rows.toLocaleString('en')} rows (${formatBytes(bytes)}).${warning}`
}
