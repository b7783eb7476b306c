/** Draws from named distributions out of a stream of uniforms. */
import { logGamma } from '#statistics/distributions/raw/gamma-function.ts'

type Uniform = () => number

function demand(what: string, holds: boolean): void {
  if (!holds) throw new RangeError(`[random] ${what}; give parameters inside their definition.`)
}

/** Marsaglia's polar method (1964). */
export function normalDraw(uniform: Uniform): number {
  for (;;) {
    const x = 2 * uniform() - 1
    const y = 2 * uniform() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square)
  }
}

/** Marsaglia & Tsang (2000), rate 1; shapes below 1 by a power of a uniform. */
export function gammaDraw(uniform: Uniform, shape: number): number {
  demand(`gamma shape is ${shape}`, shape > 0 && Number.isFinite(shape))
  if (shape < 1) return gammaDraw(uniform, shape + 1) * (1 - uniform()) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normalDraw(uniform)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

export function betaDraw(uniform: Uniform, a: number, b: number): number {
  const x = gammaDraw(uniform, a)
  return x / (x + gammaDraw(uniform, b))
}

/** Products of uniforms below a mean of 30; above, Hörmann's transformed rejection PTRS (1993). */
export function poissonDraw(uniform: Uniform, mean: number): number {
  demand(`Poisson mean is ${mean}`, mean >= 0 && Number.isFinite(mean))
  if (mean < 30) {
    const floor = Math.exp(-mean)
    let count = 0
    for (let product = uniform(); product > floor; product *= uniform()) count++
    return count
  }
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  for (;;) {
    const u = uniform() - 0.5
    const v = 1 - uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const bound = Math.log((v * inverseAlpha) / (a / (us * us) + b))
    if (bound <= k * Math.log(mean) - mean - logGamma(k + 1)) return k
  }
}

/** Exact by halving: an order statistic (a beta draw) splits n until few trials remain (Devroye 1986, X.4.3). */
export function binomialDraw(uniform: Uniform, n: number, p: number): number {
  demand(`binomial n is ${n}, p is ${p}`, Number.isInteger(n) && n >= 0 && p >= 0 && p <= 1)
  let trials = n
  let chance = p
  let successes = 0
  while (trials > 40) {
    const half = Math.floor(1 + trials / 2)
    const split = betaDraw(uniform, half, trials + 1 - half)
    if (split >= chance) {
      trials = half - 1
      chance /= split
    } else {
      successes += half
      trials -= half
      chance = (chance - split) / (1 - split)
    }
  }
  for (let i = 0; i < trials; i++) if (uniform() < chance) successes++
  return successes
}
