/** Newey–West covariance of regression coefficients: robust to unequal variances and to autocorrelation up to a lag. */

type NeweyWest = {
  readonly x: readonly (readonly number[])[]
  readonly residuals: readonly number[]
  readonly weights: readonly number[]
  /** (X'WX)⁻¹. */
  readonly inverseGram: readonly (readonly number[])[]
  readonly lag: number
}

/** n/(n−k)·B·S·B with S = Γ₀ + Σ_l (1 − l/(L+1))(Γ_l + Γ_l'), Γ_l = Σ u_t u_{t−l}', u_t = w_t x_t e_t. */
export function neweyWest({ x, residuals, weights, inverseGram, lag }: NeweyWest): number[][] {
  const n = x.length
  const k = inverseGram.length
  const scores = x.map((row, t) => row.map((value) => value * (residuals[t] ?? 0) * (weights[t] ?? 1)))
  const middle = inverseGram.map(() => Array<number>(k).fill(0))
  for (let l = 0; l <= Math.min(lag, n - 1); l++) {
    const weight = 1 - l / (lag + 1)
    for (let t = l; t < n; t++) addOuter(middle, scores[t] ?? [], scores[t - l] ?? [], weight, l > 0)
  }
  const left = product(inverseGram, middle)
  return product(left, inverseGram).map((row) => row.map((value) => (value * n) / (n - k)))
}

function addOuter(
  into: number[][],
  a: readonly number[],
  b: readonly number[],
  weight: number,
  bothWays: boolean,
): void {
  for (const [i, row] of into.entries())
    for (let j = 0; j < row.length; j++) {
      const there = (a[i] ?? 0) * (b[j] ?? 0)
      const back = bothWays ? (b[i] ?? 0) * (a[j] ?? 0) : 0
      row[j] = (row[j] ?? 0) + weight * (there + back)
    }
}

function product(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) =>
    (b[0] ?? []).map((_, j) => row.reduce((sum, value, i) => sum + value * (b[i]?.[j] ?? 0), 0)),
  )
}
