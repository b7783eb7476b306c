/** Sample sizes: how many answers for a margin of error, how many per group to find a difference, and what clusters cost. */
import { notFinite, notInsideUnit, notParameter, notPositive, notShare } from '#statistics/argument-checks.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, type Level, notLevel, zOf } from './level.ts'
import { meanPower, npsPower, sharePower } from './power.ts'

/** Beyond this the question is wrong, not the sample. */
const MOST = 1e9

/**
 * Answers needed for an NPS with a margin of error of `margin` points.
 * `variance` (share, default 1, the worst case) is (P + D)/n − m²; a finite population needs fewer.
 * Refuses margin ≤ 0, a variance outside 0–1 or equal to 0, and a level at or outside 0 and 1.
 * Formula: n₀ = z²v/e², n = n₀/(1 + (n₀ − 1)/N), rounded up.
 * Source: Cochran (1977) 4.4; trinomial variance.
 * @example
 * npsSampleSizeForMargin({ margin: 5 }) // 1537
 * npsSampleSizeForMargin({ margin: 5, variance: 0.6 }) // 922
 */
export function npsSampleSizeForMargin({
  margin,
  variance = 1,
  ...level
}: { margin: number; variance?: number } & Level): number | Refusal {
  const refused =
    notShare('npsSampleSizeForMargin', { variance }) ??
    notPositive('npsSampleSizeForMargin', { margin, variance })
  return (
    refused ?? sizeForMargin('npsSampleSizeForMargin', { relative: variance / (margin / 100) ** 2, ...level })
  )
}

/**
 * Answers needed for a share with a margin of error of `margin` (0–1); `share` defaults to ½, the worst case.
 * Refuses margin ≤ 0, a share at or outside 0 and 1, and a level at or outside 0 and 1.
 * Formula: n₀ = z²p(1−p)/e², n = n₀/(1 + (n₀ − 1)/N), rounded up.
 * Source: Cochran (1977) 4.4.
 * @example
 * shareSampleSizeForMargin({ margin: 0.05 }) // 385
 * shareSampleSizeForMargin({ margin: 0.05, populationSize: 1000 }) // 278
 */
export function shareSampleSizeForMargin({
  margin,
  share = 0.5,
  ...level
}: { margin: number; share?: number } & Level): number | Refusal {
  const refused =
    notInsideUnit('shareSampleSizeForMargin', { share }) ??
    notPositive('shareSampleSizeForMargin', { margin })
  const relative = (share * (1 - share)) / margin ** 2
  return refused ?? sizeForMargin('shareSampleSizeForMargin', { relative, ...level })
}

/**
 * Answers needed for a mean with a margin of error of `margin`, in the unit of `sd`.
 * Refuses margin ≤ 0, sd ≤ 0, and a level at or outside 0 and 1.
 * Formula: n₀ = (z·sd/e)², n = n₀/(1 + (n₀ − 1)/N), rounded up.
 * Source: Cochran (1977) 4.6.
 * @example
 * meanSampleSizeForMargin({ margin: 0.1, sd: 1.2 }) // 554
 */
export function meanSampleSizeForMargin({
  margin,
  sd,
  ...level
}: { margin: number; sd: number } & Level): number | Refusal {
  const refused = notPositive('meanSampleSizeForMargin', { margin, sd })
  return refused ?? sizeForMargin('meanSampleSizeForMargin', { relative: (sd / margin) ** 2, ...level })
}

function sizeForMargin(
  where: string,
  { relative, confidence = DEFAULT_CONFIDENCE, populationSize }: { relative: number } & Level,
): number | Refusal {
  const refused = notLevel(where, { confidence, populationSize }, 1)
  if (refused) return refused
  const infinite = zOf(confidence) ** 2 * relative
  const n = populationSize === undefined ? infinite : infinite / (1 + (infinite - 1) / populationSize)
  return whole(where, n)
}

/** What to find, with which chance (default .8) at which two-sided level (default .05). */
export type Goal = { readonly power?: number; readonly alpha?: number }

/** Answers per group: the whole number to collect, and the exact root for comparison with tables. */
export type GroupSize = { readonly n: number; readonly exact: number }

/**
 * Answers per group to find a difference between two NPS, in points.
 * Refuses a difference of 0, a variance outside 0–1 or equal to 0, a power not above the level, and powers at or outside 0 and 1.
 * Formula: the n at which `npsPower` reaches the power.
 * Source: as `npsPower`.
 * @example
 * npsSampleSize({ difference: 10, variance: 0.6 }).n // 942
 */
export function npsSampleSize({
  difference,
  variance,
  ...goal
}: { difference: number; variance: number } & Goal): GroupSize | Refusal {
  return sizeForPower('npsSampleSize', goal, difference, (n, alpha) =>
    npsPower({ n, difference, variance, alpha }),
  )
}

/**
 * Answers per group to find a difference between two shares.
 * Refuses equal shares, shares at or outside 0 and 1, and a power not above the level.
 * Source: as `sharePower`; R `power.prop.test` gives 76.7 for the example.
 * @example
 * shareSampleSize({ a: 0.5, b: 0.75, power: 0.9 }) // { n: 77, exact: 76.7 }
 */
export function shareSampleSize({ a, b, ...goal }: { a: number; b: number } & Goal): GroupSize | Refusal {
  return sizeForPower('shareSampleSize', goal, a - b, (n, alpha) => sharePower({ n, a, b, alpha }))
}

/**
 * Answers per group (or pairs) to find a difference between two means.
 * Refuses a difference of 0, sd ≤ 0 and a power not above the level.
 * Source: as `meanPower`; R `power.t.test` gives 22.02110 for the example.
 * @example
 * meanSampleSize({ difference: 1, sd: 1, power: 0.9 }) // { n: 23, exact: 22.02110 }
 */
export function meanSampleSize({
  difference,
  sd,
  paired = false,
  ...goal
}: { difference: number; sd: number; paired?: boolean } & Goal): GroupSize | Refusal {
  return sizeForPower('meanSampleSize', goal, difference, (n, alpha) =>
    meanPower({ n, difference, sd, alpha, paired }),
  )
}

/** Root of a rising power curve: doubling, then bisection. */
function sizeForPower(
  where: string,
  { power = 0.8, alpha = 0.05 }: Goal,
  difference: number,
  powerAt: (n: number, alpha: number) => number | Refusal,
): GroupSize | Refusal {
  const refused = notInsideUnit(where, { power, alpha }) ?? notFinite(where, { difference })
  if (refused) return refused
  if (difference === 0) return refuse('out-of-range', `[${where}] the difference is 0; no sample finds it.`)
  if (power <= alpha)
    return refuse('out-of-range', `[${where}] power ${power} is not above the level ${alpha}; ask for more.`)
  let low = 2
  let high = 2
  for (;;) {
    const reached = powerAt(high, alpha)
    if (isRefusal(reached)) return { ...reached, reason: reached.reason.replace(/^\[\w+\]/, `[${where}]`) }
    if (reached >= power) break
    if (high > MOST)
      return refuse(
        'out-of-range',
        `[${where}] more than ${MOST} answers per group; the difference is too small to find.`,
      )
    low = high
    high *= 2
  }
  for (let i = 0; i < 60 && high - low > 1e-9 * high; i++) {
    const middle = (low + high) / 2
    const reached = powerAt(middle, alpha)
    if (!isRefusal(reached) && reached >= power) high = middle
    else low = middle
  }
  const n = whole(where, high)
  return isRefusal(n) ? n : { n, exact: high }
}

/**
 * What sampling in clusters (several answers per customer, customers within stores) costs: the design effect and the inflated sample.
 * `n` is the size that independent answers would need; `clusterSize` the mean answers per cluster, `sizeVariation` their coefficient of variation.
 * Refuses n or clusterSize ≤ 0, an intraclass correlation outside 0–1 and numbers that are not finite.
 * Formula: deff = 1 + ((1 + cv²)·m − 1)·ρ, n·deff answers in n·deff/m clusters, rounded up.
 * Source: Kish (1965) 5.4; Eldridge, Ashby & Kerry (2006) for unequal sizes.
 * @example
 * clusterDesign({ n: 400, clusterSize: 20, icc: 0.05 }) // { designEffect: 1.95, n: 780, clusters: 39 }
 */
export function clusterDesign({
  n,
  clusterSize,
  icc,
  sizeVariation = 0,
}: {
  n: number
  clusterSize: number
  icc: number
  sizeVariation?: number
}): { designEffect: number; n: number; clusters: number } | Refusal {
  const refused =
    notPositive('clusterDesign', { n, clusterSize }) ??
    notShare('clusterDesign', { icc }) ??
    notParameter('clusterDesign', { clusterSize, 'sizeVariation + 1': sizeVariation + 1 }) ??
    notFinite('clusterDesign', { sizeVariation })
  if (refused) return refused
  const designEffect = Math.max(1, 1 + ((1 + sizeVariation ** 2) * clusterSize - 1) * icc)
  const answers = whole('clusterDesign', n * designEffect)
  if (isRefusal(answers)) return answers
  return { designEffect, n: answers, clusters: Math.ceil(answers / clusterSize) }
}

/** Rounded up, forgiving the last digits of the arithmetic. */
function whole(where: string, n: number): number | Refusal {
  return n > MOST
    ? refuse('out-of-range', `[${where}] more than ${MOST} answers; ask for less precision.`)
    : Math.ceil(n * (1 - 1e-9))
}
