/** Partial correlation of two variables given others, by eliminating the others from the correlation matrix. */

/** ρ_ab.S, or null when the variables in S (or S and a or b) determine each other. */
export function partialCorrelation(
  correlation: readonly (readonly number[])[],
  a: number,
  b: number,
  given: readonly number[],
): number | null {
  const order = [...given, a, b]
  const m = order.map((i) => order.map((j) => correlation[i]?.[j] ?? 0))
  const k = given.length
  for (let pivot = 0; pivot < k; pivot++) {
    const row = m[pivot] ?? []
    const scale = row[pivot] ?? 0
    if (!(scale > 1e-10)) return null
    for (let i = pivot + 1; i < m.length; i++) {
      const own = m[i] ?? []
      const factor = (own[pivot] ?? 0) / scale
      for (let j = pivot + 1; j < m.length; j++) own[j] = (own[j] ?? 0) - factor * (row[j] ?? 0)
    }
  }
  const [va, vb, cov] = [m[k]?.[k] ?? 0, m[k + 1]?.[k + 1] ?? 0, m[k]?.[k + 1] ?? 0]
  if (!(va > 1e-10 && vb > 1e-10)) return null
  return Math.max(-1, Math.min(1, cov / Math.sqrt(va * vb)))
}

/** Fisher's z of a partial correlation given s variables from n rows: standard normal when it is 0. */
export function fisherZ(partial: number, n: number, given: number): number {
  return Math.sqrt(n - given - 3) * Math.atanh(partial)
}
