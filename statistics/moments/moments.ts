/** The shape of the sufficient statistics on which weights, regressions and their standard errors rest: small, additive, without rows. */
import { z } from 'zod'

/** Patterns are 31-bit masks, so more variables than this do not fit one table. */
export const MAX_VARIABLES = 31

const finite = z.number()
const notNegative = z.number().nonnegative()

/**
 * Sums over the rows of one hash bucket with one pattern of missing answers.
 * With o = `origin` of the table: `sums[i]` = Σ w(xᵢ − oᵢ), `products` = Σ w(xᵢ − oᵢ)(xⱼ − oⱼ) as the upper triangle, row by row.
 * Entries that belong to a missing variable are 0.
 */
export const MomentGroup = z.object({
  /** Hash bucket of the customer, so that repeat answers of one customer stay together. */
  bucket: z.int().nonnegative(),
  /** Bit i is set where variable i is missing; 0 is a complete answer. */
  missing: z.int().nonnegative(),
  n: z.int().nonnegative(),
  /** Σ w; equals n for unweighted rows. */
  weight: notNegative,
  /** Σ w². */
  squaredWeight: notNegative,
  sums: z.array(finite),
  products: z.array(finite),
})
export type MomentGroup = z.infer<typeof MomentGroup>

/** Groups of one table share variables and origin; add tables with `mergeMoments`. */
export const Moments = z
  .object({
    variables: z.array(z.string().min(1)).min(1).max(MAX_VARIABLES),
    /** Subtracted from the values before summing, so that squares of large numbers keep their digits. */
    origin: z.array(finite),
    groups: z.array(MomentGroup),
  })
  .superRefine(({ variables, origin, groups }, context) => {
    const p = variables.length
    const fits = (group: MomentGroup) =>
      group.sums.length === p && group.products.length === triangle(p) && group.missing < 2 ** p
    if (new Set(variables).size !== p) context.addIssue('variable names repeat; give each its own name')
    if (origin.length !== p) context.addIssue(`origin has ${origin.length} entries for ${p} variables`)
    if (!groups.every(fits)) context.addIssue(`a group does not have ${p} sums and ${triangle(p)} products`)
  })
export type Moments = z.infer<typeof Moments>

/** Entries of the upper triangle of a p × p matrix. */
export function triangle(p: number): number {
  return (p * (p + 1)) / 2
}

/** Place of entry (i, j) in the packed upper triangle. */
export function packedAt(i: number, j: number, p: number): number {
  const low = Math.min(i, j)
  return low * p - (low * (low - 1)) / 2 + Math.abs(i - j)
}

export function isMissing(group: Pick<MomentGroup, 'missing'>, variable: number): boolean {
  return ((group.missing >>> variable) & 1) === 1
}
