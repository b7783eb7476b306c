/** Shifted beta-geometric model: how long customers keep renewing a contract when their loyalty differs. */
import { logBeta } from '#statistics/distributions/raw/gamma-function.ts'
import { nelderMead } from '#statistics/optimisation/nelder-mead.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type ShiftedBetaGeometric = {
  /** Churn probabilities per period are Beta(alpha, beta) over customers. */
  readonly alpha: number
  readonly beta: number
  readonly logLikelihood: number
  /** Mean churn in the first period, α/(α+β). */
  readonly meanChurn: number
}

/**
 * The spread of churn over customers from how many of each cohort are left after each period.
 *
 * `cohorts[c][t]` = customers (or shares) of cohort c still there after t periods, t = 0 … ; each falls and starts above 0.
 * Refuses a cohort with fewer than two counts, rising or negative counts, nobody or everybody lost, and survival that shows no spread of churn (retention that does not rise).
 * Formula: P(T=t) = B(α+1, β+t−1)/B(α, β), S(t) = B(α, β+t)/B(α, β), maximum likelihood.
 * Source: Fader, Hardie, J. Interactive Marketing 21(1), 2007.
 *
 * @example
 * const highEnd = [1, 0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491]
 * const model = shiftedBetaGeometric([highEnd])
 * model.alpha // 0.66809
 * model.beta // 3.8061
 */
export function shiftedBetaGeometric(
  cohorts: readonly (readonly number[])[],
): ShiftedBetaGeometric | Refusal {
  const refusal = refuseCohorts(cohorts)
  if (refusal) return refusal
  const best = nelderMead(([a = 0, b = 0]) => -sbgLogLikelihood(cohorts, Math.exp(a), Math.exp(b)), [0, 0])
  const [alpha = 1, beta = 1] = best.at.map(Math.exp)
  if (!best.converged || Math.max(alpha, beta) > 1e5 || Math.min(alpha, beta) < 1e-5)
    return refuse(
      'not-converged',
      `[shiftedBetaGeometric] survival shows no spread of churn over customers (alpha ${alpha}, beta ${beta}); use a constant retention rate.`,
    )
  return { alpha, beta, logLikelihood: -best.value, meanChurn: alpha / (alpha + beta) }
}

/** Log-likelihood of cohorts at given parameters, both above 0. */
export function sbgLogLikelihood(
  cohorts: readonly (readonly number[])[],
  alpha: number,
  beta: number,
): number {
  const base = logBeta(alpha, beta)
  let sum = 0
  for (const cohort of cohorts) {
    for (let t = 1; t < cohort.length; t++) {
      const lost = (cohort[t - 1] ?? 0) - (cohort[t] ?? 0)
      if (lost > 0) sum += lost * (logBeta(alpha + 1, beta + t - 1) - base)
    }
    sum += (cohort.at(-1) ?? 0) * (logBeta(alpha, beta + cohort.length - 1) - base)
  }
  return sum
}

function refuseCohorts(cohorts: readonly (readonly number[])[]): Refusal | undefined {
  if (cohorts.length === 0 || cohorts.some((cohort) => cohort.length < 2))
    return refuse(
      'too-few',
      `[shiftedBetaGeometric] a cohort needs its size and at least one count of survivors.`,
    )
  if (!cohorts.flat().every(Number.isFinite))
    return refuse('not-finite', `[shiftedBetaGeometric] a count of survivors is NaN or infinite.`)
  if (
    cohorts.some((cohort) => cohort.some((count, t) => count < 0 || (t > 0 && count > (cohort[t - 1] ?? 0))))
  )
    return refuse('out-of-range', `[shiftedBetaGeometric] survivors must be at least 0 and never rise.`)
  const start = cohorts.reduce((sum, cohort) => sum + (cohort[0] ?? 0), 0)
  const left = cohorts.reduce((sum, cohort) => sum + (cohort.at(-1) ?? 0), 0)
  if (start === 0) return refuse('empty-cell', `[shiftedBetaGeometric] all cohorts start with nobody.`)
  if (left === start)
    return refuse('one-class', `[shiftedBetaGeometric] nobody has left yet; churn cannot be estimated.`)
  const first = cohorts.reduce((sum, cohort) => sum + (cohort[1] ?? 0), 0)
  if (first === 0)
    return refuse(
      'one-class',
      `[shiftedBetaGeometric] everybody left in the first period; there is no spread to estimate.`,
    )
  return undefined
}
