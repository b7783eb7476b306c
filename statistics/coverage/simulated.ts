/** Coverage by seeded simulation, for intervals whose samples cannot be enumerated. */
import type { Interval } from '#statistics/estimate.ts'
import {
  clusteredDifference,
  clusterMean,
  newcombe,
  npsDifference,
  pairedDifference,
  pairedShares,
  partAgainstWhole,
  ratioDelta,
  ratioFieller,
  tInterval,
  weightedMean,
  weightedNps,
  weightedShare,
  weightedSums,
  welch,
} from '#statistics/intervals/index.ts'
import { type Random, seeded } from '#statistics/random/index.ts'
import { isRefusal, type Refusal } from '#statistics/refusal.ts'
import { answers, clusters, ratioSums, sampleSums } from './samples.ts'

export type SimulatedCase = {
  readonly interval: string
  readonly population: string
  readonly truth: number
  readonly draw: (random: Random, n: number) => Interval | Refusal
}

/** Share of intervals that hold the truth, among those not refused, and the share refused. */
export function simulatedCoverage(
  { draw, truth }: Pick<SimulatedCase, 'draw' | 'truth'>,
  { n, runs, seed }: { n: number; runs: number; seed: number },
): { coverage: number; refused: number } {
  const random = seeded(seed)
  let covered = 0
  let refused = 0
  for (let run = 0; run < runs; run++) {
    const got = draw(random, n)
    if (isRefusal(got)) refused += 1
    else if (got.low <= truth + 1e-9 && truth <= got.high + 1e-9) covered += 1
  }
  return { coverage: covered / (runs - refused), refused: refused / runs }
}

const normal = (r: Random) => r.normal(5, 2)
const exponential = (r: Random) => r.exponential(1)
const lognormal = (r: Random) => Math.exp(r.normal())
/** A 0–10 answer that piles up at the top; mean 8.05. */
const SKEWED = [3, 1, 1, 1, 2, 4, 5, 13, 20, 20, 30]
const skewedAnswer = (r: Random) => r.category(SKEWED)
const skewedMean = SKEWED.reduce((sum, weight, x) => sum + weight * x, 0) / 100
const NPS = [0.6, 0.25, 0.15]
const npsAnswer = (r: Random) => 1 - r.category(NPS)
const yes = (r: Random) => (r.uniform() < 0.8 ? 1 : 0)
const weight = (r: Random) => Math.exp(r.normal(0, 0.7))

function weightedRows(random: Random, n: number, value: (r: Random) => number) {
  const sums = weightedSums(
    Array.from({ length: n }, () => ({ value: value(random), weight: weight(random) })),
  )
  return isRefusal(sums) ? undefined : sums
}

function npsCountsOf(random: Random, n: number, shares: readonly number[]) {
  const [promoters = 0, passives = 0, detractors = 0] = random.multinomial(n, shares)
  return { promoters, passives, detractors }
}

const means: readonly SimulatedCase[] = (
  [
    ['normal', 5, normal],
    ['0–10 skewed', skewedMean, skewedAnswer],
    ['exponential', 1, exponential],
    ['lognormal', Math.exp(0.5), lognormal],
  ] as const
).map(([population, truth, value]) => ({
  interval: 'tInterval',
  population,
  truth,
  draw: (r, n) => tInterval(sampleSums(answers(r, n, value))),
}))

const weighted: readonly SimulatedCase[] = [
  {
    interval: 'weightedMean',
    population: '0–10 skewed, lognormal weights',
    truth: skewedMean,
    draw: (r, n) => weightedMean(weightedRows(r, n, skewedAnswer) ?? none),
  },
  {
    interval: 'weightedShare',
    population: '80 %, lognormal weights',
    truth: 0.8,
    draw: (r, n) => weightedShare(weightedRows(r, n, yes) ?? none),
  },
  {
    interval: 'weightedNps',
    population: '60/25/15, lognormal weights',
    truth: 45,
    draw: (r, n) => weightedNps(weightedRows(r, n, npsAnswer) ?? none),
  },
]
const none = { n: 0, weight: 0, weighted: 0, squaredWeight: 0, squaredWeighted: 0, squaredSquares: 0 }

const ratios: readonly SimulatedCase[] = (
  [
    ['ratioDelta', ratioDelta],
    ['ratioFieller', ratioFieller],
  ] as const
).map(([interval, ratio]) => ({
  interval,
  population: 'spend per visit, gamma',
  truth: 20,
  draw: (r, n) => ratio(ratioSums(r, n)),
}))

const clustered: readonly SimulatedCase[] = [
  {
    interval: 'clusterMean',
    population: '1–5 answers, ICC ½ (n clusters)',
    truth: 5,
    draw: (r, n) => clusterMean({ clusters: clusters(r, n, 5) }),
  },
  {
    interval: 'clusteredDifference',
    population: 'same customers twice (n customers)',
    truth: 1,
    draw: (r, n) => {
      const before = clusters(r, n, 5)
      return clusteredDifference({
        clusters: before.map((b) => ({ a: { n: b.n, sum: b.sum + b.n + r.normal() }, b })),
      })
    },
  },
]

const differences: readonly SimulatedCase[] = [
  {
    interval: 'npsDifference',
    population: '60/25/15 − 50/30/20',
    truth: 15,
    draw: (r, n) => npsDifference({ a: npsCountsOf(r, n, NPS), b: npsCountsOf(r, n, [0.5, 0.3, 0.2]) }),
  },
  {
    interval: 'npsDifference',
    population: '95/4/1 − 80/15/5',
    truth: 19,
    draw: (r, n) =>
      npsDifference({ a: npsCountsOf(r, n, [0.95, 0.04, 0.01]), b: npsCountsOf(r, n, [0.8, 0.15, 0.05]) }),
  },
  {
    interval: 'newcombe',
    population: '80 % − 60 %',
    truth: 0.2,
    draw: (r, n) =>
      newcombe({ a: { successes: r.binomial(n, 0.8), n }, b: { successes: r.binomial(n, 0.6), n } }),
  },
  {
    interval: 'newcombe',
    population: '5 % − 1 %',
    truth: 0.04,
    draw: (r, n) =>
      newcombe({ a: { successes: r.binomial(n, 0.05), n }, b: { successes: r.binomial(n, 0.01), n } }),
  },
  {
    interval: 'welch',
    population: 'normal, sd 2 and 1',
    truth: 1,
    draw: (r, n) =>
      welch({ a: sampleSums(answers(r, n, normal)), b: sampleSums(answers(r, n, (s) => s.normal(4, 1))) }),
  },
  {
    interval: 'pairedDifference',
    population: 'skewed answers twice',
    truth: 0,
    draw: (r, n) => pairedDifference(sampleSums(answers(r, n, (s) => skewedAnswer(s) - skewedAnswer(s)))),
  },
  {
    interval: 'pairedShares',
    population: '20 % only first, 10 % only second',
    truth: 0.1,
    draw: (r, n) => {
      const [onlyFirst = 0, onlySecond = 0, agreeing = 0] = r.multinomial(n, [0.2, 0.1, 0.7])
      return pairedShares({ onlyFirst, onlySecond, agreeing })
    },
  },
  {
    interval: 'partAgainstWhole',
    population: 'half of the whole, 0–10 skewed',
    truth: 0,
    draw: (r, n) => {
      const part = sampleSums(answers(r, n, skewedAnswer))
      const rest = sampleSums(answers(r, n, skewedAnswer))
      return partAgainstWhole({
        part,
        whole: { n: 2 * n, sum: part.sum + rest.sum, sumOfSquares: part.sumOfSquares + rest.sumOfSquares },
      })
    },
  },
]

export const simulatedCases: readonly SimulatedCase[] = [
  ...means,
  ...weighted,
  ...ratios,
  ...clustered,
  ...differences,
]
