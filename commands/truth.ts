/** `saydo truth`: of a simulated company, the planted effects against what the pipeline found. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { ConfigInvalid } from '#activities/project.ts'
import { publishedSlices } from '#lake/published-slices.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { dim, printJson, printLine, printTable } from './output.ts'
import { withPublished } from './published.ts'
import { PlantedEffect, recover } from './recover.ts'

export const truthCommand = command(
  'truth',
  'planted effects of the simulated company against what the pipeline found',
  ['truth', 'truth --json'],
).action(async (options: GlobalOptions) => {
  const { settings, file } = await openProject(options)
  if (file.simulation === undefined)
    throw new ConfigInvalid([
      'this project’s company is real, and its truth is not known; `saydo truth` is for simulated ones',
    ])
  const planted = z
    .array(PlantedEffect)
    .parse(JSON.parse(await readFile(join(settings.home, 'simulation', 'truth.json'), 'utf8')))
  const rows = await withPublished(settings, async ({ storage, engine }, version) => {
    const slices = publishedSlices(storage, version)
    const ask = (sql: string) => engine.rows({ sql, parameters: [] }, slices)
    return Promise.all(planted.map(async (effect) => verdict(effect, await recover(effect, ask))))
  })
  if (options.json) return printJson(rows)
  const found = rows.filter((row) => row.found !== null)
  printTable(
    found.map(({ effect, planted, found, low, high, n, verdict }) => ({
      effect,
      planted,
      found,
      low,
      high,
      n,
      verdict,
    })),
  )
  printLine(summary(found))
  const others = rows.filter((row) => row.found === null)
  if (others.length > 0)
    printLine(dim(`Not looked for by counting alone: ${others.map((row) => row.effect).join(', ')}.`))
})

function summary(found: readonly Verdict[]): string {
  const inside = (rows: readonly Verdict[]) => rows.filter((row) => row.verdict === 'inside').length
  const counts = found.filter((row) => row.unit === 'count')
  const estimates = found.filter((row) => row.unit !== 'count')
  return (
    `${inside(estimates)} of ${estimates.length} estimates have the planted value in their 95 % interval (one in twenty is expected to miss); ` +
    `${inside(counts)} of ${counts.length} counts are exact.`
  )
}

type Verdict = {
  readonly effect: string
  readonly planted: number
  readonly found: number | null
  readonly low: number | null
  readonly high: number | null
  readonly n: number | null
  readonly verdict: 'inside' | 'outside' | 'not looked for'
  readonly unit: string
  readonly definition: string
}

function verdict(effect: PlantedEffect, found: Awaited<ReturnType<typeof recover>>): Verdict {
  const about = {
    effect: effect.name,
    planted: effect.value,
    unit: effect.unit,
    definition: effect.definition,
  }
  if (found === undefined)
    return { ...about, found: null, low: null, high: null, n: null, verdict: 'not looked for' }
  const { value, low, high, n } = found
  const inside = low <= effect.value && effect.value <= high
  return { ...about, found: value, low, high, n, verdict: inside ? 'inside' : 'outside' }
}
