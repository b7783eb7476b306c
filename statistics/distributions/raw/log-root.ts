/** One root finder for all quantiles: the distribution's tail as a function of a coordinate, matched on its logarithm. */

export type LogRoot = {
  /** Tail probability at coordinate u; monotone. */
  readonly tail: (u: number) => number
  /** |d tail / d u|. */
  readonly slope: (u: number) => number
  readonly target: number
  readonly rising: boolean
  readonly start: number
}

/** u with tail(u) = target: bracket by doubling steps, then Newton on ln tail with bisection as the safeguard. */
export function logRoot({ tail, slope, target, rising, start }: LogRoot): number {
  const isHigh = (u: number) => tail(u) > target === rising
  let step = 1
  let low = start
  let high = start
  while (!isHigh(high) && step < 1e5) high += step *= 2
  step = 1
  while (isHigh(low) && step < 1e5) low -= step *= 2
  let u = (low + high) / 2
  for (let i = 0; i < 200; i++) {
    const value = tail(u)
    if (value > target === rising) high = u
    else low = u
    const newton = u + ((rising ? 1 : -1) * Math.log(target / value) * value) / slope(u)
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - u) <= 4e-16 * Math.max(1, Math.abs(u))) return next
    u = next
  }
  return u
}
