/** What a BG/NBD model says of one customer: still there, and how many purchases to come. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import type { BgNbdParameters, PurchaseHistory } from './bg-nbd.ts'
import { hypergeometric } from './hypergeometric.ts'

/**
 * Chance that a customer with this history is still a customer.
 *
 * Refuses parameters not above 0 and histories that do not fit.
 * Formula: 1/(1 + 1{x>0}·a/(b+x−1)·((α+T)/(α+tₓ))^(r+x)).
 * Source: Fader, Hardie, Lee 2005; Fader, Hardie, note on P(alive), 2008.
 *
 * @example
 * const model = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
 * aliveProbability(model, { frequency: 2, recency: 30.43, age: 38.86 }) // 0.7266
 * aliveProbability(model, { frequency: 0, recency: 0, age: 38.86 }) // 1
 */
export function aliveProbability(model: BgNbdParameters, history: PurchaseHistory): number | Refusal {
  return onlyFinite(
    'aliveProbability',
    refuseForecast('aliveProbability', model, history, 0) ?? 1 / (1 + goneOdds(model, history)),
  )
}

/**
 * Expected purchases of a customer with this history in the next `horizon` units of time.
 *
 * Refuses parameters not above 0, histories that do not fit and a negative horizon.
 * Formula: (a+b+x−1)/(a−1)·[1 − ((α+T)/(α+T+t))^(r+x)·₂F₁(r+x, b+x; a+b+x−1; t/(α+T+t))]·P(alive).
 * Source: Fader, Hardie, Lee 2005, equation 10.
 *
 * @example
 * const model = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
 * expectedPurchases(model, { history: { frequency: 2, recency: 30.43, age: 38.86 }, horizon: 39 }) // 1.226
 */
export function expectedPurchases(
  model: BgNbdParameters,
  { history, horizon }: { readonly history: PurchaseHistory; readonly horizon: number },
): number | Refusal {
  const refusal = refuseForecast('expectedPurchases', model, history, horizon)
  if (refusal) return refusal
  const { frequency: x, age } = history
  const { r, alpha, a, b } = model
  const whole = expectedWhileAlive({ r: r + x, alpha: alpha + age, a, b: b + x }, horizon)
  return onlyFinite('expectedPurchases', whole / (1 + goneOdds(model, history)))
}

/**
 * Expected purchases of a new customer in the first `horizon` units of time, the first purchase not counted.
 *
 * Refuses parameters not above 0 and a negative horizon.
 * Formula: (a+b−1)/(a−1)·[1 − (α/(α+t))^r·₂F₁(r, b; a+b−1; t/(α+t))].
 * Source: Fader, Hardie, Lee 2005, equation 9.
 *
 * @example
 * expectedPurchasesOfNew({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, 39) // 1.196723
 */
export function expectedPurchasesOfNew(model: BgNbdParameters, horizon: number): number | Refusal {
  const history = { frequency: 0, recency: 0, age: 0 }
  return onlyFinite(
    'expectedPurchasesOfNew',
    refuseForecast('expectedPurchasesOfNew', model, history, horizon) ?? expectedWhileAlive(model, horizon),
  )
}

/** The mean over purchase and drop-out rates; at a = 1 the formula is 0/0, so its neighbours are averaged. */
function expectedWhileAlive(model: BgNbdParameters, t: number): number {
  if (Math.abs(model.a - 1) < 1e-5)
    return (
      (expectedWhileAlive({ ...model, a: 1 - 1e-4 }, t) + expectedWhileAlive({ ...model, a: 1 + 1e-4 }, t)) /
      2
    )
  const { r, alpha, a, b } = model
  const c = a + b - 1
  if (Math.abs(c) < 1e-9) return expectedWhileAlive({ ...model, b: b + 1e-7 }, t)
  const z = t / (alpha + t)
  return (c / (a - 1)) * (1 - (alpha / (alpha + t)) ** r * hypergeometric(r, b, c, z))
}

function goneOdds(
  { r, alpha, a, b }: BgNbdParameters,
  { frequency: x, recency, age }: PurchaseHistory,
): number {
  return x > 0 ? (a / (b + x - 1)) * ((alpha + age) / (alpha + recency)) ** (r + x) : 0
}

function refuseForecast(
  where: string,
  { r, alpha, a, b }: BgNbdParameters,
  { frequency, recency, age }: PurchaseHistory,
  horizon: number,
): Refusal | undefined {
  if (![r, alpha, a, b, frequency, recency, age, horizon].every(Number.isFinite))
    return refuse('not-finite', `[${where}] a parameter or history is NaN or infinite.`)
  if (!(r > 0 && alpha > 0 && a > 0 && b > 0))
    return refuse(
      'out-of-range',
      `[${where}] parameters must be above 0, got ${JSON.stringify({ r, alpha, a, b })}.`,
    )
  const fits =
    frequency >= 0 && recency >= 0 && recency <= age && horizon >= 0 && frequency > 0 === recency > 0
  return fits
    ? undefined
    : refuse(
        'out-of-range',
        `[${where}] frequency ${frequency}, recency ${recency}, age ${age}, horizon ${horizon} do not fit: all at least 0, recency within age and above 0 exactly when there are repeats.`,
      )
}
