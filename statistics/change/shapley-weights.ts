/** Weights of subsets in an average over all orders: what Das Gupta's standardisation and the Shapley value share. */

/** |S|!(K−1−|S|)!/K! for |S| = 0…K−1: the probability that exactly a given set of the other K−1 factors comes first. */
export function shapleyWeights(factors: number): number[] {
  const weights: number[] = []
  let binomial = 1
  for (let size = 0; size < factors; size++) {
    weights.push(1 / (factors * binomial))
    binomial = (binomial * (factors - 1 - size)) / (size + 1)
  }
  return weights
}

export function countBits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
