/** E-value: how strong a hidden confounder would have to be to explain an effect away. */
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type EValueOptions = {
  readonly value: number
  /** Limits of the interval; without them only the point is judged. */
  readonly low?: number
  readonly high?: number
  /**
   * What `value` is. A `common` odds or hazard ratio is of an outcome above about 15 %; a standardised difference is in SDs of
   * the outcome, with limits in the same unit. Default `risk-ratio`.
   */
  readonly measure?:
    | 'risk-ratio'
    | 'odds-ratio'
    | 'common-odds-ratio'
    | 'hazard-ratio'
    | 'common-hazard-ratio'
    | 'standardised-difference'
}

export type EValue = {
  readonly point: number
  /** For the limit nearer to no effect; 1 when the interval holds no effect; null without interval. */
  readonly limit: number | null
  /** The estimate on the scale of risk ratios. */
  readonly riskRatio: number
}

/**
 * The least risk ratio that a hidden confounder needs with both treatment and outcome, beyond the confounders measured, to
 * move the estimate (or its nearer limit) to no effect. 1 = nothing is needed.
 * Takes a ratio > 0 or a standardised difference; ratios below 1 are inverted.
 * Refuses a ratio that is not positive, values that are not finite, limits that do not hold the value, one limit alone.
 * Formula: RR + √(RR(RR − 1)); common OR → √OR, common HR → (1 − 0.5^√HR)/(1 − 0.5^√(1/HR)), difference d → exp(0.91d).
 * Source: VanderWeele & Ding, Annals of Internal Medicine 167 (2017) 268–274.
 * @example
 * eValue({ value: 3.9, low: 1.8, high: 8.7 }).point // 7.263
 * eValue({ value: 3.9, low: 1.8, high: 8.7 }).limit // 3.0
 * eValue({ value: 0.8, low: 0.71, high: 0.91 }) // { point: 1.809, limit: 1.429 }
 */
export function eValue({ value, low, high, measure = 'risk-ratio' }: EValueOptions): EValue | Refusal {
  if ((low === undefined) !== (high === undefined))
    return refuse('mismatch', '[eValue] one limit is given without the other; give both or none.')
  const [lower, upper] = [low ?? value, high ?? value]
  if (![value, lower, upper].every(Number.isFinite))
    return refuse('not-finite', `[eValue] value ${value}, limits ${low} and ${high}; give finite numbers.`)
  if (measure !== 'standardised-difference' && Math.min(value, lower) <= 0)
    return refuse('out-of-range', `[eValue] value ${value}, limit ${lower}; a ratio is positive.`)
  if (lower > value || upper < value)
    return refuse('out-of-range', `[eValue] the limits ${lower} and ${upper} do not hold the value ${value}.`)
  const convert = toRiskRatio[measure]
  const riskRatio = convert(value)
  const nearer = riskRatio >= 1 ? convert(lower) : convert(upper)
  const crosses = riskRatio >= 1 ? nearer <= 1 : nearer >= 1
  return onlyFinite('eValue', {
    point: bound(riskRatio),
    limit: low === undefined ? null : crosses ? 1 : bound(nearer),
    riskRatio,
  })
}

const toRiskRatio: Record<NonNullable<EValueOptions['measure']>, (value: number) => number> = {
  'risk-ratio': (rr) => rr,
  'odds-ratio': (or) => or,
  'common-odds-ratio': Math.sqrt,
  'hazard-ratio': (hr) => hr,
  'common-hazard-ratio': (hr) => (1 - 0.5 ** Math.sqrt(hr)) / (1 - 0.5 ** Math.sqrt(1 / hr)),
  'standardised-difference': (d) => Math.exp(0.91 * d),
}

function bound(riskRatio: number): number {
  const away = riskRatio >= 1 ? riskRatio : 1 / riskRatio
  return away + Math.sqrt(away * (away - 1))
}
