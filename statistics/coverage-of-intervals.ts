/** `npm run coverage-of-intervals`: how often each interval holds the truth, over sample sizes and populations; exact where samples can be enumerated. */
import { npsCoverage, shareCoverage } from './coverage/enumerated.ts'
import { npsGrid, npsPopulations, shareGrid, shares } from './coverage/populations.ts'
import { simulatedCases, simulatedCoverage } from './coverage/simulated.ts'
import { adjustedWald, clopperPearson, npsScore, npsWald, wilson } from './intervals/index.ts'
import type { Random } from './random/index.ts'

const SIZES = [5, 10, 20, 30, 50, 100, 300, 1000]
/** NPS samples are enumerated up to this n, simulated above. */
const ENUMERATED = 300
const SEED = 20_260_101
const runsAt = (n: number) => (n < 300 ? 4000 : 1000)
/** What a published NPS interval promises on average over populations, from n = 10. */
const PROMISE = 0.94

type Line = { readonly name: string; readonly population: string; readonly cells: readonly string[] }

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const shown = (coverage: number) => coverage.toFixed(3).replace(/^0/, '').padStart(5)

type NpsInterval = Parameters<typeof npsCoverage>[0]

/** One coverage per population, the grid's last. */
function npsCoverageAt(interval: NpsInterval, n: number): number[] {
  const all = [...npsPopulations.map(({ shares }) => shares), ...npsGrid]
  if (n <= ENUMERATED) return npsCoverage(interval, n, all)
  return all.map((shares) => {
    const draw = (random: Random) => {
      const [promoters = 0, passives = 0, detractors = 0] = random.multinomial(n, shares)
      return interval({ promoters, passives, detractors })
    }
    const truth = 100 * (shares[0] - shares[2])
    return simulatedCoverage({ truth, draw }, { n, runs: runsAt(n), seed: SEED }).coverage
  })
}

/** Coverage per population and on the grid, for each sample size. */
function npsLines(name: string, interval: NpsInterval): { lines: Line[]; grid: number[]; below: string[] } {
  const bySize = SIZES.map((n) => npsCoverageAt(interval, n))
  const grid = bySize.map((coverage) => mean(coverage.slice(npsPopulations.length)))
  const lines = npsPopulations.map(({ name: population }, i) => ({
    name,
    population,
    cells: bySize.map((coverage) => shown(coverage[i] ?? 0)),
  }))
  return {
    lines: [...lines, { name, population: `mean of ${npsGrid.length} populations`, cells: grid.map(shown) }],
    grid,
    below: bySize.flatMap((coverage, i) =>
      npsPopulations.flatMap(({ name: population }, j) =>
        (SIZES[i] ?? 0) >= 10 && (coverage[j] ?? 0) < PROMISE
          ? [`${population} at n ${SIZES[i]}: ${shown(coverage[j] ?? 0).trim()}`]
          : [],
      ),
    ),
  }
}

function shareLines(name: string, interval: Parameters<typeof shareCoverage>[0]): Line[] {
  const line = (population: string, at: (n: number) => number) => ({
    name,
    population,
    cells: SIZES.map((n) => shown(at(n))),
  })
  return [
    ...shares.map((p) => line(`${100 * p} %`, (n) => shareCoverage(interval, n, p))),
    line(`mean of ${shareGrid.length} shares`, (n) =>
      mean(shareGrid.map((p) => shareCoverage(interval, n, p))),
    ),
  ]
}

function simulatedLines(): Line[] {
  return simulatedCases.map((one) => ({
    name: one.interval,
    population: one.population,
    cells: SIZES.map((n) => {
      const { coverage, refused } = simulatedCoverage(one, { n, runs: runsAt(n), seed: SEED + n })
      return `${shown(coverage)}${refused > 0.005 ? '*' : ''}`
    }),
  }))
}

function print(lines: readonly Line[]): void {
  for (const { name, population, cells } of lines)
    console.log(`${name.padEnd(20)} ${population.padEnd(36)} ${cells.map((cell) => cell.padEnd(7)).join('')}`)
}

function main(): void {
  console.log('Coverage of nominal 95 % intervals.')
  print([{ name: 'interval', population: 'population', cells: SIZES.map((n) => `n ${n}`) }])
  const adjusted = npsLines('adjustedWald', adjustedWald)
  print(adjusted.lines)
  print(npsLines('npsScore', npsScore).lines)
  print(npsLines('npsWald', npsWald).lines)
  print(shareLines('wilson', wilson))
  print(shareLines('clopperPearson', clopperPearson))
  print(simulatedLines())
  console.log(
    `Shares, and NPS up to n ${ENUMERATED}: exact, every sample enumerated. The rest: seeded samples, standard error .003 (.007 from n 300); * some samples refused.`,
  )
  const least = Math.min(...adjusted.grid.filter((_, i) => (SIZES[i] ?? 0) >= 10))
  const kept = least >= PROMISE
  console.log(
    `adjustedWald, n ≥ 10, mean over populations: least ${shown(least)}, promised ${shown(PROMISE)}: ${kept ? 'kept' : 'BROKEN'}.`,
  )
  console.log(`adjustedWald, n ≥ 10, single populations below it: ${adjusted.below.join('; ') || 'none'}.`)
  if (!kept) process.exitCode = 1
}

if (import.meta.main) main()
