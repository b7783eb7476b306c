/** Confidence levels and finite populations: what every interval of this family checks and converts alike. */
import { notCount, notInsideUnit } from '#statistics/argument-checks.ts'
import { normalUpperQuantile } from '#statistics/distributions/raw/normal.ts'
import { tQuantile } from '#statistics/distributions/raw/quantiles.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export const DEFAULT_CONFIDENCE = 0.95

/** Options common to intervals. */
export type Level = {
  /** Nominal coverage, above 0 and below 1; default .95. */
  readonly confidence?: number
  /** Size of the whole population when the sample is a sizeable part of it; default infinite. */
  readonly populationSize?: number
}

export function notLevel(
  where: string,
  { confidence, populationSize }: Level,
  n: number,
): Refusal | undefined {
  const refused =
    (confidence === undefined ? undefined : notConfidence(where, confidence)) ??
    (populationSize === undefined ? undefined : notCount(where, { populationSize }))
  if (refused) return refused
  if (populationSize !== undefined && populationSize < n)
    return refuse(
      'out-of-range',
      `[${where}] populationSize is ${populationSize}, below n ${n}; give the size of the whole population.`,
    )
  return undefined
}

function notConfidence(where: string, confidence: number): Refusal | undefined {
  const refused = notInsideUnit(where, { confidence })
  if (refused) return refused
  return confidence < 1e-9 || confidence > 1 - 1e-9
    ? refuse('out-of-range', `[${where}] confidence is ${confidence}; give a level such as .95.`)
    : undefined
}

/** The quantile asked for last: a page of a thousand stores asks for one level. */
let latest = { confidence: DEFAULT_CONFIDENCE, z: normalUpperQuantile((1 - DEFAULT_CONFIDENCE) / 2) }

/** Two-sided normal quantile. */
export function zOf(confidence: number): number {
  if (latest.confidence !== confidence) latest = { confidence, z: normalUpperQuantile((1 - confidence) / 2) }
  return latest.z
}

/** Two-sided quantile of Student's t. */
export function tOf(confidence: number, df: number): number {
  const q = (1 - confidence) / 2
  return tQuantile(df, { p: 1 - q, q })
}

/** Variance factor (N − n)/(N − 1) of sampling without replacement; 1 for an infinite population. */
export function finiteFactor(n: number, populationSize: number | undefined): number {
  if (populationSize === undefined) return 1
  return populationSize <= 1 ? 0 : (populationSize - n) / (populationSize - 1)
}
