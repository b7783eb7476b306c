/** What a shifted beta-geometric model says of survival, retention and the discounted lifetime still to come. */
import { logBeta } from '#statistics/distributions/raw/gamma-function.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { hypergeometric } from './hypergeometric.ts'

type Model = { readonly alpha: number; readonly beta: number }

/**
 * Share of a cohort still there after t periods (t from 0, may be beyond the data).
 *
 * Refuses parameters not above 0 and a t that is negative or not finite.
 * Formula: S(t) = B(α, β+t)/B(α, β).
 * Source: Fader, Hardie 2007.
 *
 * @example
 * contractSurvival({ alpha: 0.66808836, beta: 3.80609498, t: 8 }) // 0.460
 */
export function contractSurvival({ alpha, beta, t }: Model & { readonly t: number }): number | Refusal {
  const refusal = refuseModel('contractSurvival', { alpha, beta }, t)
  return onlyFinite('contractSurvival', refusal ?? Math.exp(logBeta(alpha, beta + t) - logBeta(alpha, beta)))
}

/**
 * Share of those who were there after t−1 periods that is there after t (t from 1); rises with t as the fickle leave first.
 *
 * Refuses parameters not above 0 and t below 1.
 * Formula: r(t) = (β+t−1)/(α+β+t−1).
 * Source: Fader, Hardie 2007.
 *
 * @example
 * contractRetention({ alpha: 0.66808836, beta: 3.80609498, t: 1 }) // 0.8506793
 */
export function contractRetention({ alpha, beta, t }: Model & { readonly t: number }): number | Refusal {
  const refusal = refuseModel('contractRetention', { alpha, beta }, t - 1)
  return onlyFinite('contractRetention', refusal ?? (beta + t - 1) / (alpha + beta + t - 1))
}

/**
 * Discounted number of periods a new customer pays for, the first payment included and undiscounted.
 *
 * Times the margin per period it is the lifetime value of a customer yet to be won. Refuses parameters or a discount rate not above 0.
 * Formula: DEL = Σ_{t≥0} S(t)/(1+d)ᵗ = ₂F₁(1, β; α+β; 1/(1+d)).
 * Source: Fader, Hardie, Marketing Science 29, 2010.
 *
 * @example
 * contractLifetime({ alpha: 0.66808836, beta: 3.80609498, discount: 0.1 }) // 5.922253
 */
export function contractLifetime({
  alpha,
  beta,
  discount,
}: Model & { readonly discount: number }): number | Refusal {
  const refusal =
    refuseModel('contractLifetime', { alpha, beta }, 0) ?? refuseDiscount('contractLifetime', discount)
  return onlyFinite('contractLifetime', refusal ?? hypergeometric(1, beta, alpha + beta, 1 / (1 + discount)))
}

/**
 * Discounted number of further payments of a customer who has renewed `renewals` times and is about to decide again.
 *
 * The next payment counts in full if it comes. A customer in the first contract has `renewals` 0 (n = 1 in the source, where n counts decisions).
 * Refuses parameters or a discount rate not above 0 and negative renewals.
 * Formula: DERL = Σ_{t≥n} S(t)/S(n−1)·(1+d)^(n−t) = (β+n−1)/(α+β+n−1)·₂F₁(1, β+n; α+β+n; 1/(1+d)), n = renewals + 1.
 * Source: Fader, Hardie, Marketing Science 29, 2010.
 *
 * @example
 * contractResidualLifetime({ alpha: 0.66808836, beta: 3.80609498, discount: 0.1, renewals: 0 }) // 5.414479
 */
export function contractResidualLifetime({
  alpha,
  beta,
  discount,
  renewals,
}: Model & { readonly discount: number; readonly renewals: number }): number | Refusal {
  const where = 'contractResidualLifetime'
  const refusal = refuseModel(where, { alpha, beta }, renewals) ?? refuseDiscount(where, discount)
  if (refusal) return refusal
  const n = renewals + 1
  return onlyFinite(
    'contractResidualLifetime',
    ((beta + n - 1) / (alpha + beta + n - 1)) *
      hypergeometric(1, beta + n, alpha + beta + n, 1 / (1 + discount)),
  )
}

function refuseModel(where: string, { alpha, beta }: Model, t: number): Refusal | undefined {
  if (![alpha, beta, t].every(Number.isFinite))
    return refuse('not-finite', `[${where}] alpha ${alpha}, beta ${beta}, t ${t}; give finite numbers.`)
  return alpha > 0 && beta > 0 && t >= 0
    ? undefined
    : refuse(
        'out-of-range',
        `[${where}] alpha ${alpha} and beta ${beta} must be above 0, periods at least 0; t is ${t}.`,
      )
}

export function refuseDiscount(where: string, discount: number): Refusal | undefined {
  return discount >= 1e-4 && Number.isFinite(discount)
    ? undefined
    : refuse('out-of-range', `[${where}] discount is ${discount}; give a rate per period from 0.0001.`)
}
