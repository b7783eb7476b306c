/** Kitagawa's two-way decomposition: how much of a change is segments scoring differently, how much is their mix. */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type SegmentPeriod = {
  /** Respondents, Σ of weights or a share: only its proportion to the other segments matters. */
  readonly size: number
  /** Mean score; null when nobody answered (size 0): the segment then entered or left with its whole weight as mix. */
  readonly score: number | null
}

export type SegmentChange = {
  readonly segment: string
  readonly before: SegmentPeriod
  readonly after: SegmentPeriod
}

export type SegmentEffect = {
  readonly segment: string
  readonly shareBefore: number
  readonly shareAfter: number
  /** The segment scores differently. */
  readonly rate: number
  /** The segment grew or shrank, against the mean of the two totals: negative = pulled the total down. */
  readonly mix: number
  /** The textbook mix term, not centred: its sum is the same, its sign per segment says little. */
  readonly rawMix: number
}

export type KitagawaResult = {
  readonly before: number
  readonly after: number
  readonly change: number
  readonly rate: number
  readonly mix: number
  readonly segments: readonly SegmentEffect[]
}

/**
 * Splits the change of a mean between two periods into rate and mix, per segment and in total; the parts sum to the change.
 * Takes one line per segment with its size and mean score in both periods; answers in the unit of the score.
 * Refuses when a score is not finite, a size is negative, a period is empty, or a score is missing where people answered.
 * Formula: rate_g = (s₂−s₁)(w₁+w₂)/2, mix_g = (w₂−w₁)((s₁+s₂)/2 − m̄), w = share, m̄ = mean of the two totals.
 * Source: Kitagawa, Components of a difference between two rates, JASA 50 (1955) 1168–1194; centring leaves Σ mix unchanged.
 * @example
 * const segments = [
 *   { segment: 'A', before: { size: 1000, score: 50 }, after: { size: 500, score: 50 } },
 *   { segment: 'B', before: { size: 500, score: -30 }, after: { size: 1000, score: -5 } },
 * ]
 * kitagawa(segments).change // -10
 * kitagawa(segments).mix // -22.5
 * kitagawa(segments).segments[1] // { rate: 12.5, mix: -11.9444, rawMix: -5.8333 }
 */
export function kitagawa(segments: readonly SegmentChange[]): KitagawaResult | Refusal {
  const refusal = segments.map(unusable).find((reason) => reason !== undefined)
  if (refusal) return refusal
  const sizeBefore = neumaierSum(segments.map(({ before }) => before.size))
  const sizeAfter = neumaierSum(segments.map(({ after }) => after.size))
  if (!(sizeBefore > 0 && sizeAfter > 0)) {
    const period = sizeBefore > 0 ? 'after' : 'before'
    return refuse('too-few', `[kitagawa] the period "${period}" has no answers; both periods need some.`)
  }
  const lines = segments.map((segment) => line(segment, sizeBefore, sizeAfter))
  const before = neumaierSum(lines.map(({ w1, s1 }) => w1 * s1))
  const after = neumaierSum(lines.map(({ w2, s2 }) => w2 * s2))
  const centre = (before + after) / 2
  const effects = lines.map(({ segment, w1, w2, s1, s2 }) => ({
    segment,
    shareBefore: w1,
    shareAfter: w2,
    rate: ((s2 - s1) * (w1 + w2)) / 2,
    mix: (w2 - w1) * ((s1 + s2) / 2 - centre),
    rawMix: ((w2 - w1) * (s1 + s2)) / 2,
  }))
  return onlyFinite('kitagawa', {
    before,
    after,
    change: after - before,
    rate: neumaierSum(effects.map(({ rate }) => rate)),
    mix: neumaierSum(effects.map(({ mix }) => mix)),
    segments: effects,
  })
}

function unusable({ segment, before, after }: SegmentChange): Refusal | undefined {
  for (const { size, score } of [before, after]) {
    if (!Number.isFinite(size) || (score !== null && !Number.isFinite(score)))
      return refuse(
        'not-finite',
        `[kitagawa] segment "${segment}" has size ${size}, score ${score}; give finite numbers.`,
      )
    if (size < 0)
      return refuse('out-of-range', `[kitagawa] segment "${segment}" has size ${size}; sizes are ≥ 0.`)
    if (size > 0 && score === null)
      return refuse(
        'empty-cell',
        `[kitagawa] segment "${segment}" has size ${size} but no score; give its mean score.`,
      )
  }
  if (before.score === null && after.score === null)
    return refuse(
      'empty-cell',
      `[kitagawa] segment "${segment}" has no answers in either period; leave it out.`,
    )
  return undefined
}

/** Shares and scores of one segment; a score unknown in one period is taken from the other, so its rate part is 0. */
function line({ segment, before, after }: SegmentChange, sizeBefore: number, sizeAfter: number) {
  return {
    segment,
    w1: before.size / sizeBefore,
    w2: after.size / sizeAfter,
    s1: before.score ?? after.score ?? 0,
    s2: after.score ?? before.score ?? 0,
  }
}
