import { describe, expect, it } from 'vitest'
import { type Random, seeded } from './index.ts'

const DRAWS = 20_000

function meanAndVariance(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: DRAWS }, draw)
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (DRAWS - 1) }
}

describe('draws have the mean and variance of their distribution', () => {
  it.each<[string, (random: Random) => number, number, number]>([
    ['uniform', (r) => r.uniform(), 0.5, 1 / 12],
    ['normal', (r) => r.normal(3, 2), 3, 4],
    ['exponential', (r) => r.exponential(2), 0.5, 0.25],
    ['gamma below 1', (r) => r.gamma(0.4), 0.4, 0.4],
    ['gamma', (r) => r.gamma(7, 2), 3.5, 1.75],
    ['beta', (r) => r.beta(2, 5), 2 / 7, 10 / 392],
    ['Poisson of few', (r) => r.poisson(3.5), 3.5, 3.5],
    ['Poisson of many', (r) => r.poisson(80), 80, 80],
    ['binomial of few', (r) => r.binomial(12, 0.3), 3.6, 2.52],
    ['binomial of many', (r) => r.binomial(5000, 0.02), 100, 98],
    ['multinomial', (r) => r.multinomial(50, [1, 2, 1])[1] ?? 0, 25, 12.5],
    ['category', (r) => r.category([1, 0, 3]), 1.5, 0.75],
    ['integer', (r) => r.integer(1, 6), 3.5, 35 / 12],
  ])('%s', (_, draw, mean, variance) => {
    const random = seeded(20_261)
    const got = meanAndVariance(() => draw(random))
    expect(Math.abs(got.mean - mean)).toBeLessThan(5 * Math.sqrt(variance / DRAWS))
    expect(Math.abs(got.variance / variance - 1)).toBeLessThan(0.08)
  })
})

describe('a seed is a stream', () => {
  it('equal seeds repeat, other seeds differ, NaN is a seed too', () => {
    const first = (seed: number) => seeded(seed).uniform()
    expect(first(1)).toBe(first(1))
    expect(new Set([0, 1, 2, -1, 0.5, 1e300, Number.NaN].map(first)).size).toBe(7)
  })
  it('a shuffle keeps every item', () => {
    const items = Array.from({ length: 100 }, (_, i) => i)
    const shuffled = seeded(4).shuffle(items)
    expect(shuffled).not.toEqual(items)
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items)
  })
  it('parameters outside their definition are a bug and throw', () => {
    expect(() => seeded(1).gamma(-1)).toThrow('[random] gamma shape is -1')
    expect(() => seeded(1).binomial(2.5, 0.5)).toThrow(RangeError)
  })
})
