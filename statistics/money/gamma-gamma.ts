/** Gamma-gamma model: what a customer spends per purchase, shrunk towards all customers. */
import { logGamma } from '#statistics/distributions/raw/gamma-function.ts'
import { nelderMead } from '#statistics/optimisation/nelder-mead.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type SpendCell = {
  /** Repeat purchases, at least 1. */
  readonly frequency: number
  /** Mean value of those purchases, above 0. */
  readonly meanSpend: number
  readonly customers: number
}

export type GammaGammaParameters = {
  /** Spend of a purchase is Gamma(p, ν), ν is Gamma(q, v) over customers. */
  readonly p: number
  readonly q: number
  readonly v: number
}

export type GammaGamma = GammaGammaParameters & { readonly logLikelihood: number; readonly customers: number }

/**
 * The spread of spend per purchase within and between customers; spend must not depend on frequency (check their correlation first).
 *
 * Refuses no customers, frequencies below 1, spend not above 0, numbers that are not finite, and data on which the likelihood has no maximum.
 * Formula: L = Γ(px+q)/(Γ(px)Γ(q))·v^q·m^(px−1)·x^(px)/(v+mx)^(px+q).
 * Source: Fader, Hardie, note "The gamma-gamma model of monetary value", 2013.
 *
 * @example
 * const cells = [[1, 20], [2, 35], [3, 28], [1, 60], [4, 31], [2, 18], [5, 44], [1, 25]].map(([frequency, meanSpend]) => ({ frequency, meanSpend, customers: 10 }))
 * gammaGamma(cells).customers // 80
 */
export function gammaGamma(cells: readonly SpendCell[]): GammaGamma | Refusal {
  const refusal = refuseSpend(cells)
  if (refusal) return refusal
  const objective = (logs: readonly number[]) => -gammaGammaLogLikelihood(cells, fromLogs(logs))
  const scale = Math.log(cells.reduce((sum, cell) => sum + cell.meanSpend, 0) / cells.length)
  const first = nelderMead(objective, [1, 1, scale])
  const best = first.converged ? first : nelderMead(objective, [0, 0.5, scale])
  const parameters = fromLogs(best.at)
  const customers = cells.reduce((sum, cell) => sum + cell.customers, 0)
  const bounded = parameters.p < 1e5 && parameters.q < 1e5 && Math.min(parameters.p, parameters.q) > 1e-5
  if (!best.converged || !bounded)
    return refuse(
      'not-converged',
      `[gammaGamma] the likelihood has no maximum on these ${customers} customers (${JSON.stringify(parameters)}); they show no spread of spend within or between customers.`,
    )
  return { ...parameters, logLikelihood: -best.value, customers }
}

function fromLogs([p = 0, q = 0, v = 0]: readonly number[]): GammaGammaParameters {
  return { p: Math.exp(p), q: Math.exp(q), v: Math.exp(v) }
}

/** Log-likelihood of all customers at given parameters. */
export function gammaGammaLogLikelihood(
  cells: readonly SpendCell[],
  { p, q, v }: GammaGammaParameters,
): number {
  const base = q * Math.log(v) - logGamma(q)
  const ofFrequency = new Map<number, number>()
  let sum = 0
  for (const { frequency: x, meanSpend: m, customers } of cells) {
    const px = p * x
    const known = ofFrequency.get(x)
    const own = known ?? base + logGamma(px + q) - logGamma(px) + px * Math.log(x)
    if (known === undefined) ofFrequency.set(x, own)
    sum += customers * (own + (px - 1) * Math.log(m) - (px + q) * Math.log(v + m * x))
  }
  return sum
}

/**
 * Expected spend per purchase of a customer: the own mean and that of all customers, weighted by how much is known.
 *
 * A customer without repeats gets the mean of all. Refuses parameters not above 0, q ≤ 1 (all customers then have no mean), negative or not finite numbers.
 * Formula: p(v + mx)/(px + q − 1).
 * Source: Fader, Hardie 2013, equation 5.
 *
 * @example
 * const model = { p: 6.25, q: 3.74, v: 15.44 }
 * expectedSpend(model, { frequency: 0, meanSpend: 0 }) // 35.219
 * expectedSpend(model, { frequency: 2, meanSpend: 22.35 }) // 24.66
 */
export function expectedSpend(
  { p, q, v }: GammaGammaParameters,
  { frequency, meanSpend }: Omit<SpendCell, 'customers'>,
): number | Refusal {
  if (![p, q, v, frequency, meanSpend].every(Number.isFinite))
    return refuse('not-finite', `[expectedSpend] a parameter or history is NaN or infinite.`)
  if (!(p > 0 && q > 1 && v > 0 && frequency >= 0 && meanSpend >= 0))
    return refuse(
      'out-of-range',
      `[expectedSpend] p ${p} and v ${v} must be above 0, q ${q} above 1, frequency ${frequency} and mean spend ${meanSpend} at least 0.`,
    )
  return onlyFinite('expectedSpend', (p * (v + meanSpend * frequency)) / (p * frequency + q - 1))
}

function refuseSpend(cells: readonly SpendCell[]): Refusal | undefined {
  const numbers = cells.flatMap((cell) => [cell.frequency, cell.meanSpend, cell.customers])
  if (!numbers.every(Number.isFinite))
    return refuse('not-finite', `[gammaGamma] a cell holds NaN or ±∞; leave it out.`)
  if (cells.some((cell) => cell.frequency < 1 || cell.meanSpend <= 0 || cell.customers < 0))
    return refuse(
      'out-of-range',
      `[gammaGamma] frequency must be at least 1, mean spend above 0, customers at least 0; leave customers without repeats out.`,
    )
  const used = cells.filter((cell) => cell.customers > 0)
  if (used.length < 2)
    return refuse('too-few', `[gammaGamma] ${used.length} distinct histories; give at least 2.`)
  return undefined
}
