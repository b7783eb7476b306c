/** BG/NBD: who is still a customer, and how often they will come, when nobody says goodbye. */
import { logBeta, logGamma } from '#statistics/distributions/raw/gamma-function.ts'
import { nelderMead } from '#statistics/optimisation/nelder-mead.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type PurchaseHistory = {
  /** Repeat purchases (the first one does not count). */
  readonly frequency: number
  /** Time from the first to the last purchase; 0 without repeats. */
  readonly recency: number
  /** Time from the first purchase to now, in the same unit. */
  readonly age: number
}

/** Customers with the same history, compressed to one cell. */
export type HistoryCell = PurchaseHistory & { readonly customers: number }

export type BgNbdParameters = {
  /** Purchase rates are Gamma(r, alpha) over customers. */
  readonly r: number
  readonly alpha: number
  /** Chances to leave after a purchase are Beta(a, b). */
  readonly a: number
  readonly b: number
}

export type BgNbd = BgNbdParameters & { readonly logLikelihood: number; readonly customers: number }

/**
 * Purchase and drop-out rates of a customer base without contracts, from frequency, recency and age.
 *
 * Refuses no customers, negative or not finite numbers, recency above age, repeats without recency, nobody who ever came back, and data on which the likelihood has no maximum.
 * Formula: L = Γ(r+x)α^r/Γ(r) · B(a, b+x)/B(a, b) · [(α+T)^−(r+x) + 1{x>0}·a/(b+x−1)·(α+tₓ)^−(r+x)].
 * Source: Fader, Hardie, Lee, Marketing Science 24, 2005.
 *
 * @example
 * const cells = [[0, 0, 30, 60], [0, 0, 38, 50], [1, 4, 30, 12], [1, 20, 38, 9], [2, 10, 38, 6], [3, 29, 30, 5], [6, 33, 38, 4], [11, 36, 38, 2]]
 *   .map(([frequency, recency, age, customers]) => ({ frequency, recency, age, customers }))
 * bgNbd(cells).customers // 148
 */
export function bgNbd(cells: readonly HistoryCell[]): BgNbd | Refusal {
  const refusal = refuseHistories(cells)
  if (refusal) return refusal
  const objective = (logs: readonly number[]) => -bgNbdLogLikelihood(cells, fromLogs(logs))
  const timeScale = Math.log(cells.reduce((most, cell) => Math.max(most, cell.age), 0) / 8)
  const first = nelderMead(objective, [0, timeScale, 0, 0])
  const best = first.converged ? first : nelderMead(objective, [-1, timeScale, -0.5, 0.5])
  const parameters = fromLogs(best.at)
  const customers = cells.reduce((sum, cell) => sum + cell.customers, 0)
  if (!best.converged || Object.values(parameters).some((value) => value > 1e5 || value < 1e-5))
    return refuse(
      'not-converged',
      `[bgNbd] the likelihood has no maximum on these ${customers} customers (${JSON.stringify(parameters)}); they show too little spread of purchase or drop-out rates.`,
    )
  return { ...parameters, logLikelihood: -best.value, customers }
}

function fromLogs([r = 0, alpha = 0, a = 0, b = 0]: readonly number[]): BgNbdParameters {
  return { r: Math.exp(r), alpha: Math.exp(alpha), a: Math.exp(a), b: Math.exp(b) }
}

/** Log-likelihood of all customers at given parameters; the terms of a frequency are computed once. */
export function bgNbdLogLikelihood(
  cells: readonly HistoryCell[],
  { r, alpha, a, b }: BgNbdParameters,
): number {
  const base = r * Math.log(alpha) - logGamma(r) - logBeta(a, b)
  const ofFrequency = new Map<number, { own: number; drop: number }>()
  let sum = 0
  for (const { frequency: x, recency, age, customers } of cells) {
    let terms = ofFrequency.get(x)
    if (!terms) {
      terms = {
        own: base + logGamma(r + x) + logBeta(a, b + x),
        drop: x > 0 ? Math.log(a / (b + x - 1)) : -Infinity,
      }
      ofFrequency.set(x, terms)
    }
    const alive = -(r + x) * Math.log(alpha + age)
    const gone = x > 0 ? terms.drop - (r + x) * Math.log(alpha + recency) : -Infinity
    const either = Math.max(alive, gone) + Math.log1p(Math.exp(-Math.abs(alive - gone)))
    sum += customers * (terms.own + either)
  }
  return sum
}

function refuseHistories(cells: readonly HistoryCell[]): Refusal | undefined {
  const numbers = cells.flatMap((cell) => [cell.frequency, cell.recency, cell.age, cell.customers])
  if (!numbers.every(Number.isFinite))
    return refuse('not-finite', `[bgNbd] a history holds NaN or ±∞; leave it out.`)
  if (numbers.some((value) => value < 0))
    return refuse('out-of-range', `[bgNbd] a history holds a negative number.`)
  const wrong = cells.find(
    (cell) =>
      cell.recency > cell.age || !Number.isInteger(cell.frequency) || cell.frequency > 0 !== cell.recency > 0,
  )
  if (wrong)
    return refuse(
      'out-of-range',
      `[bgNbd] frequency ${wrong.frequency}, recency ${wrong.recency}, age ${wrong.age} do not fit: recency lies within age and is above 0 exactly when there are repeats.`,
    )
  if (!cells.some((cell) => cell.customers > 0)) return refuse('too-few', `[bgNbd] there are no customers.`)
  if (!cells.some((cell) => cell.frequency > 0 && cell.customers > 0))
    return refuse('one-class', `[bgNbd] nobody came back; purchase rates cannot be estimated.`)
  return undefined
}
