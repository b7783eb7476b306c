import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { isRefusal } from '#statistics/refusal.ts'
import {
  adjustedWald,
  benjaminiHochberg,
  clopperPearson,
  clusterDesign,
  clusteredDifference,
  clusterMean,
  equivalence,
  holm,
  kish,
  meanPower,
  newcombe,
  npsDifference,
  npsPower,
  npsSampleSize,
  npsSampleSizeForMargin,
  npsScore,
  npsWald,
  pairedDifference,
  pairedShares,
  partAgainstWhole,
  ratioDelta,
  ratioFieller,
  sharePower,
  shareSampleSizeForMargin,
  tInterval,
  weightedMean,
  weightedNps,
  weightedShare,
  weightedSums,
  welch,
  wilson,
} from './index.ts'

const count = fc.integer({ min: 0, max: 400 })
const counts = fc
  .record({ promoters: count, passives: count, detractors: count })
  .filter((c) => c.promoters + c.passives + c.detractors > 1)
const npsIntervals = { adjustedWald, npsScore, npsWald }

describe('NPS intervals', () => {
  it.each(Object.entries(npsIntervals))(
    '%s holds its estimate, stays on the scale and mirrors',
    (_, interval) => {
      fc.assert(
        fc.property(counts, (c) => {
          const got = accepted(interval(c))
          expect(got.low).toBeGreaterThanOrEqual(-100)
          expect(got.high).toBeLessThanOrEqual(100)
          expect(got.low).toBeLessThanOrEqual(got.value + 1e-9)
          expect(got.high).toBeGreaterThanOrEqual(got.value - 1e-9)
          const mirrored = accepted(interval({ ...c, promoters: c.detractors, detractors: c.promoters }))
          expect(mirrored.low).toBeCloseTo(-got.high, 8)
        }),
      )
    },
  )
  it.each(Object.entries(npsIntervals))(
    '%s narrows as the same shares rest on more answers, and widens with confidence',
    (_, interval) => {
      fc.assert(
        fc.property(counts, fc.integer({ min: 2, max: 9 }), (c, times) => {
          const width = (scale: number, confidence: number) => {
            const got = accepted(
              interval({
                promoters: c.promoters * scale,
                passives: c.passives * scale,
                detractors: c.detractors * scale,
                confidence,
              }),
            )
            return got.high - got.low
          }
          const small = width(1, 0.9)
          if (c.promoters + c.detractors > 0 && c.promoters + c.passives > 0 && c.passives + c.detractors > 0)
            expect(width(times, 0.9)).toBeLessThanOrEqual(small + 1e-6)
          expect(width(1, 0.99)).toBeGreaterThanOrEqual(small - 1e-9)
        }),
      )
    },
  )
  it('a whole population leaves no doubt, half of it leaves less', () => {
    const c = { promoters: 30, passives: 10, detractors: 10 }
    for (const interval of Object.values(npsIntervals)) {
      const all = accepted(interval({ ...c, populationSize: 50 }))
      expect(all.high - all.low).toBeLessThan(1e-6)
      const half = accepted(interval({ ...c, populationSize: 100 }))
      const none = accepted(interval(c))
      expect(half.high - half.low).toBeLessThan(none.high - none.low)
    }
  })
})

describe('shares', () => {
  it('hold the estimate inside 0–1; the exact interval is wider on average', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const successes = Math.round(n * share)
          for (const got of [
            accepted(wilson({ successes, n })),
            accepted(clopperPearson({ successes, n })),
          ]) {
            expect(got.low).toBeGreaterThanOrEqual(0)
            expect(got.high).toBeLessThanOrEqual(1)
            expect(got.low).toBeLessThanOrEqual(got.value)
            expect(got.high).toBeGreaterThanOrEqual(got.value)
          }
        },
      ),
    )
  })
})

const rows = fc.array(
  fc.record({ value: fc.constantFrom(-1, 0, 1), weight: fc.double({ min: 0.1, max: 9, noNaN: true }) }),
  { minLength: 3, maxLength: 60 },
)

describe('weighted estimates', () => {
  it('equal weights of any size give the unweighted interval', () => {
    fc.assert(
      fc.property(rows, fc.double({ min: 0.1, max: 50, noNaN: true }), (data, weight) => {
        const of = (x: number) => data.filter((row) => row.value === x).length
        const even = accepted(weightedSums(data.map(({ value }) => ({ value, weight }))))
        const nps = accepted(weightedNps(even))
        const plain = accepted(adjustedWald({ promoters: of(1), passives: of(0), detractors: of(-1) }))
        expect(nps.low).toBeCloseTo(plain.low, 6)
        expect(nps.high).toBeCloseTo(plain.high, 6)
        const top = accepted(weightedSums(data.map(({ value }) => ({ value: value === 1 ? 1 : 0, weight }))))
        expect(accepted(weightedShare(top)).high).toBeCloseTo(
          accepted(wilson({ successes: of(1), n: data.length })).high,
          6,
        )
        const t = tInterval({ n: data.length, sum: of(1) - of(-1), sumOfSquares: of(1) + of(-1) })
        if (!isRefusal(t)) expect(accepted(weightedMean(even)).high).toBeCloseTo(t.high, 6)
      }),
    )
  })
  it('the unit of the weights does not matter, and Kish never exceeds n', () => {
    fc.assert(
      fc.property(rows, (data) => {
        const sums = accepted(weightedSums(data))
        const scaled = accepted(
          weightedSums(data.map(({ value, weight }) => ({ value, weight: 7 * weight }))),
        )
        expect(accepted(weightedNps(scaled)).low).toBeCloseTo(accepted(weightedNps(sums)).low, 6)
        expect(accepted(kish(sums)).effectiveN).toBeLessThanOrEqual(data.length + 1e-9)
      }),
    )
  })
})

const pair = fc.record({
  a: fc.record({ n: fc.integer({ min: 1, max: 5 }), sum: fc.integer({ min: -5, max: 5 }) }),
  b: fc.record({ n: fc.integer({ min: 1, max: 5 }), sum: fc.integer({ min: -5, max: 5 }) }),
})

describe('clusters', () => {
  it('of one answer each are a simple sample', () => {
    const values = [3, 5, 4, 1, 2, 2]
    const got = accepted(clusterMean({ clusters: values.map((sum) => ({ n: 1, sum })) }))
    const plain = accepted(tInterval({ n: 6, sum: 17, sumOfSquares: 59 }))
    expect(got.low).toBeCloseTo(plain.low, 12)
    expect(got.n).toBe(6)
  })
  it('a difference of clusters that share nothing is the hypotenuse of both errors', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 3, maxLength: 20 }), (pairs) => {
        const none = { n: 0, sum: 0 }
        const apart = pairs.flatMap(({ a, b }) => [
          { a, b: none },
          { a: none, b },
        ])
        const together = accepted(clusteredDifference({ clusters: apart }))
        const [a, b] = [pairs.map((p) => p.a), pairs.map((p) => p.b)].map((clusters) =>
          accepted(clusterMean({ clusters })),
        )
        const g = pairs.length
        const rescale = Math.sqrt(((2 * g) / (2 * g - 1)) * ((g - 1) / g))
        expect(together.se).toBeCloseTo(rescale * Math.hypot(a?.se ?? 0, b?.se ?? 0), 8)
      }),
    )
  })
  it('the same answers twice differ by nothing', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 2, maxLength: 20 }), (pairs) => {
        const got = accepted(clusteredDifference({ clusters: pairs.map(({ a }) => ({ a, b: a })) }))
        expect([got.value, got.se]).toEqual([0, 0])
      }),
    )
  })
})

describe('differences', () => {
  it('swap sign with the samples', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const there = accepted(npsDifference({ a, b }))
        const back = accepted(npsDifference({ a: b, b: a }))
        expect(back.low).toBeCloseTo(-there.high, 8)
        expect(back.p).toBeCloseTo(there.p, 10)
      }),
    )
  })
  it('part against whole is part against rest, shrunk by the share of the rest', () => {
    const part = { n: 10, sum: 70, sumOfSquares: 520 }
    const rest = { n: 30, sum: 150, sumOfSquares: 900 }
    const whole = { n: 40, sum: 220, sumOfSquares: 1420 }
    const nested = accepted(partAgainstWhole({ part, whole }))
    const apart = accepted(welch({ a: part, b: rest }))
    expect(nested.value).toBeCloseTo(7 - 5.5, 12)
    expect(nested.se).toBeCloseTo(0.75 * apart.se, 12)
    expect(nested.p).toBe(apart.p)
  })
  it('Fieller agrees with the delta method when the denominator is sure', () => {
    const sums = {
      n: 1000,
      numerator: 20_000,
      denominator: 10_000,
      numeratorSquares: 400_900,
      denominatorSquares: 100_001,
      products: 200_020,
    }
    const [delta, fieller] = [accepted(ratioDelta(sums)), accepted(ratioFieller(sums))]
    expect(fieller.low).toBeCloseTo(delta.low, 4)
    expect(fieller.high).toBeCloseTo(delta.high, 4)
  })
})

describe('many tests', () => {
  const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 })
  it('p ≤ Benjamini–Hochberg ≤ Holm ≤ Bonferroni, in the order of p', () => {
    fc.assert(
      fc.property(pValues, (p) => {
        const bh = accepted(benjaminiHochberg(p))
        const h = accepted(holm(p))
        for (const [i, value] of p.entries()) {
          expect(bh[i]).toBeGreaterThanOrEqual(value)
          expect(h[i]).toBeGreaterThanOrEqual((bh[i] ?? 0) - 1e-12)
          expect(h[i]).toBeLessThanOrEqual(Math.min(1, value * p.length) + 1e-12)
        }
        const sorted = p.map((value, i) => [value, bh[i] ?? 0] as const).sort((a, b) => a[0] - b[0])
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i]?.[1]).toBeGreaterThanOrEqual((sorted[i - 1]?.[1] ?? 0) - 1e-12)
      }),
    )
  })
})

describe('equivalence and power', () => {
  it('tells a change from no change from not knowing', () => {
    const verdict = (difference: number, se: number) =>
      accepted(equivalence({ difference, se, margin: 5 })).verdict
    expect(verdict(0.5, 1)).toBe('no real change')
    expect(verdict(3, 0.5)).toBe('changed, but less than matters')
    expect(verdict(12, 2)).toBe('real change')
    expect(verdict(4, 4)).toBe('cannot tell')
  })
  it('power rises with n, and the sample size reaches what was asked', () => {
    const size = accepted(npsSampleSize({ difference: 8, variance: 0.6, power: 0.9 }))
    expect(accepted(npsPower({ n: size.n, difference: 8, variance: 0.6 }))).toBeGreaterThanOrEqual(0.9)
    expect(accepted(npsPower({ n: size.n - 1, difference: 8, variance: 0.6 }))).toBeLessThan(0.9)
    expect(accepted(meanPower({ n: 10, difference: 0, sd: 1 }))).toBeCloseTo(0.025, 9)
  })
  it('clusters of one cost nothing', () => {
    expect(accepted(clusterDesign({ n: 400, clusterSize: 1, icc: 0.3 }))).toEqual({
      designEffect: 1,
      n: 400,
      clusters: 400,
    })
  })
})

describe('degenerate input is refused with a code and words', () => {
  const none = { promoters: 0, passives: 0, detractors: 0 }
  const some = { promoters: 3, passives: 1, detractors: 1 }
  const zero = { n: 0, weight: 0, weighted: 0, squaredWeight: 0, squaredWeighted: 0, squaredSquares: 0 }
  const ratio = {
    n: 5,
    numerator: 10,
    denominator: 5,
    numeratorSquares: 30,
    denominatorSquares: 6,
    products: 11,
  }
  it.each([
    ['no answers', adjustedWald(none), 'too-few'],
    ['no answers, score', npsScore(none), 'too-few'],
    ['one answer has no Wald variance', npsWald({ ...none, promoters: 1 }), 'too-few'],
    ['half a promoter', adjustedWald({ ...some, promoters: 0.5 }), 'out-of-range'],
    ['a negative count', adjustedWald({ ...some, passives: -1 }), 'out-of-range'],
    ['NaN', adjustedWald({ ...some, passives: Number.NaN }), 'not-finite'],
    ['confidence of 1', adjustedWald({ ...some, confidence: 1 }), 'out-of-range'],
    ['a population below n', adjustedWald({ ...some, populationSize: 4 }), 'out-of-range'],
    ['no trials', wilson({ successes: 0, n: 0 }), 'too-few'],
    ['more successes than trials', wilson({ successes: 3, n: 2 }), 'out-of-range'],
    ['infinite n', clopperPearson({ successes: 3, n: Infinity }), 'not-finite'],
    ['one value', tInterval({ n: 1, mean: 2, sd: 0 }), 'too-few'],
    ['a constant', tInterval({ n: 3, sum: 6, sumOfSquares: 12 }), 'no-variance'],
    ['impossible squares', tInterval({ n: 3, sum: 6, sumOfSquares: 2 }), 'out-of-range'],
    ['a denominator of 0', ratioDelta({ ...ratio, denominator: 0 }), 'out-of-range'],
    ['an unsure denominator', ratioFieller({ ...ratio, denominator: 0.01 }), 'out-of-range'],
    ['weights of 0', weightedNps({ ...zero, n: 3 }), 'no-weight'],
    ['no rows', weightedMean(zero), 'too-few'],
    ['a negative weight', weightedSums([{ value: 1, weight: -1 }]), 'no-weight'],
    ['one cluster', clusterMean({ clusters: [{ n: 3, sum: 1 }] }), 'too-few'],
    [
      'an absent side',
      clusteredDifference({
        clusters: [
          { a: { n: 1, sum: 1 }, b: { n: 0, sum: 0 } },
          { a: { n: 1, sum: 2 }, b: { n: 0, sum: 0 } },
        ],
      }),
      'empty-cell',
    ],
    ['one class', newcombe({ a: { successes: 4, n: 4 }, b: { successes: 6, n: 6 } }), 'one-class'],
    [
      'two constants',
      npsDifference({ a: { ...none, promoters: 4 }, b: { ...none, passives: 4 }, method: 'wald' }),
      'no-variance',
    ],
    ['equal differences', pairedDifference({ n: 4, mean: 1, sd: 0 }), 'no-variance'],
    ['no disagreeing pair', pairedShares({ onlyFirst: 0, onlySecond: 0, agreeing: 9 }), 'no-variance'],
    [
      'a part that is the whole',
      partAgainstWhole({ part: { n: 5, sum: 1, sumOfSquares: 3 }, whole: { n: 5, sum: 1, sumOfSquares: 3 } }),
      'too-few',
    ],
    ['no p-values', holm([]), 'too-few'],
    ['a p-value of 2', benjaminiHochberg([0.1, 2]), 'out-of-range'],
    ['no error at all', equivalence({ difference: 0, se: 0, margin: 1 }), 'out-of-range'],
    ['a difference of nothing', npsSampleSize({ difference: 0, variance: 0.5 }), 'out-of-range'],
    ['a margin of 0', npsSampleSizeForMargin({ margin: 0 }), 'out-of-range'],
    ['a margin of 0 for a share', shareSampleSizeForMargin({ margin: 0 }), 'out-of-range'],
    ['a sure share', sharePower({ n: 10, a: 1, b: 0.5 }), 'out-of-range'],
  ])('%s', (_, result, code) => {
    expect(isRefusal(result) && result.refused).toBe(code)
    expect(isRefusal(result) && result.reason).toMatch(/^\[\w+\] .+[;:].+\.$/)
  })
})
