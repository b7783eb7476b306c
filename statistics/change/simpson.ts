/** Simpson's paradox: does a comparison of two groups turn round when it is made inside strata? */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { type Stratum, unusableStrata } from './strata.ts'

export type SimpsonResult = {
  /** Share of a minus share of b with all strata thrown together. */
  readonly crude: number
  /** Share of a minus share of b if both groups had the strata of everybody together. */
  readonly standardised: number
  readonly strata: readonly { readonly stratum: string; readonly difference: number; readonly n: number }[]
  /** Strata that point against the crude difference, as a share of all n. */
  readonly against: number
  /** `reversal`: every stratum points against the crude difference; `partial`: the standardised difference does. */
  readonly verdict: 'reversal' | 'partial' | 'none'
}

/**
 * Asks whether a difference between two groups is an effect of their composition: crude against standardised difference.
 * Takes successes and n per group and stratum; differences are shares (−1…1).
 * Refuses counts that are negative, above n or not finite, and a stratum in which one group is absent (merge it).
 * Formula: standardised = Σ n_i/n·(p_ai − p_bi), n_i both groups of stratum i.
 * Source: Simpson, JRSS B 13 (1951) 238–241; direct standardisation as in Miettinen 1972; Berkeley data Bickel et al. 1975.
 * @example
 * const strata = [
 *   { stratum: 'small stones', a: { successes: 81, n: 87 }, b: { successes: 234, n: 270 } },
 *   { stratum: 'large stones', a: { successes: 192, n: 263 }, b: { successes: 55, n: 80 } },
 * ]
 * simpson({ strata }).crude // -0.045714
 * simpson({ strata }).standardised // 0.053671
 * simpson({ strata }).verdict // 'reversal'
 */
export function simpson({ strata }: { readonly strata: readonly Stratum[] }): SimpsonResult | Refusal {
  const refusal = unusableStrata('simpson', strata)
  if (refusal) return refusal
  const alone = strata.find(({ a, b }) => a.n === 0 || b.n === 0)
  if (alone)
    return refuse(
      'empty-cell',
      `[simpson] stratum "${alone.stratum}" has only one of the groups; merge it with another.`,
    )
  const shareOf = (group: 'a' | 'b') =>
    neumaierSum(strata.map((stratum) => stratum[group].successes)) /
    neumaierSum(strata.map((stratum) => stratum[group].n))
  const crude = shareOf('a') - shareOf('b')
  const lines = strata.map(({ stratum, a, b }) => ({
    stratum,
    difference: a.successes / a.n - b.successes / b.n,
    n: a.n + b.n,
  }))
  const n = neumaierSum(lines.map((line) => line.n))
  const standardised = neumaierSum(lines.map((line) => (line.difference * line.n) / n))
  const opposed = lines.filter(({ difference }) => difference * crude < 0)
  const against = neumaierSum(opposed.map((line) => line.n)) / n
  const verdict = opposed.length === lines.length ? 'reversal' : standardised * crude < 0 ? 'partial' : 'none'
  return onlyFinite('simpson', { crude, standardised, strata: lines, against, verdict })
}
