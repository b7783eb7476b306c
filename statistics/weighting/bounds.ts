/** What non-respondents could do to a number: bounds without any assumption, under a bounded difference, and the tipping point. */
import { notFinite, notPositive, notShare } from '#statistics/argument-checks.ts'
import { normalCdf } from '#statistics/distributions/raw/normal.ts'
import { DEFAULT_CONFIDENCE, type Level, notLevel } from '#statistics/intervals/level.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type NonResponseBounds = {
  /** Least and largest value the whole population can have. */
  readonly lower: number
  readonly upper: number
  /** Confidence limits for the population's value, sampling error included; equal to the bounds without `se`. */
  readonly low: number
  readonly high: number
  readonly confidence: number
}

/** An estimate among respondents on a scale with ends (an NPS: −100 and 100). */
export type Answered = {
  readonly value: number
  /** Share of the population that answered, 0–1. */
  readonly responseRate: number
  readonly scale?: readonly [low: number, high: number]
}

/**
 * Bounds of a population's mean or NPS when those who did not answer may be anything (or differ from respondents by at most `maxDifference`).
 * The scale defaults to an NPS, −100…100.
 * Refuses a response rate of 0 or outside 0–1, a value outside the scale, a scale without length, negative se or maxDifference.
 * Formula: r·m + (1−r)·[max(low, m−δ), min(high, m+δ)]; the limits solve Φ(c + r̃) − Φ(−c) = confidence with r̃ = width/(r·se).
 * Source: Manski (1989), Journal of Human Resources 24, 343–360; Imbens & Manski (2004), Econometrica 72, 1845–1857.
 * @example
 * nonResponseBounds({ value: 40, responseRate: 0.3 }) // { lower: -58, upper: 82 }
 * nonResponseBounds({ value: 40, responseRate: 0.3, maxDifference: 20 }) // { lower: 26, upper: 54 }
 */
export function nonResponseBounds({
  value,
  responseRate,
  scale = [-100, 100],
  maxDifference,
  se = 0,
  confidence = DEFAULT_CONFIDENCE,
}: Answered & { maxDifference?: number; se?: number } & Pick<Level, 'confidence'>):
  | NonResponseBounds
  | Refusal {
  const refused =
    notAnswered('nonResponseBounds', { value, responseRate, scale }) ??
    notFinite('nonResponseBounds', { se, maxDifference: maxDifference ?? 0 }) ??
    notLevel('nonResponseBounds', { confidence }, 0)
  if (refused) return refused
  if (se < 0 || (maxDifference ?? 0) < 0)
    return refuse(
      'out-of-range',
      `[nonResponseBounds] se ${se} or maxDifference ${maxDifference} is negative; give at least 0.`,
    )
  const silent = 1 - responseRate
  const reach = maxDifference ?? Infinity
  const lower = responseRate * value + silent * Math.max(scale[0], value - reach)
  const upper = responseRate * value + silent * Math.min(scale[1], value + reach)
  const error = se * (maxDifference === undefined ? responseRate : 1)
  const margin = error === 0 ? 0 : error * imbensManski((upper - lower) / error, confidence)
  return {
    lower,
    upper,
    low: Math.max(scale[0], lower - margin),
    high: Math.min(scale[1], upper + margin),
    confidence,
  }
}

/** c with Φ(c + width) − Φ(−c) = confidence: from the two-sided to the one-sided quantile as the width grows. */
function imbensManski(width: number, confidence: number): number {
  let low = 0
  let high = 40
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (normalCdf(middle + width) - normalCdf(-middle) < confidence) low = middle
    else high = middle
  }
  return high
}

export type TippingPoint = {
  /** By how much non-respondents must differ from respondents for the population to stand at the threshold. */
  readonly difference: number
  /** The value non-respondents would then have. */
  readonly nonRespondents: number
  /** Whether that value lies on the scale: if not, no non-response can overturn the conclusion. */
  readonly possible: boolean
}

/**
 * How different non-respondents would have to be to bring the population to a threshold (an NPS of 0, last year's value).
 * Refuses a response rate of 0 or 1 or outside, and values outside the scale.
 * Formula: (threshold − r·m)/(1 − r) is the value they would need.
 * Source: tipping-point analysis, Yan, Lee & Li (2009), Journal of Biopharmaceutical Statistics 19, 1085–1098.
 * @example
 * tippingPoint({ value: 40, threshold: 20, responseRate: 0.6 }) // { difference: -50, nonRespondents: -10, possible: true }
 */
export function tippingPoint({
  value,
  threshold,
  responseRate,
  scale = [-100, 100],
}: Answered & { threshold: number }): TippingPoint | Refusal {
  const refused =
    notAnswered('tippingPoint', { value, responseRate, scale }) ?? notFinite('tippingPoint', { threshold })
  if (refused) return refused
  if (responseRate === 1)
    return refuse('out-of-range', '[tippingPoint] everybody answered; there are no non-respondents.')
  const nonRespondents = (threshold - responseRate * value) / (1 - responseRate)
  return {
    difference: nonRespondents - value,
    nonRespondents,
    possible: nonRespondents >= scale[0] && nonRespondents <= scale[1],
  }
}

function notAnswered(
  where: string,
  { value, responseRate, scale = [-100, 100] }: Answered,
): Refusal | undefined {
  const [low, high] = scale
  const refused =
    notFinite(where, { value, 'scale low': low, 'scale high': high }) ??
    notShare(where, { responseRate }) ??
    notPositive(where, { responseRate })
  if (refused) return refused
  if (low >= high)
    return refuse(
      'out-of-range',
      `[${where}] the scale runs from ${low} to ${high}; give its lower end first.`,
    )
  if (value < low || value > high)
    return refuse('out-of-range', `[${where}] value ${value} lies outside the scale ${low} to ${high}.`)
  return undefined
}
