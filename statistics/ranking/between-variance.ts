/** Three estimators of how much units truly differ, beyond their standard errors. */

export type BetweenVariance = 'reml' | 'paule-mandel' | 'dersimonian-laird'

type Units = { readonly values: readonly number[]; readonly variances: readonly number[] }

/** τ² ≥ 0; nothing where the iteration does not settle. */
export function betweenVariance(method: BetweenVariance, units: Units): number | undefined {
  if (method === 'dersimonian-laird') return derSimonianLaird(units)
  return method === 'reml' ? reml(units) : pauleMandel(units)
}

/** Weighted mean, and Σw, at weights 1/(v + τ²). */
export function weightedMean({ values, variances }: Units, tau2: number): { mean: number; weight: number } {
  let weight = 0
  let sum = 0
  for (const [i, value] of values.entries()) {
    const w = 1 / ((variances[i] ?? 0) + tau2)
    weight += w
    sum += w * value
  }
  return { mean: sum / weight, weight }
}

/** Cochran's Q at weights 1/(v + τ²). */
export function cochranQ(units: Units, tau2: number): number {
  const { mean } = weightedMean(units, tau2)
  return units.values.reduce(
    (sum, value, i) => sum + (value - mean) ** 2 / ((units.variances[i] ?? 0) + tau2),
    0,
  )
}

function derSimonianLaird(units: Units): number {
  const w = units.variances.map((variance) => 1 / variance)
  const total = w.reduce((sum, value) => sum + value, 0)
  const squares = w.reduce((sum, value) => sum + value * value, 0)
  return Math.max(0, (cochranQ(units, 0) - (units.values.length - 1)) / (total - squares / total))
}

/** The τ² at which Q equals its degrees of freedom; Q falls as τ² rises. */
function pauleMandel(units: Units): number | undefined {
  const df = units.values.length - 1
  if (cochranQ(units, 0) <= df) return 0
  let low = 0
  let high = Math.max(...units.variances)
  while (cochranQ(units, high) > df) high *= 2
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) return middle
    if (cochranQ(units, middle) > df) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Largest restricted likelihood: a grid finds the neighbourhood, bisection of the slope the place. */
function reml(units: Units): number | undefined {
  const scale = varianceScale(units)
  const grid = [0, ...Array.from({ length: 240 }, (_, i) => scale * 10 ** (-6 + i / 24))]
  const heights = grid.map((tau2) => restrictedLogLikelihood(units, tau2))
  const top = heights.indexOf(Math.max(...heights))
  if (top === grid.length - 1) return undefined
  let low = grid[top - 1] ?? 0
  let high = grid[top + 1] ?? scale
  if (top === 0 && slope(units, 0) <= 0 && slope(units, high) <= 0) return 0
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (slope(units, middle) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** A length of the right order for τ²: the plain variance of the values or the errors, whichever is larger. */
function varianceScale({ values, variances }: Units): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return Math.max(spread, ...variances)
}

function restrictedLogLikelihood(units: Units, tau2: number): number {
  const { weight } = weightedMean(units, tau2)
  const logs = units.variances.reduce((sum, variance) => sum + Math.log(variance + tau2), 0)
  return -(logs + Math.log(weight) + cochranQ(units, tau2)) / 2
}

/** Twice the derivative of the restricted log-likelihood by τ². */
function slope(units: Units, tau2: number): number {
  const { mean, weight } = weightedMean(units, tau2)
  const w = units.variances.map((variance) => 1 / (variance + tau2))
  const squares = w.reduce((sum, value) => sum + value ** 2, 0)
  const residual = units.values.reduce((sum, value, k) => sum + ((w[k] ?? 0) * (value - mean)) ** 2, 0)
  return residual - (weight - squares / weight)
}

export type BetweenBelief = {
  readonly tau2: number
  /** Weighted mean at this τ² and its variance. */
  readonly mean: number
  readonly meanVariance: number
  /** Posterior share of this τ². */
  readonly share: number
}

/** The posterior of τ under a flat prior, on 300 points of τ = s·t/(1−t). */
export function betweenBeliefs(units: Units): BetweenBelief[] {
  const s = Math.sqrt(varianceScale(units))
  const points = Array.from({ length: 300 }, (_, i) => {
    const t = (i + 0.5) / 300
    const tau2 = ((s * t) / (1 - t)) ** 2
    const { mean, weight } = weightedMean(units, tau2)
    return {
      tau2,
      mean,
      meanVariance: 1 / weight,
      log: restrictedLogLikelihood(units, tau2) - 2 * Math.log(1 - t),
    }
  })
  const most = Math.max(...points.map((point) => point.log))
  const total = points.reduce((sum, point) => sum + Math.exp(point.log - most), 0)
  return points.map(({ log, ...point }) => ({ ...point, share: Math.exp(log - most) / total }))
}
