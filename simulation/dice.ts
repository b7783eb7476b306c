/** Seeded dice: every draw of the simulation comes from a generator named by the seed and a path, so that parts can be made in any order. */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

type Generator = ReturnType<typeof xoroshiro128plus>

export class Dice {
  private readonly generator: Generator

  /** The same seed and path always give the same throws; different paths are independent. */
  constructor(seed: number, ...path: readonly number[]) {
    this.generator = xoroshiro128plus(path.reduce(mixed, mixed(0x9e3779b9, seed)))
  }

  /** Uniform in [0, 1). */
  next(): number {
    return (this.generator.next() >>> 0) / 0x1_0000_0000
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + this.next() * (high - low)
  }

  /** A whole number, low ≤ n ≤ high. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** The index of one of the weights, drawn in proportion to them. */
  weigh(weights: readonly number[]): number {
    let rest = this.next() * weights.reduce((sum, weight) => sum + weight, 0)
    for (const [index, weight] of weights.entries()) {
      rest -= weight
      if (rest < 0) return index
    }
    return weights.length - 1
  }
}

/** 32-bit avalanche (the finaliser of MurmurHash3), so that neighbouring seeds share nothing. */
function mixed(state: number, value: number): number {
  let hash = Math.imul(state ^ value, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13) ^ Math.floor(value / 0x1_0000_0000), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) | 0
}
