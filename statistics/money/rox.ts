/** Return on experience: what moving customers to a better experience brought, in three lines of rising proof. */
import { normalQuantile } from '#statistics/distributions/raw/normal.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type Uncertain = { readonly value: number; readonly se?: number }

export type ExperienceMove = {
  readonly name: string
  /** Customers moved from one experience group to another. */
  readonly moved: number
  /** Difference of lifetime margin between the two groups, per customer. */
  readonly valueDifference: Uncertain
  /** Share of that difference which adjustment for confounders, and which an experiment, leaves standing. */
  readonly adjustedShare?: Uncertain
  readonly experimentalShare?: Uncertain
}

export type RoxLine = {
  readonly line: 'associational' | 'adjusted' | 'experimental'
  /** Incremental margin over all moves. */
  readonly increment: number
  /** (increment − cost)/cost, with its interval where the inputs carry standard errors. */
  readonly rox: number
  readonly low?: number
  readonly high?: number
  /** Whether finance may sign it: correlation alone is never signed. */
  readonly signable: boolean
}

export type Rox = {
  /** Associational first; the others only where every move has their share. */
  readonly lines: readonly RoxLine[]
  readonly cost: number
  /** Moves that keep the adjusted and the experimental line from being shown. */
  readonly missing: { readonly adjusted: readonly string[]; readonly experimental: readonly string[] }
}

/**
 * Return on experience with three lines: as correlated, as adjusted, as tried in an experiment.
 *
 * Moves are taken as independent of each other for the interval. Refuses no move, cost not above 0, negative numbers of customers or errors, and numbers that are not finite.
 * Formula: ROX = (Σ moved × Δvalue × share − cost)/cost; share is 1 in the first line; variance of a product of independents.
 * Source: the project's definition, after Keiningham et al., J. Service Management 25, 2014, on linking satisfaction and money.
 *
 * @example
 * const moves = [{ name: 'detractor to passive', moved: 500, valueDifference: { value: 120, se: 10 }, adjustedShare: { value: 0.5, se: 0.1 } }]
 * const result = rox({ cost: 20000, moves })
 * result.lines.map((line) => line.rox) // [2, 0.5]
 * result.lines[1].low // -0.13887
 * result.missing.experimental // ['detractor to passive']
 */
export function rox({
  cost,
  moves,
  confidence = 0.95,
}: {
  readonly cost: number
  readonly moves: readonly ExperienceMove[]
  readonly confidence?: number
}): Rox | Refusal {
  const refusal = refuseMoves(cost, moves, confidence)
  if (refusal) return refusal
  const z = normalQuantile((1 + confidence) / 2)
  const line = (
    name: RoxLine['line'],
    shareOf: (move: ExperienceMove) => Uncertain | undefined,
  ): RoxLine[] => {
    const parts = moves.flatMap((move) => {
      const share = shareOf(move)
      return share ? [incrementOf(move, share)] : []
    })
    if (parts.length < moves.length) return []
    const increment = parts.reduce((sum, part) => sum + part.value, 0)
    const se = Math.sqrt(parts.reduce((sum, part) => sum + part.variance, 0))
    const value = (increment - cost) / cost
    const interval = se > 0 ? { low: value - (z * se) / cost, high: value + (z * se) / cost } : {}
    return [{ line: name, increment, rox: value, ...interval, signable: name !== 'associational' }]
  }
  const lacking = (key: 'adjustedShare' | 'experimentalShare') =>
    moves.filter((move) => !move[key]).map((move) => move.name)
  return onlyFinite('rox', {
    lines: [
      ...line('associational', () => ({ value: 1 })),
      ...line('adjusted', (move) => move.adjustedShare),
      ...line('experimental', (move) => move.experimentalShare),
    ],
    cost,
    missing: { adjusted: lacking('adjustedShare'), experimental: lacking('experimentalShare') },
  })
}

function incrementOf(
  { moved, valueDifference }: ExperienceMove,
  share: Uncertain,
): { value: number; variance: number } {
  const [d, s] = [valueDifference.value, share.value]
  const [dVariance, sVariance] = [(valueDifference.se ?? 0) ** 2, (share.se ?? 0) ** 2]
  return {
    value: moved * d * s,
    variance: moved ** 2 * (d * d * sVariance + s * s * dVariance + dVariance * sVariance),
  }
}

function refuseMoves(
  cost: number,
  moves: readonly ExperienceMove[],
  confidence: number,
): Refusal | undefined {
  if (moves.length === 0) return refuse('too-few', `[rox] nobody was moved; give at least one move.`)
  const uncertain = moves.flatMap((move) =>
    [move.valueDifference, move.adjustedShare, move.experimentalShare].filter((item) => item !== undefined),
  )
  const numbers = [
    cost,
    ...moves.map((move) => move.moved),
    ...uncertain.flatMap((item) => [item.value, item.se ?? 0]),
  ]
  if (!numbers.every(Number.isFinite)) return refuse('not-finite', `[rox] cost or a move holds NaN or ±∞.`)
  if (cost <= 0) return refuse('out-of-range', `[rox] cost is ${cost}; a return needs a cost above 0.`)
  if (moves.some((move) => move.moved < 0) || uncertain.some((item) => (item.se ?? 0) < 0))
    return refuse('out-of-range', `[rox] customers moved and standard errors must be at least 0.`)
  return confidence > 0 && confidence < 1
    ? undefined
    : refuse('out-of-range', `[rox] confidence is ${confidence}; give a share within (0, 1).`)
}
