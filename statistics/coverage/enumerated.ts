/** Coverage by enumeration: every possible sample of counts, weighted by its probability, so that the table has no simulation noise. */
import { binomialTerm, logGamma } from '#statistics/distributions/raw/gamma-function.ts'
import type { Interval } from '#statistics/estimate.ts'
import type { NpsCounts } from '#statistics/intervals/index.ts'
import { isRefusal, type Refusal } from '#statistics/refusal.ts'

/** Shares of promoters, passives and detractors. */
export type NpsPopulation = readonly [promoters: number, passives: number, detractors: number]

type NpsInterval = (counts: NpsCounts) => Interval | Refusal

/** Coverage of an NPS interval at sample size n, for each population; a refusal covers nothing. Samples grow with n². */
export function npsCoverage(
  interval: NpsInterval,
  n: number,
  populations: readonly NpsPopulation[],
): number[] {
  const logFactorial = Array.from({ length: n + 1 }, (_, k) => logGamma(k + 1))
  const logs = populations.map((population) => population.map(Math.log))
  const truths = populations.map(([p, , d]) => 100 * (p - d))
  const covered = populations.map(() => 0)
  for (let promoters = 0; promoters <= n; promoters++)
    for (let detractors = 0; detractors <= n - promoters; detractors++) {
      const counts = { promoters, passives: n - promoters - detractors, detractors }
      const got = interval(counts)
      if (isRefusal(got)) continue
      const ways = logWays(logFactorial, counts)
      for (const [i, truth] of truths.entries())
        if (got.low <= truth + 1e-9 && got.high >= truth - 1e-9)
          covered[i] = (covered[i] ?? 0) + Math.exp(ways + logChance(logs[i] ?? [], counts))
    }
  return covered
}

function logWays(logFactorial: readonly number[], { promoters, passives, detractors }: NpsCounts): number {
  const of = (k: number) => logFactorial[k] ?? 0
  return of(promoters + passives + detractors) - of(promoters) - of(passives) - of(detractors)
}

function logChance(
  [p = 0, s = 0, d = 0]: readonly number[],
  { promoters, passives, detractors }: NpsCounts,
): number {
  return (promoters && promoters * p) + (passives && passives * s) + (detractors && detractors * d)
}

/** Coverage of a share's interval at sample size n and true share p. */
export function shareCoverage(
  interval: (counts: { successes: number; n: number }) => Interval | Refusal,
  n: number,
  p: number,
): number {
  let covered = 0
  for (let successes = 0; successes <= n; successes++) {
    const got = interval({ successes, n })
    if (!isRefusal(got) && got.low <= p && p <= got.high) covered += binomialTerm(successes, n, p, 1 - p)
  }
  return covered
}
