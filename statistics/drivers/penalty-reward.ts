/** Penalty–reward contrast: does an attribute hurt when poor, delight when good, or both alike? */
import type { Moments } from '#statistics/moments/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { ols } from './ols.ts'

export type AttributeDummies = {
  readonly name: string
  /** Variable that is 1 where the attribute is rated low, else 0; and the one for high. The middle is the reference. */
  readonly low: string
  readonly high: string
}

export type PenaltyReward = {
  readonly name: string
  /** Change of the outcome when the attribute is low, and when it is high, against the middle. */
  readonly penalty: number
  readonly reward: number
  readonly penaltyP: number
  readonly rewardP: number
  /** Reward less size of penalty, as a share of both: −1 only hurts … 1 only delights. */
  readonly asymmetry: number
  /** Reward plus size of penalty: how much the attribute can move at all. */
  readonly range: number
  readonly kind: 'delighter' | 'satisfier' | 'dissatisfier' | 'unexpected sign'
}

/**
 * Asymmetric effects of attributes on an outcome: regression on a low and a high dummy of each attribute.
 *
 * Asymmetry above `cut` is a delighter, below −`cut` a dissatisfier, between them a satisfier (both alike); `cut` is a governed parameter, default .2.
 * A penalty above 0 or a reward below 0 is named 'unexpected sign' and counts as 0 in asymmetry and range.
 * Refuses what `ols` refuses (constant or copied dummies: nobody rated low), no attribute, and attributes without any effect.
 * Formula: asymmetry = (reward − |penalty|)/(reward + |penalty|).
 * Source: Brandt 1987; Mikulić, Prebežac, Managing Service Quality 18, 2008.
 *
 * @example
 * const rows = [[1, 0, 3], [1, 0, 4], [0, 0, 7], [0, 0, 8], [0, 1, 8], [0, 1, 8.5]].map((values) => ({ values }))
 * const moments = momentsFromRows({ variables: ['poor', 'good', 'overall'], rows })
 * penaltyReward({ moments, outcome: 'overall', attributes: [{ name: 'speed', low: 'poor', high: 'good' }] })[0] // { name: 'speed', penalty: -4, reward: 0.75, asymmetry: -0.6842105, kind: 'dissatisfier' }
 */
export function penaltyReward({
  moments,
  outcome,
  attributes,
  cut = 0.2,
}: {
  readonly moments: Moments
  readonly outcome: string
  readonly attributes: readonly AttributeDummies[]
  readonly cut?: number
}): readonly PenaltyReward[] | Refusal {
  if (attributes.length === 0)
    return refuse('too-few', `[penaltyReward] there is no attribute; give at least one.`)
  if (!(cut >= 0 && cut <= 1))
    return refuse('out-of-range', `[penaltyReward] cut is ${cut}; give a number within 0…1.`)
  const fit = ols({ moments, outcome, drivers: attributes.flatMap(({ low, high }) => [low, high]) })
  if (isRefusal(fit)) return { ...fit, reason: fit.reason.replace('[ols]', '[penaltyReward]') }
  const contrasts = attributes.map(({ name }, i) =>
    contrast(
      name,
      [fit.coefficients[2 * i] ?? 0, fit.coefficients[2 * i + 1] ?? 0],
      [fit.p[2 * i + 1] ?? 1, fit.p[2 * i + 2] ?? 1],
      cut,
    ),
  )
  const idle = contrasts.find(({ range }) => range === 0)
  return onlyFinite(
    'penaltyReward',
    idle && idle.kind !== 'unexpected sign'
      ? refuse('no-variance', `[penaltyReward] ${idle.name} has no effect either way; leave it out.`)
      : contrasts,
  )
}

function contrast(
  name: string,
  [penalty, reward]: readonly [number, number],
  [penaltyP, rewardP]: readonly [number, number],
  cut: number,
): PenaltyReward {
  const hurt = Math.max(0, -penalty)
  const delight = Math.max(0, reward)
  const range = hurt + delight
  const asymmetry = range > 0 ? (delight - hurt) / range : 0
  const kind = asymmetry > cut ? 'delighter' : asymmetry < -cut ? 'dissatisfier' : 'satisfier'
  return {
    name,
    penalty,
    reward,
    penaltyP,
    rewardP,
    asymmetry,
    range,
    kind: penalty > 0 || reward < 0 ? 'unexpected sign' : kind,
  }
}
