/** A number that carries its uncertainty: what every estimator of this room returns. */

export type Interval = {
  readonly low: number
  readonly high: number
  /** Nominal coverage, 0–1. */
  readonly confidence: number
}

export type Estimate = Interval & {
  readonly value: number
  /** Observations the value rests on. */
  readonly n: number
  /** Standard error in the unit of `value`; absent where the method has none. */
  readonly se?: number
}
