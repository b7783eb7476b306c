/** Estimate ± quantile × standard error, with the test against zero: the last line of every estimator here. */
import { normalQuantile, normalUpper, tQuantile, tUpper } from '#statistics/distributions/index.ts'
import type { Estimate } from '#statistics/estimate.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

export type TestedEstimate = Estimate & {
  readonly se: number
  /** Two-sided p-value of no effect. */
  readonly p: number
  /** Degrees of freedom of the t distribution; absent = normal. */
  readonly df?: number
}

type Around = {
  readonly where: string
  readonly value: number
  readonly se: number
  readonly n: number
  readonly confidence: number
  readonly df?: number
}

/** Refuses a confidence outside (0, 1), a standard error of 0 and whatever is not finite. */
export function around({ where, value, se, n, confidence, df }: Around): TestedEstimate | Refusal {
  if (!(confidence > 0 && confidence < 1))
    return refuse('out-of-range', `[${where}] confidence is ${confidence}; give a share between 0 and 1.`)
  if (!Number.isFinite(value) || !Number.isFinite(se))
    return refuse('not-finite', `[${where}] the estimate is ${value} with standard error ${se}.`)
  if (!(se > 0))
    return refuse('no-variance', `[${where}] the outcome does not vary, so there is no standard error.`)
  const z = df === undefined ? normalQuantile((1 + confidence) / 2) : tQuantile((1 + confidence) / 2, df)
  const tail = df === undefined ? normalUpper(Math.abs(value / se)) : tUpper(Math.abs(value / se), df)
  if (isRefusal(z)) return z
  if (isRefusal(tail)) return tail
  const base = {
    value,
    se,
    low: value - z * se,
    high: value + z * se,
    confidence,
    n,
    p: Math.min(1, 2 * tail),
  }
  return onlyFinite(where, df === undefined ? base : { ...base, df })
}
