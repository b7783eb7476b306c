/** The seasonal half of STL: each phase of the season smoothed over time, less what of it is slow. */
import { loess, loessAt, type Smoother } from './loess.ts'

export type SeasonSmoother = Smoother & {
  readonly period: number
  /** Neighbours of the low-pass smoother. */
  readonly lowPass: number
}

export function seasonalPart(detrended: readonly number[], smoother: SeasonSmoother): number[] {
  const { period, lowPass } = smoother
  const cycle = cycleSubseries(detrended, smoother)
  const low = movingAverage(movingAverage(movingAverage(cycle, period), period), 3)
  const slow = loess(low, { window: lowPass, degree: 1 })
  return detrended.map((_, i) => (cycle[period + i] ?? 0) - (slow[i] ?? 0))
}

/** Every period-th value smoothed and extended by one season at each end. */
function cycleSubseries(y: readonly number[], { period, window, degree, weights }: SeasonSmoother): number[] {
  const extended = Array.from({ length: y.length + 2 * period }, () => 0)
  for (let phase = 0; phase < period; phase++) {
    const part = y.filter((_, i) => i % period === phase)
    const own = weights?.filter((_, i) => i % period === phase)
    const smoother = { window, degree, weights: own }
    const fitted = loess(part, smoother)
    const n = part.length
    const before = loessAt(part, 0, { ...smoother, left: 1, right: Math.min(window, n) })
    const after = loessAt(part, n + 1, { ...smoother, left: Math.max(1, n - window + 1), right: n })
    const whole = [before ?? fitted[0] ?? 0, ...fitted, after ?? fitted.at(-1) ?? 0]
    for (const [k, value] of whole.entries()) extended[k * period + phase] = value
  }
  return extended
}

function movingAverage(values: readonly number[], length: number): number[] {
  let sum = values.slice(0, length).reduce((a, b) => a + b, 0)
  const averages = [sum / length]
  for (let i = length; i < values.length; i++) {
    sum += (values[i] ?? 0) - (values[i - length] ?? 0)
    averages.push(sum / length)
  }
  return averages
}
