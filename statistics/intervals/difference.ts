/** Differences between two samples: independent, and a part against the rest of its whole. */
import { notFinite } from '#statistics/argument-checks.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { DEFAULT_CONFIDENCE, type Level, notLevel, zOf } from './level.ts'
import { type MeanSample, meanParts } from './mean.ts'
import { adjusted } from './nps.ts'
import { type NpsCounts, npsShares } from './nps-counts.ts'
import { notShareCounts, type ShareCounts, wilsonLimits } from './shares.ts'
import { type Difference, tDifference, zTest } from './two-sided.ts'

type Confidence = Pick<Level, 'confidence'>

/**
 * Difference of two independent NPS (a − b) in points, −200…200.
 * `method` 'adjusted' (default) compares the adjusted scores; 'wald' the raw ones.
 * Refuses an empty sample, counts that are not whole, and under 'wald' two samples without variance.
 * Formula: z = (m_a′ − m_b′)/√(se_a′² + se_b′²) with each side adjusted by +¾, +¾ and +3; `value` is the raw difference.
 * Source: MeasuringU, How to statistically compare two Net Promoter Scores; Rocks (2016).
 * @example
 * const a = { promoters: 60, passives: 25, detractors: 15 }
 * const b = { promoters: 50, passives: 30, detractors: 20 }
 * npsDifference({ a, b }) // { value: 15, se: 10.617735, statistic: 1.371583, p: 0.170193 }
 * npsDifference({ a, b, method: 'wald' }) // { value: 15, se: 10.758717, statistic: 1.394218, p: 0.163252 }
 */
export function npsDifference({
  a,
  b,
  method = 'adjusted',
  confidence = DEFAULT_CONFIDENCE,
}: { a: NpsCounts; b: NpsCounts; method?: 'adjusted' | 'wald' } & Confidence): Difference | Refusal {
  const sideA = npsShares('npsDifference', a)
  const sideB = npsShares('npsDifference', b)
  if (isRefusal(sideA)) return sideA
  if (isRefusal(sideB)) return sideB
  const refused = notLevel('npsDifference', { confidence }, 0)
  if (refused) return refused
  const shape = method === 'adjusted' ? (s: typeof sideA) => adjusted(s.n, s.score, s.moved) : waldShape
  const [shapeA, shapeB] = [shape(sideA), shape(sideB)]
  const se = 100 * Math.hypot(shapeA.se, shapeB.se)
  if (se === 0)
    return refuse('no-variance', '[npsDifference] neither sample has variance; use the adjusted method.')
  const centre = 100 * (shapeA.centre - shapeB.centre)
  const half = zOf(confidence) * se
  const value = sideA.value - sideB.value
  return {
    value,
    n: sideA.n + sideB.n,
    se,
    low: Math.max(-200, Math.min(value, centre - half)),
    high: Math.min(200, Math.max(value, centre + half)),
    confidence,
    ...zTest(centre / se),
  }
}

function waldShape({ n, score, moved }: { n: number; score: number; moved: number }) {
  return { centre: score, se: Math.sqrt((moved - score * score) / n) }
}

/**
 * Difference of two independent shares (a − b), −1…1: Newcombe's hybrid score interval and the pooled z test.
 * Refuses an empty sample and successes outside 0…n; the test needs at least one success and one failure.
 * Formula: with Wilson limits l, u of each share: δ − √((p_a−l_a)² + (u_b−p_b)²) to δ + √((u_a−p_a)² + (p_b−l_b)²).
 * Source: Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.
 * @example
 * newcombe({ a: { successes: 56, n: 70 }, b: { successes: 48, n: 80 } }) // { value: 0.2, low: 0.052431, high: 0.333873 }
 */
export function newcombe({
  a,
  b,
  confidence = DEFAULT_CONFIDENCE,
}: { a: ShareCounts; b: ShareCounts } & Confidence): Difference | Refusal {
  const refused =
    notShareCounts('newcombe', a) ?? notShareCounts('newcombe', b) ?? notLevel('newcombe', { confidence }, 0)
  if (refused) return refused
  const [pa, pb] = [a.successes / a.n, b.successes / b.n]
  const pooled = (a.successes + b.successes) / (a.n + b.n)
  const seNull = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
  if (seNull === 0)
    return refuse(
      'one-class',
      '[newcombe] all answers of both samples are alike; a test needs a success and a failure.',
    )
  const z = zOf(confidence)
  const [la, lb] = [wilsonLimits(pa, a.n, z), wilsonLimits(pb, b.n, z)]
  return {
    value: pa - pb,
    n: a.n + b.n,
    se: Math.sqrt((pa * (1 - pa)) / a.n + (pb * (1 - pb)) / b.n),
    low: pa - pb - Math.hypot(pa - la.low, lb.high - pb),
    high: pa - pb + Math.hypot(la.high - pa, pb - lb.low),
    confidence,
    ...zTest((pa - pb) / seNull),
  }
}

/**
 * Difference of two independent means (a − b) without assuming equal variances.
 * Refuses a sample of fewer than two values, two constant samples and numbers that are not finite.
 * Formula: t = (x̄_a − x̄_b)/√(s_a²/n_a + s_b²/n_b) with Satterthwaite's degrees of freedom.
 * Source: Welch (1947), Biometrika 34, 28–35.
 * @example
 * welch({ a: { n: 10, mean: 5, sd: 2 }, b: { n: 12, mean: 4, sd: 1 } }) // { value: 1, se: 0.695222, statistic: 1.438390, df: 12.689986, p: 0.174527 }
 */
export function welch({
  a,
  b,
  confidence = DEFAULT_CONFIDENCE,
}: { a: MeanSample; b: MeanSample } & Confidence): (Difference & { df: number }) | Refusal {
  const [sideA, sideB] = [meanParts('welch', a), meanParts('welch', b)]
  if (isRefusal(sideA)) return sideA
  if (isRefusal(sideB)) return sideB
  const refused = notLevel('welch', { confidence }, 0)
  if (refused) return refused
  const [va, vb] = [sideA.variance / sideA.n, sideB.variance / sideB.n]
  if (va + vb === 0)
    return refuse('no-variance', '[welch] both samples are constant; a test needs values that differ.')
  const df = (va + vb) ** 2 / (va ** 2 / (sideA.n - 1) + vb ** 2 / (sideB.n - 1))
  const shape = {
    value: sideA.mean - sideB.mean,
    n: sideA.n + sideB.n,
    se: Math.sqrt(va + vb),
    df,
    confidence,
  }
  return { ...tDifference(shape), df }
}

/**
 * A part (store, segment) against its whole: the difference part − whole, with the covariance of the shared answers taken out.
 * For an NPS give n, promoters − detractors as `sum` and promoters + detractors as `sumOfSquares`; times 100 it is in points.
 * Refuses a part that is empty, as large as the whole, or not inside it, and values that do not vary.
 * Formula: part − whole = (1 − n_p/n)·(part − rest), where part and rest share no answer; Welch's t on part − rest carries over.
 * Source: covariance of nested means, Cov(x̄_p, x̄) = Var(x̄_p)·n_p/n (Cochran 1977, 2.9).
 * @example
 * const part = { n: 20, sum: 160, sumOfSquares: 1360 }
 * const whole = { n: 100, sum: 700, sumOfSquares: 5400 }
 * partAgainstWhole({ part, whole }) // { value: 1, statistic: 2.392257 }
 */
export function partAgainstWhole({
  part,
  whole,
  confidence = DEFAULT_CONFIDENCE,
}: { part: SampleSums; whole: SampleSums } & Confidence): (Difference & { df: number }) | Refusal {
  const refused = notFinite('partAgainstWhole', { ...part }) ?? notFinite('partAgainstWhole', { ...whole })
  if (refused) return refused
  const rest = {
    n: whole.n - part.n,
    sum: whole.sum - part.sum,
    sumOfSquares: whole.sumOfSquares - part.sumOfSquares,
  }
  if (rest.n < 2)
    return refuse(
      'too-few',
      `[partAgainstWhole] the rest has n ${rest.n}; part and rest need at least two answers each.`,
    )
  const difference = welch({ a: part, b: rest, confidence })
  if (isRefusal(difference))
    return { ...difference, reason: difference.reason.replace('[welch]', '[partAgainstWhole]') }
  const share = rest.n / whole.n
  const { value, se, low, high } = difference
  return {
    ...difference,
    n: whole.n,
    value: value * share,
    se: se * share,
    low: low * share,
    high: high * share,
  }
}

/** n, Σx and Σx² of a sample. */
export type SampleSums = { readonly n: number; readonly sum: number; readonly sumOfSquares: number }
