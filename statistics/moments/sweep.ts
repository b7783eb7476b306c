/** Beaton's sweep operator: a covariance matrix becomes regressions on the swept variables and residual covariances of the rest. */

/**
 * Sweeps the variables in `on`: entry (i, k) of a variable not swept becomes its coefficient on k,
 * entry (i, j) of two variables not swept their residual covariance. Nothing where a pivot vanishes.
 */
export function swept(matrix: readonly (readonly number[])[], on: readonly number[]): number[][] | undefined {
  const a = matrix.map((row) => [...row])
  for (const k of on) {
    const pivot = a[k]?.[k] ?? 0
    if (!(pivot > 1e-12)) return undefined
    const pivotRow = [...(a[k] ?? [])]
    for (const [i, row] of a.entries()) {
      if (i === k) continue
      const factor = (row[k] ?? 0) / pivot
      for (let j = 0; j < row.length; j++)
        row[j] = j === k ? factor : (row[j] ?? 0) - factor * (pivotRow[j] ?? 0)
    }
    a[k] = pivotRow.map((value, j) => (j === k ? -1 / pivot : value / pivot))
  }
  return a
}
