/** Weighted means, shares and NPS from six additive sums: linearised standard errors and Kish's effective n. */
import { notFinite, notPositive } from '#statistics/argument-checks.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, finiteFactor, type Level, notLevel, tOf, zOf } from './level.ts'
import { npsEstimate, type NpsEstimate } from './nps.ts'
import { wilsonLimits } from './shares.ts'

/** Additive over any roll-up. For an NPS x is 1, 0 or −1; for a share 1 or 0. */
export type WeightedSums = {
  /** Answers with a positive weight. */
  readonly n: number
  /** Σw. */
  readonly weight: number
  /** Σwx. */
  readonly weighted: number
  /** Σw². */
  readonly squaredWeight: number
  /** Σw²x. */
  readonly squaredWeighted: number
  /** Σw²x². */
  readonly squaredSquares: number
}

export type WeightedEstimate = Estimate & {
  readonly se: number
  /** Kish: (Σw)²/Σw²; what the weights leave of n. */
  readonly effectiveN: number
}

/**
 * The six sums from rows: pairs of value and weight. Rows of weight 0 do not count.
 * Refuses values or weights that are not finite and weights below 0.
 * Source: additivity of sums.
 * @example
 * weightedSums([{ value: 1, weight: 2 }, { value: -1, weight: 1 }]) // { n: 2, weight: 3, weighted: 1, squaredWeight: 5, squaredWeighted: 3, squaredSquares: 5 }
 */
export function weightedSums(
  rows: readonly { readonly value: number; readonly weight: number }[],
): WeightedSums | Refusal {
  const sums = { n: 0, weight: 0, weighted: 0, squaredWeight: 0, squaredWeighted: 0, squaredSquares: 0 }
  for (const { value, weight } of rows) {
    const refused = notFinite('weightedSums', { value, weight })
    if (refused) return refused
    if (weight < 0)
      return refuse('no-weight', `[weightedSums] a weight is ${weight}; weights must be at least 0.`)
    if (weight === 0) continue
    const square = weight * weight
    sums.n += 1
    sums.weight += weight
    sums.weighted += weight * value
    sums.squaredWeight += square
    sums.squaredWeighted += square * value
    sums.squaredSquares += square * value * value
  }
  return sums
}

/**
 * Kish's effective sample size (Σw)²/Σw², and the design effect n/n_eff of the weights alone.
 * Refuses weights that sum to 0.
 * Source: Kish (1965), Survey Sampling 11.7.
 * @example
 * kish({ n: 2, weight: 3, squaredWeight: 5 }) // { effectiveN: 1.8, designEffect: 1.111111 }
 */
export function kish({
  n,
  weight,
  squaredWeight,
}: Pick<WeightedSums, 'n' | 'weight' | 'squaredWeight'>):
  | { effectiveN: number; designEffect: number }
  | Refusal {
  const refused = notFinite('kish', { n, weight, squaredWeight })
  if (refused) return refused
  const broken = notWeights('kish', { n, weight, squaredWeight })
  if (broken) return broken
  const effectiveN = weight ** 2 / squaredWeight
  return { effectiveN, designEffect: n / effectiveN }
}

/**
 * Weighted mean with linearised standard error; t limits with n_eff − 1 degrees of freedom.
 * Refuses n < 2, weights that sum to 0, a variance of 0 and sums that are not finite.
 * Formula: m = Σwx/Σw, se² = n/(n−1)·Σw²(x−m)²/(Σw)², times (N−n)/(N−1) for a finite population.
 * Source: Taylor linearisation, Särndal, Swensson & Wretman (1992) 5.7; equals R `survey::svymean` with `ids = ~1`.
 * @example
 * const sums = weightedSums([{ value: 3, weight: 1 }, { value: 5, weight: 3 }, { value: 4, weight: 2 }])
 * weightedMean(sums) // { value: 4.333333, se: 0.509175, effectiveN: 2.571429 }
 */
export function weightedMean({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...sums
}: WeightedSums & Level): WeightedEstimate | Refusal {
  const parts = weightedParts('weightedMean', sums, { confidence, populationSize })
  if (isRefusal(parts)) return parts
  const { value, se, effectiveN } = parts
  if (se === 0 && finiteFactor(sums.n, populationSize) > 0)
    return refuse(
      'no-variance',
      `[weightedMean] all ${sums.n} values equal ${value}; an interval needs values that differ.`,
    )
  const half = tOf(confidence, Math.max(1, effectiveN - 1)) * se
  return { value, n: sums.n, se, effectiveN, low: value - half, high: value + half, confidence }
}

/**
 * Weighted share, 0–1: Wilson's interval at the smaller of two effective n, Kish's and that of the linearised standard error.
 * Equal weights give `wilson`.
 * Refuses n < 2, weights that sum to 0, sums that are not finite, and a value outside 0–1.
 * Formula: n* = min(n_eff, n/(n−1)·p(1−p)/se²), then Wilson.
 * Source: Korn & Graubard (1998), Survey Methodology 24, 193–201 (effective n); Wilson (1927).
 * @example
 * const sums = weightedSums([{ value: 1, weight: 2 }, { value: 0, weight: 1 }, { value: 1, weight: 1 }, { value: 0, weight: 2 }])
 * weightedShare(sums) // { value: 0.5, effectiveN: 3.6 }
 */
export function weightedShare({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...sums
}: WeightedSums & Level): WeightedEstimate | Refusal {
  const parts = weightedParts('weightedShare', sums, { confidence, populationSize })
  if (isRefusal(parts)) return parts
  const { se, effectiveN } = parts
  const value = withinRounding(parts.value, 0, 1)
  if (value < 0 || value > 1)
    return refuse('out-of-range', `[weightedShare] the weighted mean is ${value}; give values of 0 and 1.`)
  // Of zeros and ones no weight is larger than all together, so Σw²x² is at most Σw·Σwx.
  if (sums.squaredSquares > sums.weight * Math.abs(sums.weighted) * (1 + 1e-9))
    return refuse(
      'out-of-range',
      `[weightedShare] Σw²x² ${sums.squaredSquares} contradicts Σwx ${sums.weighted}; give values of 0 and 1.`,
    )
  const factor = finiteFactor(sums.n, populationSize)
  if (factor === 0) return { value, n: sums.n, se, effectiveN, low: value, high: value, confidence }
  const kishN = effectiveN / factor
  const linearisedN =
    se > 0 && value > 0 && value < 1 ? (sums.n * value * (1 - value)) / ((sums.n - 1) * se ** 2) : kishN
  const n = Math.min(kishN, linearisedN)
  return { value, n: sums.n, se, effectiveN, ...wilsonLimits(value, n, zOf(confidence)), confidence }
}

/**
 * Weighted NPS in points: linearised standard error, adjusted-Wald interval at Kish's effective n. Equal weights give `adjustedWald`.
 * Refuses n < 2, weights that sum to 0, sums that are not finite, and a value outside −1…1.
 * Formula: m and se as in `weightedMean`; v = se²·n_eff·(n−1)/n; the interval adds ¾ promoter, ¾ detractor and 1½ passive to n_eff answers.
 * Source: Rocks (2016) for the adjustment; Kish (1965) for the effective n; equals R `survey::svymean` in value and se.
 * @example
 * const rows = [[1, 1], [1, 2], [1, 1], [0, 1], [0, 3], [-1, 2], [-1, 1], [1, 1], [-1, 2], [1, 1]]
 * const sums = weightedSums(rows.map(([value, weight]) => ({ value, weight })))
 * weightedNps(sums) // { value: 6.666667, se: 29.189321, effectiveN: 8.333333 }
 */
export function weightedNps({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...sums
}: WeightedSums & Level): (NpsEstimate & { effectiveN: number }) | Refusal {
  const parts = weightedParts('weightedNps', sums, { confidence, populationSize })
  if (isRefusal(parts)) return parts
  const { se, effectiveN } = parts
  const score = withinRounding(parts.value, -1, 1)
  if (score < -1 || score > 1)
    return refuse('out-of-range', `[weightedNps] the weighted mean is ${score}; give values of 1, 0 and −1.`)
  const factor = finiteFactor(sums.n, populationSize)
  if (factor === 0)
    return { ...npsEstimate({ n: sums.n, value: 100 * score, centre: score, se: 0, confidence }), effectiveN }
  const answers = effectiveN / factor
  const grown = answers + 3
  const centre = (score * answers) / grown
  const moved = Math.min(1, (se * se * answers * (sums.n - 1)) / sums.n + score * score)
  const variance = (moved * answers + 1.5) / grown - centre * centre
  const shape = { n: sums.n, value: 100 * score, centre, se: Math.sqrt(variance / grown), confidence }
  return { ...npsEstimate(shape), se: 100 * se, effectiveN }
}

function weightedParts(
  where: string,
  sums: WeightedSums,
  level: Level,
): { value: number; se: number; effectiveN: number } | Refusal {
  const { n, weight, weighted, squaredWeight, squaredWeighted, squaredSquares } = sums
  const refused = notFinite(where, { ...sums }) ?? notLevel(where, level, n)
  if (refused) return refused
  if (n < 2) return refuse('too-few', `[${where}] n is ${n}; a standard error needs at least two answers.`)
  const broken = notWeights(where, sums)
  if (broken) return broken
  const value = weighted / weight
  const centred = squaredSquares - 2 * value * squaredWeighted + value * value * squaredWeight
  if (centred < -1e-9 * Math.abs(squaredSquares) || squaredSquares < 0)
    return refuse(
      'out-of-range',
      `[${where}] Σw²x² ${squaredSquares} contradicts the other sums; check them.`,
    )
  const square = centred <= 1e-13 * squaredSquares ? 0 : centred
  const factor = finiteFactor(n, level.populationSize)
  return {
    value,
    se: Math.sqrt(((square * n) / (n - 1)) * factor) / weight,
    effectiveN: weight ** 2 / squaredWeight,
  }
}

/** Weights must be there, and Σw² must fit Σw: (Σw)² ≤ n·Σw² ≤ n·(Σw)². */
function notWeights(
  where: string,
  { n, weight, squaredWeight }: Pick<WeightedSums, 'n' | 'weight' | 'squaredWeight'>,
): Refusal | undefined {
  if (notPositive(where, { n, weight, squaredWeight }))
    return refuse(
      'no-weight',
      `[${where}] Σw is ${weight} and Σw² ${squaredWeight} over n ${n}; give positive weights.`,
    )
  const square = weight * weight
  if (square > n * squaredWeight * (1 + 1e-9) || squaredWeight > square * (1 + 1e-9))
    return refuse(
      'out-of-range',
      `[${where}] Σw ${weight} and Σw² ${squaredWeight} contradict each other over n ${n}; check the sums.`,
    )
  return undefined
}

/** A value that oversteps an end of its scale by rounding alone is that end. */
function withinRounding(value: number, low: number, high: number): number {
  if (value < low && value > low - 1e-9) return low
  return value > high && value < high + 1e-9 ? high : value
}
