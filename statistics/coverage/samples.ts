/** Seeded samples for the coverage table, reduced to the sums that intervals take. */
import type { ClusterSum, RatioSums, SampleSums } from '#statistics/intervals/index.ts'
import type { Random } from '#statistics/random/index.ts'

export function answers(random: Random, n: number, value: (random: Random) => number): number[] {
  return Array.from({ length: n }, () => value(random))
}

export function sampleSums(values: readonly number[]): SampleSums {
  let sum = 0
  let sumOfSquares = 0
  for (const value of values) {
    sum += value
    sumOfSquares += value * value
  }
  return { n: values.length, sum, sumOfSquares }
}

/** Visits (1 to 7) and spend per customer, with 20 per visit on average. */
export function ratioSums(random: Random, n: number): RatioSums {
  const sums = { n, numerator: 0, denominator: 0, numeratorSquares: 0, denominatorSquares: 0, products: 0 }
  for (let i = 0; i < n; i++) {
    const x = random.integer(1, 7)
    const y = x * random.gamma(2, 0.1)
    sums.numerator += y
    sums.denominator += x
    sums.numeratorSquares += y * y
    sums.denominatorSquares += x * x
    sums.products += x * y
  }
  return sums
}

/** Customers with one to five answers; half of the variance lies between customers. */
export function clusters(random: Random, count: number, mean: number): ClusterSum[] {
  return Array.from({ length: count }, () => {
    const level = random.normal(mean, 1)
    const n = random.integer(1, 5)
    const values = answers(random, n, (r) => r.normal(level, 1))
    return { n, sum: values.reduce((sum, value) => sum + value, 0) }
  })
}
