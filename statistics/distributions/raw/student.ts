/** Student's t distribution without input checks. */
import { binomialTerm } from './gamma-function.ts'
import { betaTails } from './incomplete-beta.ts'

/** x = df/(df + t²) and its complement, safe for huge t. */
function shares(t: number, df: number): { rest: number; square: number } {
  const ratio = (t / df) * t
  return ratio === Infinity ? { rest: 0, square: 1 } : { rest: 1 / (1 + ratio), square: ratio / (1 + ratio) }
}

export function tUpper(t: number, df: number): number {
  if (t < 0) return 1 - tUpper(-t, df)
  const { rest, square } = shares(t, df)
  return betaTails(df / 2, 0.5, rest, square).lower / 2
}

/** P(0 < T < t) for t ≥ 0. */
export function tCentral(t: number, df: number): number {
  const { rest, square } = shares(t, df)
  return betaTails(0.5, df / 2, square, rest).lower / 2
}

export function tCdf(t: number, df: number): number {
  return tUpper(-t, df)
}

/** Density through the binomial saddle point: exact for large df. */
export function tPdf(t: number, df: number): number {
  const { rest } = shares(t, df)
  return (gammaHalfRatio(df / 2) / Math.sqrt(df * Math.PI)) * Math.exp(((df + 1) / 2) * logShare(rest, t, df))
}

function logShare(rest: number, t: number, df: number): number {
  return rest > 0.5 ? -Math.log1p((t / df) * t) : Math.log(rest)
}

/** Γ(a + ½)/Γ(a) from the central binomial term: C(2a, a)/4^a = Γ(a + ½)/(√π Γ(a + 1)). */
function gammaHalfRatio(a: number): number {
  return binomialTerm(a, 2 * a, 0.5, 0.5) * Math.sqrt(Math.PI) * a
}
