/** Seeded randomness: the only source of chance in this room, so that every bootstrap and simulation can be repeated. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { betaDraw, binomialDraw, gammaDraw, normalDraw, poissonDraw } from './draws.ts'

/** A stream of draws; parameters outside their definition throw a RangeError, as a loop without end would be worse. */
export type Random = {
  /** 0 ≤ u < 1. */
  readonly uniform: () => number
  /** Whole number from `low` to `high`, both included. */
  readonly integer: (low: number, high: number) => number
  readonly normal: (mean?: number, sd?: number) => number
  readonly exponential: (rate?: number) => number
  readonly gamma: (shape: number, rate?: number) => number
  readonly beta: (a: number, b: number) => number
  readonly poisson: (mean: number) => number
  readonly binomial: (n: number, p: number) => number
  /** Counts of n draws over categories with the given weights (need not sum to 1). */
  readonly multinomial: (n: number, weights: readonly number[]) => number[]
  /** Index of a category drawn with the given weights. */
  readonly category: (weights: readonly number[]) => number
  /** A shuffled copy. */
  readonly shuffle: <T>(items: readonly T[]) => T[]
}

/**
 * A stream of random draws that depends on the seed alone (xoroshiro128+ of pure-rand).
 * Any number is a seed; equal numbers give equal streams.
 * Source: Blackman & Vigna (2021), Scrambled linear pseudorandom number generators; draws as named in random/draws.ts.
 * @example
 * seeded(7).uniform() === seeded(7).uniform() // true
 * seeded(7).uniform() === seeded(8).uniform() // false
 */
export function seeded(seed: number): Random {
  const source = xoroshiro128plus(seedBits(seed))
  const uniform = () => uniformFloat64(source)
  const integer = (low: number, high: number) => uniformInt(source, low, high)
  return {
    uniform,
    integer,
    normal: (mean = 0, sd = 1) => mean + sd * normalDraw(uniform),
    exponential: (rate = 1) => -Math.log1p(-uniform()) / rate,
    gamma: (shape, rate = 1) => gammaDraw(uniform, shape) / rate,
    beta: (a, b) => betaDraw(uniform, a, b),
    poisson: (mean) => poissonDraw(uniform, mean),
    binomial: (n, p) => binomialDraw(uniform, n, p),
    multinomial: (n, weights) => multinomialDraw(uniform, n, weights),
    category: (weights) => categoryDraw(uniform, weights),
    shuffle: (items) => shuffled(integer, items),
  }
}

/** 32 bits from the eight bytes of any number, mixed by Murmur's finaliser. */
function seedBits(seed: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, seed)
  let bits = Math.imul(view.getInt32(0), 0x9e3779b1) ^ view.getInt32(4)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) | 0
}

function multinomialDraw(uniform: () => number, n: number, weights: readonly number[]): number[] {
  let restWeight = weights.reduce((sum, weight) => sum + weight, 0)
  let rest = n
  return weights.map((weight, i) => {
    const last = i === weights.length - 1
    const count = last
      ? rest
      : binomialDraw(uniform, rest, restWeight > 0 ? Math.min(1, weight / restWeight) : 0)
    restWeight -= weight
    rest -= count
    return count
  })
}

function categoryDraw(uniform: () => number, weights: readonly number[]): number {
  let point = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [i, weight] of weights.entries()) {
    point -= weight
    if (point < 0) return i
  }
  return weights.findLastIndex((weight) => weight > 0)
}

function shuffled<T>(integer: (low: number, high: number) => number, items: readonly T[]): T[] {
  const copy = [...items]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = integer(0, i)
    const [a, b] = [copy[i], copy[j]] as [T, T]
    copy[i] = b
    copy[j] = a
  }
  return copy
}
