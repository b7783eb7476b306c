/** Regularised incomplete gamma functions P and Q, each computed directly in its own small tail. */
import { logGamma, poissonTerm } from './gamma-function.ts'

type Tails = { readonly lower: number; readonly upper: number }

/** x^a e^−x / Γ(a + 1). */
function leadingTerm(a: number, x: number): number {
  if (a < 1) return Math.exp(a * Math.log(x) - x - logGamma(a + 1))
  return poissonTerm(a, x)
}

/** P(a, x) = leading · (1 + x/(a+1) + x²/((a+1)(a+2)) + …). */
function lowerSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; term > sum * 1e-17 && k < 1e7; k++) {
    term *= x / (a + k)
    sum += term
  }
  return leadingTerm(a, x) * sum
}

/** Q(a, x) by Legendre's continued fraction (DLMF 8.9.2), modified Lentz. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < 1e6; i++) {
    const numerator = -i * (i - a)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    const delta = c * d
    h *= delta
    if (Math.abs(delta - 1) < 1e-16) break
  }
  return leadingTerm(a, x) * a * h
}

/** Both tails at x ≥ 0 for shape a > 0. */
export function gammaTails(a: number, x: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 }
  if (x === Infinity) return { lower: 1, upper: 0 }
  if (x < a + 1) {
    const lower = lowerSeries(a, x)
    return { lower, upper: 1 - lower }
  }
  const upper = upperFraction(a, x)
  return { lower: 1 - upper, upper }
}

export function gammaLower(a: number, x: number): number {
  return gammaTails(a, x).lower
}

export function gammaUpper(a: number, x: number): number {
  return gammaTails(a, x).upper
}

/** Density of the gamma distribution with rate 1. */
export function gammaDensity(a: number, x: number): number {
  if (x === 0) return a > 1 ? 0 : a === 1 ? 1 : Infinity
  return (leadingTerm(a, x) * a) / x
}
