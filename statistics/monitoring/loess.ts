/** Local regression at evenly spaced points, in the exact form that STL uses. */

export type Smoother = {
  /** Number of neighbours; odd. */
  readonly window: number
  /** 0 = local mean, 1 = local line. */
  readonly degree: 0 | 1
  /** Robustness weights of the points. */
  readonly weights?: readonly number[] | undefined
}

/** The smoothed series: one value per point. */
export function loess(y: readonly number[], smoother: Smoother): number[] {
  const n = y.length
  if (n < 2) return [...y]
  const half = (smoother.window + 1) / 2
  let left = 1
  let right = Math.min(smoother.window, n)
  return y.map((value, i) => {
    if (smoother.window < n && i + 1 > half && right !== n) {
      left++
      right++
    }
    return loessAt(y, i + 1, { ...smoother, left, right }) ?? value
  })
}

/** The fit at position `x` (points stand at 1…n; x may lie beyond) from the points `left`…`right`; nothing if all have weight 0. */
export function loessAt(
  y: readonly number[],
  x: number,
  { window, degree, weights, left, right }: Smoother & { readonly left: number; readonly right: number },
): number | undefined {
  const n = y.length
  const reach = Math.max(x - left, right - x) + (window > n ? Math.floor((window - n) / 2) : 0)
  const w: number[] = []
  let total = 0
  for (let j = left; j <= right; j++) {
    const weight = tricube(Math.abs(j - x), reach) * (weights ? (weights[j - 1] ?? 0) : 1)
    w.push(weight)
    total += weight
  }
  if (total <= 0) return undefined
  let share = w.map((weight) => weight / total)
  if (reach > 0 && degree > 0) share = tilted(share, left, x, n)
  return share.reduce((sum, weight, k) => sum + weight * (y[left - 1 + k] ?? 0), 0)
}

function tricube(distance: number, reach: number): number {
  if (distance > 0.999 * reach) return 0
  if (distance <= 0.001 * reach) return 1
  return (1 - (distance / reach) ** 3) ** 3
}

/** Weights of a local mean turned into those of a local line at x, unless the points hardly spread. */
function tilted(share: readonly number[], left: number, x: number, n: number): number[] {
  const centre = share.reduce((sum, weight, k) => sum + weight * (left + k), 0)
  const spread = share.reduce((sum, weight, k) => sum + weight * (left + k - centre) ** 2, 0)
  if (Math.sqrt(spread) <= 0.001 * (n - 1)) return [...share]
  const slope = (x - centre) / spread
  return share.map((weight, k) => weight * (slope * (left + k - centre) + 1))
}
