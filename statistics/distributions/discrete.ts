/** Binomial and Poisson distributions: counts of answers and of events. */
import { notCount, notFinite, notInsideUnit, notParameter, notShare } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { binomialTerm, poissonTerm } from './raw/gamma-function.ts'
import { betaTails } from './raw/incomplete-beta.ts'
import { gammaTails } from './raw/incomplete-gamma.ts'
import { normalQuantile } from './raw/normal.ts'

/** k successes in n trials of success probability p. */
export type BinomialPoint = { readonly k: number; readonly n: number; readonly p: number }

/**
 * P(X = k) of the binomial. Refuses counts that are not whole, k > n and p outside 0–1. Loader's saddle point (2000), exact for n up to 10⁸.
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * binomialPmf({ k: 3, n: 10, p: 0.2 }) // 0.201326592
 */
export function binomialPmf({ k, n, p }: BinomialPoint): number | Refusal {
  return checked('binomialPmf', { k, n, p }) ?? binomialTerm(k, n, p, 1 - p)
}

/**
 * P(X ≤ k) of the binomial. Refuses as `binomialPmf`. I_{1−p}(n − k, k + 1).
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * binomialCdf({ k: 3, n: 10, p: 0.2 }) // 0.8791261184
 */
export function binomialCdf({ k, n, p }: BinomialPoint): number | Refusal {
  return checked('binomialCdf', { k, n, p }) ?? (k === n ? 1 : betaTails(n - k, k + 1, 1 - p, p).lower)
}

/**
 * P(X > k) of the binomial, all digits kept in the upper tail. Refuses as `binomialPmf`.
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * binomialUpper({ k: 9, n: 10, p: 0.01 }) // 1e-20
 */
export function binomialUpper({ k, n, p }: BinomialPoint): number | Refusal {
  return checked('binomialUpper', { k, n, p }) ?? (k === n ? 0 : betaTails(n - k, k + 1, 1 - p, p).upper)
}

/**
 * Least k with P(X ≤ k) ≥ `probability`. Refuses a probability at or outside 0 and 1, an n that is no count and p outside 0–1.
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * binomialQuantile({ probability: 0.95, n: 10, p: 0.2 }) // 4
 */
export function binomialQuantile({
  probability,
  n,
  p,
}: {
  probability: number
  n: number
  p: number
}): number | Refusal {
  const refused =
    notInsideUnit('binomialQuantile', { probability }) ?? checked('binomialQuantile', { k: 0, n, p })
  if (refused) return refused
  const start = n * p + normalQuantile(probability) * Math.sqrt(n * p * (1 - p))
  return leastCount((k) => (k >= n ? 1 : betaTails(n - k, k + 1, 1 - p, p).lower), {
    probability,
    start,
    most: n,
  })
}

/**
 * P(X = k) of the Poisson with `mean` > 0. Refuses a k that is no count and mean ≤ 0.
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * poissonPmf(5, 3) // 0.100818813444924
 */
export function poissonPmf(k: number, mean: number): number | Refusal {
  return notCount('poissonPmf', { k }) ?? notParameter('poissonPmf', { mean }) ?? poissonTerm(k, mean)
}

/**
 * P(X ≤ k) of the Poisson. Refuses as `poissonPmf`. Q(k + 1, mean).
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * poissonCdf(5, 3) // 0.916082057968697
 */
export function poissonCdf(k: number, mean: number): number | Refusal {
  return (
    notCount('poissonCdf', { k }) ?? notParameter('poissonCdf', { mean }) ?? gammaTails(k + 1, mean).upper
  )
}

/**
 * P(X > k) of the Poisson, all digits kept in the upper tail. Refuses as `poissonPmf`.
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * poissonUpper(5, 3) // 0.083917942031303
 */
export function poissonUpper(k: number, mean: number): number | Refusal {
  return (
    notCount('poissonUpper', { k }) ?? notParameter('poissonUpper', { mean }) ?? gammaTails(k + 1, mean).lower
  )
}

/**
 * Least k with P(X ≤ k) ≥ `probability` of the Poisson. Refuses a probability at or outside 0 and 1 and mean ≤ 0.
 * Source: Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 8.17.5, 8.4.10.
 * @example
 * poissonQuantile(0.95, 3) // 6
 */
export function poissonQuantile(probability: number, mean: number): number | Refusal {
  const refused =
    notInsideUnit('poissonQuantile', { probability }) ?? notParameter('poissonQuantile', { mean })
  if (refused) return refused
  const start = mean + normalQuantile(probability) * Math.sqrt(mean)
  return leastCount((k) => gammaTails(k + 1, mean).upper, {
    probability,
    start,
    most: Number.MAX_SAFE_INTEGER,
  })
}

/** Walks from the normal approximation to the least k whose cdf reaches the probability. */
function leastCount(
  cdf: (k: number) => number,
  { probability, start, most }: { probability: number; start: number; most: number },
): number {
  let k = Math.min(most, Math.max(0, Math.round(start)))
  while (k < most && cdf(k) < probability) k++
  while (k > 0 && cdf(k - 1) >= probability) k--
  return k
}

function checked(where: string, { k, n, p }: BinomialPoint): Refusal | undefined {
  const refused = notCount(where, { k, n }) ?? notFinite(where, { p }) ?? notShare(where, { p })
  if (refused) return refused
  if (n > 1e10) return refuse('out-of-range', `[${where}] n is ${n}; it must be at most 1e10.`)
  return k > n ? refuse('out-of-range', `[${where}] k is ${k} of n ${n}; k cannot exceed n.`) : undefined
}
