/** The Shapley average of a product of factors between two populations, in closed form over subsets. */
import { countBits, shapleyWeights } from './shapley-weights.ts'

/**
 * For each factor what the others multiply it with, averaged over orders: a[i]·m[i] and b[i]·m[i] are the standardised
 * products of the two populations, and Σ (b[i]−a[i])·m[i] = Πb − Πa.
 */
export function shapleyMultipliers(a: readonly number[], b: readonly number[]): number[] {
  const [a0 = 0, a1 = 0] = a
  const [b0 = 0, b1 = 0] = b
  if (a.length === 1) return [1]
  if (a.length === 2) return [(a1 + b1) / 2, (a0 + b0) / 2]
  const weights = shapleyWeights(a.length)
  return a.map((_, own) => {
    let sum = 0
    for (let mask = 0; mask < 2 ** a.length; mask++) {
      if (mask & (1 << own)) continue
      let product = weights[countBits(mask)] ?? 0
      for (let i = 0; i < a.length; i++) if (i !== own) product *= (mask & (1 << i) ? b[i] : a[i]) ?? 0
      sum += product
    }
    return sum
  })
}
