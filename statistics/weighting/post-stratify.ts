/** Post-stratification: answers are weighted so that each stratum counts as in the population. */
import { notCount, notFinite, notPositive } from '#statistics/argument-checks.ts'
import { neumaierSum } from '#statistics/algebra/index.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { DEFAULT_CONFIDENCE, type Level, notLevel, zOf } from '#statistics/intervals/level.ts'
import { npsEstimate, type NpsEstimate } from '#statistics/intervals/nps.ts'
import { type NpsCounts, npsShares } from '#statistics/intervals/nps-counts.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

export type ResponseStratum = {
  readonly stratum: string
  /** Respondents. */
  readonly n: number
  /** People in the population. */
  readonly population: number
}

export type StratumWeight = {
  readonly stratum: string
  /** Weight of each respondent: population/n. */
  readonly weight: number
  /** n/population. */
  readonly responseRate: number
}

export type PostStratification = {
  readonly strata: readonly StratumWeight[]
  /** Kish, over all respondents. */
  readonly effectiveN: number
  readonly designEffect: number
}

/**
 * Weights population/n per stratum.
 * Refuses no strata, names that repeat, a populated stratum without respondents (merge it), respondents in a stratum without population, and broken counts.
 * Formula: w_h = N_h/n_h; n_eff = (ΣN_h)²/ΣN_h²/n_h.
 * Source: Holt & Smith (1979), JRSS A 142, 33–46; Kish (1965) for n_eff.
 * @example
 * const strata = [{ stratum: 'active', n: 900, population: 6000 }, { stratum: 'lapsing', n: 100, population: 4000 }]
 * postStratify(strata) // { effectiveN: 500, designEffect: 2 }
 */
export function postStratify(strata: readonly ResponseStratum[]): PostStratification | Refusal {
  const refused = notStrata('postStratify', strata)
  if (refused) return refused
  const filled = strata.filter(({ population }) => population > 0)
  const population = neumaierSum(filled.map((s) => s.population))
  const n = neumaierSum(filled.map((s) => s.n))
  const effectiveN = population ** 2 / neumaierSum(filled.map((s) => s.population ** 2 / s.n))
  return {
    strata: filled.map((s) => ({
      stratum: s.stratum,
      weight: s.population / s.n,
      responseRate: s.n / s.population,
    })),
    effectiveN,
    designEffect: n / effectiveN,
  }
}

/**
 * NPS of a population from the counts of its strata, in points, with an adjusted-Wald interval at the effective n.
 * Refuses what `postStratify` refuses.
 * Formula: m = ΣW_h·m_h, se² = ΣW_h²·v_h/n_h with W_h = N_h/N.
 * Source: stratified estimation, Cochran (1977) 5A.9; trinomial variance.
 * @example
 * const active = { stratum: 'active', population: 6000, promoters: 540, passives: 240, detractors: 120 }
 * const lapsing = { stratum: 'lapsing', population: 4000, promoters: 40, passives: 30, detractors: 30 }
 * postStratifiedNps({ strata: [active, lapsing] }) // { value: 32, se: 3.619699, effectiveN: 500 }
 */
export function postStratifiedNps({
  strata,
  confidence = DEFAULT_CONFIDENCE,
}: { strata: readonly (NpsCounts & { stratum: string; population: number })[] } & Pick<Level, 'confidence'>):
  | (NpsEstimate & { effectiveN: number })
  | Refusal {
  const sized = strata.map(({ stratum, population, promoters, passives, detractors }) => ({
    stratum,
    population,
    n: promoters + passives + detractors,
  }))
  const weights = postStratify(sized)
  if (isRefusal(weights))
    return { ...weights, reason: weights.reason.replace('[postStratify]', '[postStratifiedNps]') }
  const refused = notLevel('postStratifiedNps', { confidence }, 0)
  if (refused) return refused
  const total = neumaierSum(strata.map((s) => s.population))
  let score = 0
  let square = 0
  let n = 0
  for (const { population, promoters, passives, detractors } of strata) {
    if (population === 0) continue
    const shares = npsShares('postStratifiedNps', { promoters, passives, detractors })
    if (isRefusal(shares)) return shares
    const w = population / total
    score += w * shares.score
    square += (w * w * (shares.moved - shares.score ** 2)) / shares.n
    n += shares.n
  }
  const { effectiveN } = weights
  return {
    ...shrunk({ n, score, square, answers: effectiveN, confidence }),
    se: 100 * Math.sqrt(square),
    effectiveN,
  }
}

type Shrunk = { n: number; score: number; square: number; answers: number; confidence: number }

/** Adjusted Wald on effective answers whose variance is what the standard error implies. */
function shrunk({ n, score, square, answers, confidence }: Shrunk): NpsEstimate {
  const grown = answers + 3
  const centre = (score * answers) / grown
  const moved = Math.min(1, square * answers + score * score)
  const variance = (moved * answers + 1.5) / grown - centre * centre
  return npsEstimate({ n, value: 100 * score, centre, se: Math.sqrt(variance / grown), confidence })
}

/**
 * Mean of a population from the sums of its strata.
 * Refuses what `postStratify` refuses, a stratum with fewer than two answers, and sums that are not finite or contradict each other.
 * Formula: x̄ = ΣW_h·x̄_h, se² = ΣW_h²·s_h²/n_h·(1 − n_h/N_h), normal limits.
 * Source: Cochran (1977) 5.5.
 * @example
 * const strata = [{ stratum: 'a', population: 300, n: 10, sum: 50, sumOfSquares: 290 }, { stratum: 'b', population: 100, n: 10, sum: 90, sumOfSquares: 855 }]
 * postStratifiedMean({ strata }) // { value: 6, se: 0.519415 }
 */
export function postStratifiedMean({
  strata,
  confidence = DEFAULT_CONFIDENCE,
}: { strata: readonly (ResponseStratum & { sum: number; sumOfSquares: number })[] } & Pick<
  Level,
  'confidence'
>): (Estimate & { se: number }) | Refusal {
  const refused = notStrata('postStratifiedMean', strata) ?? notLevel('postStratifiedMean', { confidence }, 0)
  if (refused) return refused
  const total = neumaierSum(strata.map((s) => s.population))
  let value = 0
  let square = 0
  for (const one of strata.filter((s) => s.population > 0)) {
    const centred = centredSquares(one)
    if (isRefusal(centred)) return centred
    const { n, population, sum } = one
    const w = population / total
    value += (w * sum) / n
    square += (w * w * centred * (1 - n / population)) / (n * (n - 1))
  }
  const se = Math.sqrt(square)
  const half = zOf(confidence) * se
  return {
    value,
    n: neumaierSum(strata.map((s) => s.n)),
    se,
    low: value - half,
    high: value + half,
    confidence,
  }
}

/** Σ(x − x̄)² of a stratum. */
function centredSquares({
  stratum,
  n,
  population,
  sum,
  sumOfSquares,
}: ResponseStratum & { sum: number; sumOfSquares: number }): number | Refusal {
  const broken = notFinite('postStratifiedMean', { sum, sumOfSquares })
  if (broken) return broken
  if (n < 2)
    return refuse(
      'too-few',
      `[postStratifiedMean] stratum ${stratum} has ${n} answers; a variance needs two: merge it.`,
    )
  if (n > population)
    return refuse(
      'mismatch',
      `[postStratifiedMean] stratum ${stratum} has ${n} answers of ${population} people; give populations as counts.`,
    )
  const centred = sumOfSquares - sum ** 2 / n
  return centred < -1e-9 * sumOfSquares
    ? refuse(
        'out-of-range',
        `[postStratifiedMean] Σx² of stratum ${stratum} is below (Σx)²/n; check the sums.`,
      )
    : Math.max(0, centred)
}

function notStrata(where: string, strata: readonly ResponseStratum[]): Refusal | undefined {
  if (new Set(strata.map((s) => s.stratum)).size < strata.length)
    return refuse('mismatch', `[${where}] stratum names repeat; give each stratum once.`)
  for (const { stratum, n, population } of strata) {
    const refused = notCount(where, { n }) ?? notFinite(where, { population })
    if (refused) return refused
    if (population < 0 || (population > 0 && population < 1e-9))
      return refuse(
        'out-of-range',
        `[${where}] stratum ${stratum} has population ${population}; it must be 0 or a number of people.`,
      )
    if (n === 0 && population > 0)
      return refuse(
        'empty-cell',
        `[${where}] stratum ${stratum} has no respondents; nothing is known about it: merge it with another.`,
      )
    if (n > 0 && population === 0)
      return refuse(
        'mismatch',
        `[${where}] stratum ${stratum} has respondents but no population; check the frame.`,
      )
  }
  return notPositive(where, { population: neumaierSum(strata.map((s) => s.population)) })
}
