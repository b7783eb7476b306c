/** Regularised incomplete beta function, both tails, with 1 − x given apart so that neither end loses digits. */
import { binomialTerm, logBeta } from './gamma-function.ts'

type Tails = { readonly lower: number; readonly upper: number }

/** x^a y^b / B(a, b). */
function leadingTerm(a: number, b: number, x: number, y: number): number {
  if (Math.min(a, b) < 1) {
    const logY = x < 0.5 ? Math.log1p(-x) : Math.log(y)
    const logX = y < 0.5 ? Math.log1p(-y) : Math.log(x)
    return Math.exp(a * logX + b * logY - logBeta(a, b))
  }
  return ((a * b) / (a + b)) * binomialTerm(a, a + b, x, y)
}

/** Continued fraction of I_x(a, b) (DLMF 8.17.22), modified Lentz; quick for x < (a+1)/(a+b+2). */
function fraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let h = d
  for (let m = 1; m < 1e6; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    h *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    const delta = d * c
    h *= delta
    if (Math.abs(delta - 1) < 1e-16) break
  }
  return h
}

/** I_x(a, b) and its complement; y = 1 − x. */
export function betaTails(a: number, b: number, x: number, y: number): Tails {
  if (x <= 0) return { lower: 0, upper: 1 }
  if (y <= 0) return { lower: 1, upper: 0 }
  const leading = leadingTerm(a, b, x, y)
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (leading * fraction(a, b, x)) / a
    return { lower, upper: 1 - lower }
  }
  const upper = (leading * fraction(b, a, y)) / b
  return { lower: 1 - upper, upper }
}

export function betaLower(a: number, b: number, x: number): number {
  return betaTails(a, b, x, 1 - x).lower
}

export function betaUpper(a: number, b: number, x: number): number {
  return betaTails(a, b, x, 1 - x).upper
}

/** Density of the beta distribution for 0 < x < 1. */
export function betaDensity(a: number, b: number, x: number): number {
  return leadingTerm(a, b, x, 1 - x) / (x * (1 - x))
}
