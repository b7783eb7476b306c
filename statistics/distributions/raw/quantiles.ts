/** Quantiles of the t, χ², gamma, beta and F distributions; `q` arguments are the upper tail, so that tiny tails keep their digits. */
import { betaDensity, betaTails } from './incomplete-beta.ts'
import { gammaDensity, gammaTails } from './incomplete-gamma.ts'
import { logRoot } from './log-root.ts'
import { tCentral, tPdf, tUpper } from './student.ts'

export type TailPair = { readonly p: number; readonly q: number }

/** Quantile of the gamma distribution with rate 1: solved in ln x, on the smaller of the two tails. */
export function gammaQuantile(shape: number, { p, q }: TailPair): number {
  if (p === 0) return 0
  if (q === 0) return Infinity
  const rising = p <= q
  return Math.exp(
    logRoot({
      tail: (u) => gammaTails(shape, Math.exp(u))[rising ? 'lower' : 'upper'],
      slope: (u) => gammaDensity(shape, Math.exp(u)) * Math.exp(u),
      target: rising ? p : q,
      rising,
      start: Math.log(shape),
    }),
  )
}

/** ln(x/(1 − x)) of the beta quantile: both ends of the unit interval keep their digits. */
export function betaLogitQuantile(a: number, b: number, { p, q }: TailPair): number {
  const rising = p <= q
  return logRoot({
    tail: (u) => betaTails(a, b, logistic(u), logistic(-u))[rising ? 'lower' : 'upper'],
    slope: (u) => logitDensity(a, b, u),
    target: rising ? p : q,
    rising,
    start: Math.log(a / b),
  })
}

function logistic(u: number): number {
  return 1 / (1 + Math.exp(-u))
}

function logitDensity(a: number, b: number, u: number): number {
  return u > 0 ? betaDensityTimesXy(b, a, logistic(-u)) : betaDensityTimesXy(a, b, logistic(u))
}

function betaDensityTimesXy(a: number, b: number, x: number): number {
  return betaDensity(a, b, x) * x * (1 - x)
}

export function betaQuantile(a: number, b: number, tails: TailPair): number {
  if (tails.p === 0) return 0
  if (tails.q === 0) return 1
  return logistic(betaLogitQuantile(a, b, tails))
}

export function fQuantile(df1: number, df2: number, tails: TailPair): number {
  if (tails.p === 0) return 0
  if (tails.q === 0) return Infinity
  return (df2 / df1) * Math.exp(betaLogitQuantile(df1 / 2, df2 / 2, tails))
}

export function tQuantile(df: number, { p, q }: TailPair): number {
  if (p === q) return 0
  if (p < q) return -tQuantile(df, { p: q, q: p })
  if (q === 0) return Infinity
  const central = q > 0.25
  return Math.exp(
    logRoot({
      tail: (u) => (central ? tCentral : tUpper)(Math.exp(u), df),
      slope: (u) => tPdf(Math.exp(u), df) * Math.exp(u),
      target: central ? 0.5 - q : q,
      rising: central,
      start: 0,
    }),
  )
}
