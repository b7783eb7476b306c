/** Upper tail of the non-central t distribution: the power of t tests. */
import { poissonTerm } from '#statistics/distributions/raw/gamma-function.ts'
import { betaTails } from '#statistics/distributions/raw/incomplete-beta.ts'

/**
 * P(T > t) for t ≥ 0, df > 0 and non-centrality δ ≥ 0: half a Poisson mixture of upper beta tails (complement of Lenth 1989, AS 243),
 * summed outwards from its largest term.
 */
export function noncentralTUpper(t: number, df: number, delta: number): number {
  // Below 1 by less than 1e−15, and the mixture would have too many terms.
  if (delta > 1000 + 100 * t) return 1
  const lambda = (delta * delta) / 2
  const x = (t * t) / (df + t * t)
  const y = df / (df + t * t)
  const term = (j: number) =>
    poissonTerm(j, lambda) * betaTails(j + 0.5, df / 2, x, y).upper +
    halfTerm(j, lambda) * betaTails(j + 1, df / 2, x, y).upper
  const mode = Math.floor(lambda)
  let sum = 0
  for (let j = mode; j >= 0; j--) {
    const value = term(j)
    sum += value
    if (value < 1e-17 * sum) break
  }
  for (let j = mode + 1; j < mode + 1e5; j++) {
    const value = term(j)
    sum += value
    if (value < 1e-17 * sum || sum === 0) break
  }
  return sum / 2
}

/** e^−λ λ^(j+½)/Γ(j + 3/2). */
function halfTerm(j: number, lambda: number): number {
  return lambda === 0 ? 0 : poissonTerm(j + 0.5, lambda)
}
