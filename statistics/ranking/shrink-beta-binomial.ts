/** Empirical-Bayes shrinkage of shares: three happy customers out of three are not the best store of the country. */
import { logBeta } from '#statistics/distributions/raw/gamma-function.ts'
import { betaQuantile } from '#statistics/distributions/raw/quantiles.ts'
import { nelderMead } from '#statistics/optimisation/nelder-mead.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type CountUnit = { readonly successes: number; readonly n: number }

export type ShrunkShares = {
  /** True shares are Beta(alpha, beta) over units. */
  readonly alpha: number
  readonly beta: number
  /** α/(α+β). */
  readonly mean: number
  /** Correlation of two answers of one unit, 1/(α+β+1): how much units differ. */
  readonly intraclass: number
  readonly logLikelihood: number
  /** Per unit: shrunken share, its interval, and how much of its own share it kept (0–1). */
  readonly units: readonly {
    readonly value: number
    readonly low: number
    readonly high: number
    readonly kept: number
    /** Posterior Beta parameters, for `probabilityAboveBeta`. */
    readonly alpha: number
    readonly beta: number
  }[]
  readonly confidence: number
}

/**
 * Best guesses of units' true shares (top box, dissatisfied) from counts of any size.
 *
 * Intervals are posterior, without the error of alpha and beta. Units with n 0 get the mean of all.
 * Refuses fewer than 3 units with answers, counts that do not fit, all or no successes, and units that differ no more than chance (then use the pooled share).
 * Formula: maximum likelihood of Σ ln B(α+k, β+n−k)/B(α, β); value = (α+k)/(α+β+n).
 * Source: Skellam 1948; Casella, Am. Stat. 39, 1985; Gelman et al., Bayesian Data Analysis, 5.1.
 *
 * @example
 * const stores = [[9, 10], [45, 60], [30, 60], [2, 12], [70, 90], [20, 50], [3, 3]].map(([successes, n]) => ({ successes, n }))
 * const result = shrinkBetaBinomial({ units: stores })
 * result.units[6].value < 0.9 // true
 */
export function shrinkBetaBinomial({
  units,
  confidence = 0.95,
}: {
  readonly units: readonly CountUnit[]
  readonly confidence?: number
}): ShrunkShares | Refusal {
  const refusal = refuseCounts(units, confidence)
  if (refusal) return refusal
  const k = units.reduce((sum, unit) => sum + unit.successes, 0)
  const n = units.reduce((sum, unit) => sum + unit.n, 0)
  const best = nelderMead(
    ([logit = 0, size = 0]) => -betaBinomialLogLikelihood(units, ...fromLogs(logit, size)),
    [Math.log(k / (n - k)), 2],
  )
  const [alpha, beta] = fromLogs(best.at[0] ?? 0, best.at[1] ?? 0)
  if (!best.converged || alpha + beta > 1e6)
    return refuse(
      'no-variance',
      `[shrinkBetaBinomial] the ${units.length} units differ no more than chance; use the pooled share ${k / n} for all.`,
    )
  const tail = (1 - confidence) / 2
  return {
    alpha,
    beta,
    mean: alpha / (alpha + beta),
    intraclass: 1 / (alpha + beta + 1),
    logLikelihood: -best.value,
    units: units.map((unit) => {
      const a = alpha + unit.successes
      const b = beta + unit.n - unit.successes
      return {
        value: a / (a + b),
        low: betaQuantile(a, b, { p: tail, q: 1 - tail }),
        high: betaQuantile(a, b, { p: 1 - tail, q: tail }),
        kept: unit.n / (alpha + beta + unit.n),
        alpha: a,
        beta: b,
      }
    }),
    confidence,
  }
}

/** From the logit of the mean and the log of α+β. */
function fromLogs(logit: number, size: number): readonly [number, number] {
  const total = Math.exp(size)
  const mean = 1 / (1 + Math.exp(-logit))
  return [total * mean, total * (1 - mean)]
}

/** Log-likelihood without binomial coefficients. */
export function betaBinomialLogLikelihood(units: readonly CountUnit[], alpha: number, beta: number): number {
  const base = logBeta(alpha, beta)
  return units.reduce(
    (sum, { successes, n }) => sum + (n > 0 ? logBeta(alpha + successes, beta + n - successes) - base : 0),
    0,
  )
}

function refuseCounts(units: readonly CountUnit[], confidence: number): Refusal | undefined {
  if (!units.every((unit) => Number.isFinite(unit.successes) && Number.isFinite(unit.n)))
    return refuse('not-finite', `[shrinkBetaBinomial] a count is NaN or infinite.`)
  if (units.some((unit) => unit.successes < 0 || unit.successes > unit.n))
    return refuse('out-of-range', `[shrinkBetaBinomial] successes must lie within 0…n.`)
  if (!(confidence > 0 && confidence < 1))
    return refuse(
      'out-of-range',
      `[shrinkBetaBinomial] confidence is ${confidence}; give a share within (0, 1).`,
    )
  const filled = units.filter((unit) => unit.n > 0)
  if (filled.length < 3)
    return refuse(
      'too-few',
      `[shrinkBetaBinomial] ${filled.length} units with answers; at least 3 are needed.`,
    )
  const successes = filled.reduce((sum, unit) => sum + unit.successes, 0)
  if (successes === 0 || filled.every((unit) => unit.successes === unit.n))
    return refuse(
      'one-class',
      `[shrinkBetaBinomial] all answers of all units are the same; shares cannot be compared.`,
    )
  return undefined
}
