/** Counts behind an NPS and their check. */
import { notCount } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

/** Answers 9–10, 7–8 and 0–6 of a 0–10 likelihood-to-recommend question (or another governed cut). */
export type NpsCounts = { readonly promoters: number; readonly passives: number; readonly detractors: number }

export type NpsShares = {
  readonly n: number
  /** The NPS in points, free of the rounding of shares. */
  readonly value: number
  /** (promoters − detractors)/n, −1…1. */
  readonly score: number
  /** Share that is not passive. */
  readonly moved: number
}

export function npsShares(
  where: string,
  { promoters, passives, detractors }: NpsCounts,
): NpsShares | Refusal {
  const refused = notCount(where, { promoters, passives, detractors })
  if (refused) return refused
  const n = promoters + passives + detractors
  if (n === 0) return refuse('too-few', `[${where}] n is 0; an NPS needs at least one answer.`)
  return {
    n,
    value: (100 * (promoters - detractors)) / n,
    score: (promoters - detractors) / n,
    moved: (promoters + detractors) / n,
  }
}

export function clampNps(value: number): number {
  return Math.max(-100, Math.min(100, value))
}
