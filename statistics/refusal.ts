/** The typed answer of a statistic that cannot be computed: a code for programs, a sentence for people, never NaN. */

export type RefusalCode =
  | 'too-few' // n below what the formula needs
  | 'not-finite' // NaN or ±∞ in the input
  | 'out-of-range' // a value outside its definition (a share of 1.2, a negative count)
  | 'no-variance' // a constant where variation is needed
  | 'singular' // a matrix without inverse, collinear drivers
  | 'one-class' // an outcome of which only one class occurs
  | 'empty-cell' // a cell that the estimator needs has no observations
  | 'no-weight' // weights that are all zero or negative
  | 'not-converged' // an iteration that did not settle
  | 'mismatch' // inputs whose shapes do not agree

export type Refusal = { readonly refused: RefusalCode; readonly reason: string }

/**
 * Says no, with a code for programs and a sentence for people.
 * Source: errors as values, in the form of zod's issues.
 * @example
 * refuse('too-few', '[wilson] n is 0; a share needs at least one answer.').refused // 'too-few'
 */
export function refuse(refused: RefusalCode, reason: string): Refusal {
  return { refused, reason }
}

/**
 * Tells a refusal from a result; after it the compiler knows which of the two it is.
 * Source: errors as values, in the form of zod's issues.
 * @example
 * isRefusal(refuse('no-weight', '[mean] all weights are 0; give positive weights.')) // true
 * isRefusal(0.5) // false
 */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value && 'reason' in value
}
