/** Compensated sums: a long column of money or of squares keeps its last digits, in any order of rows. */

/** Σ values by Neumaier's compensated summation (1974); an empty list sums to 0. */
export function neumaierSum(values: Iterable<number>): number {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}

/** Σ aᵢbᵢ, compensated; the shorter list counts as ended by zeros. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return neumaierSum(a.map((value, i) => value * (b[i] ?? 0)))
}
