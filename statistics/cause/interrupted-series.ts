/** Interrupted time series: change of level and slope of one series at a known date, with autocorrelation allowed for. */
import { dot, type LeastSquares, leastSquares, neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { around, type TestedEstimate } from './around.ts'
import { neweyWest } from './newey-west.ts'

export type InterruptedSeriesOptions = {
  /** One value per period at equal steps, oldest first. */
  readonly values: readonly number[]
  /** Index of the first value after the interruption. */
  readonly start: number
  /** Weight of each value, e.g. its number of answers; all 1 unless given. */
  readonly weights?: readonly number[]
  /** Periods of a season (12 for months); adds one level per place in the season. */
  readonly season?: number
  /** Newey–West lags; ⌊4(n/100)^(2/9)⌋ unless given. */
  readonly lag?: number
  /** Default 0.95. */
  readonly confidence?: number
}

export type InterruptedSeriesResult = {
  /** Jump at `start` against the continued line. */
  readonly level: TestedEstimate
  /** Change of slope per period from `start` on. */
  readonly slope: TestedEstimate
  /** Mean distance of the fitted values after `start` from the continued line. */
  readonly effect: TestedEstimate
  readonly slopeBefore: TestedEstimate
  /** Continued line and distance from it, one per value from `start` on. */
  readonly after: readonly { readonly expected: number; readonly actual: number }[]
  readonly lag: number
  /** Near 2 = no autocorrelation of neighbours; below 1 the line misses something. */
  readonly durbinWatson: number
}

/**
 * Did a series change at a date, and by how much, against the line it was on? For one unit without a control group.
 * Takes equally spaced values; answers level in their unit, slope in their unit per period, intervals by Newey–West and t.
 * The design is only as good as the line: anything else that changed at the date is counted as effect.
 * Refuses fewer than 3 values on a side, more parameters than values allow, values that are not finite, a series that lies
 * on the line exactly.
 * Formula: y_t = α + βt + level·[t ≥ s] + slope·(t−s)·[t ≥ s] (+ season), variance n/(n−k)·(X'X)⁻¹ŜX(X'X)⁻¹ with Bartlett weights.
 * Source: Wagner et al. 2002; Bernal, Cummins & Gasparrini, IJE 46 (2017); Newey & West 1987, lag rule 1994.
 * @example
 * const values = [20, 21, 21.5, 23, 23.5, 25, 31, 32.5, 33, 35, 35.5, 37]
 * const series = interruptedSeries({ values, start: 6 })
 * series.level // { value: 5.338095, se: 0.151536, n: 12 }
 * series.slope.value // 0.2000
 * series.after[0] // { expected: 25.7333, actual: 31 }
 */
export function interruptedSeries(options: InterruptedSeriesOptions): InterruptedSeriesResult | Refusal {
  const { values, start, confidence = 0.95 } = options
  const refusal = unusable(options)
  if (refusal) return refusal
  const weights = options.weights ?? values.map(() => 1)
  const x = values.map((_, t) => design(t, start, options.season ?? 1))
  const fit = leastSquares({ x, y: [...values], weights: [...weights] })
  if (isRefusal(fit)) return fit
  const residuals = values.map((value, t) => value - dot(x[t] ?? [], fit.coefficients))
  if (onTheLine(values, residuals))
    return refuse(
      'no-variance',
      '[interruptedSeries] the series lies on the fitted line exactly; there is no standard error.',
    )
  const lag = options.lag ?? Math.floor(4 * (values.length / 100) ** (2 / 9))
  const covariance = neweyWest({ x, residuals, weights, inverseGram: fit.inverseGram, lag })
  const meanAfter = (values.length - start - 1) / 2
  const estimate = (entries: Entries) =>
    combination({ fit, covariance, n: values.length, confidence }, entries)
  const [level, slope] = [estimate({ 2: 1 }), estimate({ 3: 1 })]
  const [effect, slopeBefore] = [estimate({ 2: 1, 3: meanAfter }), estimate({ 1: 1 })]
  if (isRefusal(level)) return level
  if (isRefusal(slope)) return slope
  if (isRefusal(effect)) return effect
  if (isRefusal(slopeBefore)) return slopeBefore
  return onlyFinite('interruptedSeries', {
    level,
    slope,
    effect,
    slopeBefore,
    after: values.slice(start).map((actual, i) => {
      const row = x[start + i] ?? []
      return {
        actual,
        expected: dot(row, fit.coefficients) - dot(row.slice(2, 4), fit.coefficients.slice(2, 4)),
      }
    }),
    lag,
    durbinWatson: durbinWatson(residuals),
  })
}

type Fitted = {
  readonly fit: LeastSquares
  readonly covariance: readonly (readonly number[])[]
  readonly n: number
  readonly confidence: number
}

/** Weights of coefficients by their place. */
type Entries = Readonly<Record<number, number>>

/** A linear combination of coefficients with its robust standard error. */
function combination({ fit, covariance, n, confidence }: Fitted, entries: Entries): TestedEstimate | Refusal {
  const c = fit.coefficients.map((_, i) => entries[i] ?? 0)
  const spread = covariance.map((row) => dot(row, c))
  const se = Math.sqrt(Math.max(0, dot(c, spread)))
  return around({
    where: 'interruptedSeries',
    value: dot(c, fit.coefficients),
    se,
    n,
    confidence,
    df: fit.dfResidual,
  })
}

/** Intercept, time, level after, slope after, and season places beyond the first. */
function design(t: number, start: number, season: number): number[] {
  const after = t >= start ? 1 : 0
  const places = Array.from({ length: season - 1 }, (_, place) => (t % season === place + 1 ? 1 : 0))
  return [1, t, after, after * (t - start), ...places]
}

function onTheLine(values: readonly number[], residuals: readonly number[]): boolean {
  const mean = neumaierSum(values) / values.length
  const total = neumaierSum(values.map((value) => (value - mean) ** 2))
  return neumaierSum(residuals.map((residual) => residual ** 2)) <= 1e-24 * Math.max(total, mean ** 2)
}

function durbinWatson(residuals: readonly number[]): number {
  const steps = residuals.slice(1).map((residual, i) => (residual - (residuals[i] ?? 0)) ** 2)
  return neumaierSum(steps) / neumaierSum(residuals.map((residual) => residual ** 2))
}

function unusable({
  values,
  start,
  weights,
  season = 1,
  lag = 0,
}: InterruptedSeriesOptions): Refusal | undefined {
  const n = values.length
  if ([...values, ...(weights ?? [])].some((value) => !Number.isFinite(value)))
    return refuse(
      'not-finite',
      '[interruptedSeries] a value or weight is not finite; fill or leave out gaps first.',
    )
  if (!Number.isInteger(start) || start < 3 || n - start < 3)
    return refuse(
      'too-few',
      `[interruptedSeries] start ${start} of ${n} values; three values are needed on each side.`,
    )
  if (weights && weights.length !== n)
    return refuse('mismatch', `[interruptedSeries] ${weights.length} weights for ${n} values; give one each.`)
  if (weights?.some((weight) => weight <= 0))
    return refuse('no-weight', '[interruptedSeries] a weight is 0 or negative; weights are positive.')
  if (!Number.isInteger(season) || season < 1 || !Number.isInteger(lag) || lag < 0)
    return refuse(
      'out-of-range',
      `[interruptedSeries] season ${season}, lag ${lag}; give whole numbers, season ≥ 1, lag ≥ 0.`,
    )
  if (n < 4 + season)
    return refuse(
      'too-few',
      `[interruptedSeries] ${n} values for ${3 + season} parameters; give more periods.`,
    )
  return undefined
}
