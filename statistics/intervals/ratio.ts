/** Intervals of a ratio of two totals or means (revenue per visit, mean of clusters): delta method and Fieller's exact set. */
import { LARGEST, notFinite } from '#statistics/argument-checks.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, finiteFactor, type Level, notLevel, tOf } from './level.ts'

/** Sums over n units of a numerator y and a denominator x. */
export type RatioSums = {
  readonly n: number
  /** Σy. */
  readonly numerator: number
  /** Σx. */
  readonly denominator: number
  /** Σy². */
  readonly numeratorSquares: number
  /** Σx². */
  readonly denominatorSquares: number
  /** Σxy. */
  readonly products: number
}

/**
 * Delta-method interval of the ratio Σy/Σx with t(n−1) limits.
 * Refuses n < 2, a denominator of 0, sums that are not finite or contradict each other, and a population smaller than n.
 * Formula: r = Σy/Σx, se² = n/(n−1)·Σ(y − r·x)²/(Σx)², times (N−n)/(N−1) for a finite population.
 * Source: Cochran (1977), Sampling Techniques 2.11 and 6.4.
 * @example
 * ratioDelta({ n: 4, numerator: 20, denominator: 10, numeratorSquares: 120, denominatorSquares: 30, products: 59 }) // { value: 2, se: 0.230940, low: 1.265046, high: 2.734954 }
 */
export function ratioDelta({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...sums
}: RatioSums & Level): (Estimate & { se: number }) | Refusal {
  const refused =
    notRatio('ratioDelta', sums) ?? notLevel('ratioDelta', { confidence, populationSize }, sums.n)
  if (refused) return refused
  const { n, numerator, denominator, numeratorSquares, denominatorSquares, products } = sums
  const value = numerator / denominator
  const squares = numeratorSquares - 2 * value * products + value * value * denominatorSquares
  if (squares < -1e-9 * numeratorSquares)
    return refuse(
      'out-of-range',
      '[ratioDelta] the sums contradict each other (negative variance); check Σx², Σxy and Σy².',
    )
  const factor = finiteFactor(n, populationSize)
  const se = Math.sqrt((Math.max(0, squares) * n * factor) / (n - 1)) / Math.abs(denominator)
  const half = tOf(confidence, n - 1) * se
  return { value, n, se, low: value - half, high: value + half, confidence }
}

/**
 * Fieller's interval of the ratio of means ȳ/x̄: exact for normal data and honest where the denominator is uncertain.
 * Refuses what `ratioDelta` refuses, and a denominator that does not differ from 0 at this confidence: the set is then unbounded.
 * Formula: the ratios ρ with (ȳ − ρx̄)² ≤ t²·(s_yy − 2ρs_xy + ρ²s_xx)/n.
 * Source: Fieller (1954), JRSS B 16, 175–185.
 * @example
 * ratioFieller({ n: 4, numerator: 20, denominator: 10, numeratorSquares: 120, denominatorSquares: 30, products: 59 }).value // 2
 */
export function ratioFieller({
  confidence = DEFAULT_CONFIDENCE,
  populationSize,
  ...sums
}: RatioSums & Level): (Estimate & { se: number }) | Refusal {
  const delta = ratioDelta({ ...sums, confidence, populationSize })
  if (isRefusal(delta)) return { ...delta, reason: delta.reason.replace('[ratioDelta]', '[ratioFieller]') }
  const { n } = sums
  const y = sums.numerator / n
  const x = sums.denominator / n
  const t2 = (tOf(confidence, n - 1) ** 2 * finiteFactor(n, populationSize)) / (n * (n - 1))
  const a = x * x - t2 * (sums.denominatorSquares - n * x * x)
  const b = x * y - t2 * (sums.products - n * x * y)
  const c = y * y - t2 * (sums.numeratorSquares - n * y * y)
  if (a <= 1e-14 * x * x)
    return refuse(
      'out-of-range',
      '[ratioFieller] the denominator does not differ from 0 at this confidence, so every ratio is possible; collect more data.',
    )
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  return { ...delta, low: (b - root) / a, high: (b + root) / a }
}

function notRatio(where: string, sums: RatioSums): Refusal | undefined {
  const refused = notFinite(where, { ...sums })
  if (refused) return refused
  if (sums.n < 2) return refuse('too-few', `[${where}] n is ${sums.n}; a variance needs at least two units.`)
  if (Math.abs(sums.denominator) < 1 / LARGEST)
    return refuse(
      'out-of-range',
      `[${where}] the denominator sums to ${sums.denominator}; a ratio has no value there.`,
    )
  return undefined
}
