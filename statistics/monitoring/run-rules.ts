/** Nelson's eight tests for patterns inside the limits of a control chart. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

import { refuseSeries } from './control-points.ts'

export type RunSignal = {
  /** Nelson's number, 1–8. */
  readonly rule: number
  /** Index of the point that completes the pattern. */
  readonly at: number
}

/** One test: among the last `window` standardised points, at least `enough` satisfy a condition on one side or on the whole. */
type Rule = {
  readonly rule: number
  readonly window: number
  readonly holds: (z: readonly number[]) => boolean
}

const sameSide = (z: readonly number[], limit: number, enough: number): boolean =>
  [1, -1].some((side) => z.filter((value) => side * value > limit).length >= enough)
const steps = (z: readonly number[]): number[] => z.slice(1).map((value, i) => value - (z[i] ?? 0))

const rules: readonly Rule[] = [
  { rule: 1, window: 1, holds: (z) => sameSide(z, 3, 1) },
  { rule: 2, window: 9, holds: (z) => sameSide(z, 0, 9) },
  { rule: 3, window: 6, holds: (z) => sameSide(steps(z), 0, 5) },
  {
    rule: 4,
    window: 14,
    holds: (z) => {
      const moves = steps(z)
      return moves.slice(1).every((move, i) => move * (moves[i] ?? 0) < 0)
    },
  },
  { rule: 5, window: 3, holds: (z) => endsBeyond(z, 2, 2) },
  { rule: 6, window: 5, holds: (z) => endsBeyond(z, 1, 4) },
  { rule: 7, window: 15, holds: (z) => z.every((value) => Math.abs(value) < 1) },
  {
    rule: 8,
    window: 8,
    holds: (z) =>
      z.every((value) => Math.abs(value) > 1) && z.some((value) => value > 0) && z.some((value) => value < 0),
  },
]

/** k of the window lie beyond the limit on the side of the last point, which is one of them. */
function endsBeyond(z: readonly number[], limit: number, enough: number): boolean {
  const side = Math.sign(z.at(-1) ?? 0)
  return side * (z.at(-1) ?? 0) > limit && z.filter((value) => side * value > limit).length >= enough
}

/**
 * Patterns that chance seldom makes: 1 beyond 3σ, 9 on one side, 6 rising or falling, 14 alternating, 2 of 3 beyond 2σ,
 * 4 of 5 beyond 1σ, 15 within 1σ, 8 outside 1σ on both sides.
 *
 * Values are standardised: (value − centre)/σ. One signal per rule and point that completes it.
 * Refuses no value and values that are not finite.
 * Formula: eight windows over z.
 * Source: Nelson, J. Qual. Technol. 16, 1984; rules 1, 2, 5 and 6 are the Western Electric rules (with 9 for 8).
 *
 * @example
 * runRules([0.2, 2.4, 0.1, 2.6]) // [{ rule: 5, at: 3 }]
 */
export function runRules(z: readonly number[]): readonly RunSignal[] | Refusal {
  const refusal = refuseSeries('runRules', z, 1)
  if (refusal)
    return refusal.refused === 'too-few'
      ? refuse('too-few', `[runRules] there is no value; give at least one.`)
      : refusal
  return z.flatMap((_, at) =>
    rules
      .filter(({ window, holds }) => at + 1 >= window && holds(z.slice(at + 1 - window, at + 1)))
      .map(({ rule }) => ({ rule, at })),
  )
}
