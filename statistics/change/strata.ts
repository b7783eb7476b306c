/** Two groups compared inside strata: the table that Mantel–Haenszel and the Simpson check read. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type Share = { readonly successes: number; readonly n: number }

/** One stratum: the two groups compared inside it. */
export type Stratum = { readonly stratum: string; readonly a: Share; readonly b: Share }

/** The reason why a table cannot be compared, or nothing. */
export function unusableStrata(where: string, strata: readonly Stratum[]): Refusal | undefined {
  for (const { stratum, a, b } of strata)
    for (const { successes, n } of [a, b]) {
      if (!Number.isFinite(successes) || !Number.isFinite(n))
        return refuse('not-finite', `[${where}] "${stratum}" has ${successes} of ${n}; give finite counts.`)
      if (successes < 0 || successes > n)
        return refuse(
          'out-of-range',
          `[${where}] "${stratum}" has ${successes} of ${n}; give 0 ≤ successes ≤ n.`,
        )
    }
  if (!strata.some(({ a, b }) => a.n > 0 && b.n > 0))
    return refuse('too-few', `[${where}] no stratum has answers of both groups; nothing can be compared.`)
  return undefined
}
