/** Rankings are fair to small units, honest about ties, and refuse in words. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { seeded } from '#statistics/random/index.ts'

import { probabilityAbove, probabilityAboveBeta } from './probability-above.ts'
import { rankDistribution } from './rank-distribution.ts'
import { rankIntervals } from './rank-intervals.ts'
import { shrinkBetaBinomial } from './shrink-beta-binomial.ts'
import { shrinkNormal } from './shrink-normal.ts'

const value = fc.double({ min: -100, max: 100, noNaN: true })
const error = fc.double({ min: 0.1, max: 30, noNaN: true })
const units = fc
  .array(fc.tuple(value, error), { minLength: 3, maxLength: 25 })
  .map((rows) => ({ values: rows.map(([v]) => v), se: rows.map(([, e]) => e) }))

describe('shrinkage of scores', () => {
  it('moves every unit towards the mean, less exact ones further, by all three methods', () => {
    fc.assert(
      fc.property(units, fc.constantFrom('reml', 'paule-mandel', 'dersimonian-laird'), (input, method) => {
        const fit = accepted(shrinkNormal({ ...input, method }))
        for (const [i, unit] of fit.units.entries()) {
          const own = input.values[i] ?? 0
          expect(Math.abs(unit.value - fit.mean)).toBeLessThanOrEqual(Math.abs(own - fit.mean) + 1e-9)
          for (const [j, other] of fit.units.entries())
            if ((input.se[i] ?? 0) < (input.se[j] ?? 0)) expect(unit.kept).toBeGreaterThanOrEqual(other.kept)
        }
      }),
    )
  })

  it('beats the raw scores on planted stores, and its intervals cover', () => {
    const random = seeded(5)
    let [raw, shrunk, covered, total] = [0, 0, 0, 0]
    for (let run = 0; run < 60; run++) {
      const truth = Array.from({ length: 40 }, () => random.normal(30, 8))
      const se = truth.map((_, i) => 2 + (i % 10) * 2)
      const values = truth.map((t, i) => random.normal(t, se[i]))
      const fit = accepted(shrinkNormal({ values, se }))
      for (const [i, t] of truth.entries()) {
        const unit = fit.units[i]
        if (!unit) continue
        raw += ((values[i] ?? 0) - t) ** 2
        shrunk += (unit.value - t) ** 2
        covered += Number(unit.low <= t && t <= unit.high)
        total++
      }
    }
    expect(shrunk).toBeLessThan(0.6 * raw)
    expect(covered / total).toBeGreaterThan(0.94)
  })
})

describe('shrinkage of shares', () => {
  it('a store of 3 of 3 stands below a store of 95 of 100, and units without answers get the mean', () => {
    const stores = [
      [3, 3],
      [95, 100],
      [60, 100],
      [40, 80],
      [0, 0],
      [70, 90],
    ].map(([successes = 0, n = 0]) => ({ successes, n }))
    const fit = accepted(shrinkBetaBinomial({ units: stores }))
    expect(fit.units[0]?.value).toBeLessThan(fit.units[1]?.value ?? 0)
    expect(fit.units[4]?.value).toBeCloseTo(fit.mean, 12)
    for (const unit of fit.units) {
      expect(unit.low).toBeLessThan(unit.value)
      expect(unit.high).toBeGreaterThan(unit.value)
    }
  })

  it('recovers a planted spread', () => {
    const random = seeded(8)
    const drawn = Array.from({ length: 800 }, (_, i) => {
      const n = 10 + (i % 50)
      return { successes: random.binomial(n, random.beta(6, 2)), n }
    })
    const fit = accepted(shrinkBetaBinomial({ units: drawn }))
    expect(Math.abs(fit.mean - 0.75)).toBeLessThan(0.02)
    expect(Math.abs(fit.intraclass - 1 / 9)).toBeLessThan(0.02)
  })
})

describe('P(A > B)', () => {
  it('and P(B > A) sum to 1, for scores and for shares', () => {
    const shape = fc.double({ min: 0.3, max: 400, noNaN: true })
    fc.assert(
      fc.property(shape, shape, shape, shape, (p, q, r, s) => {
        const one = { alpha: p, beta: q }
        const two = { alpha: r, beta: s }
        const there = accepted(probabilityAboveBeta(one, two))
        expect(there + accepted(probabilityAboveBeta(two, one))).toBeCloseTo(1, 9)
        expect(there).toBeGreaterThanOrEqual(0)
        const a = { mean: p, sd: q }
        const b = { mean: r, sd: s }
        expect(accepted(probabilityAbove({ a, b })) + accepted(probabilityAbove({ a: b, b: a }))).toBeCloseTo(
          1,
          12,
        )
      }),
      { numRuns: 60 },
    )
  })

  it('positive correlation makes a lead surer', () => {
    const input = { a: { mean: 2, sd: 3 }, b: { mean: 1, sd: 3 } }
    expect(accepted(probabilityAbove({ ...input, correlation: 0.8 }))).toBeGreaterThan(
      accepted(probabilityAbove(input)),
    )
  })
})

describe('ranks', () => {
  it('intervals hold the observed rank and widen with the errors', () => {
    fc.assert(
      fc.property(units, (input) => {
        const narrow = accepted(rankIntervals(input))
        const wide = accepted(rankIntervals({ ...input, se: input.se.map((e) => 2 * e) }))
        for (const [i, unit] of narrow.entries()) {
          expect(unit.best).toBeLessThanOrEqual(unit.rank)
          expect(unit.worst).toBeGreaterThanOrEqual(unit.rank)
          expect(wide[i]?.best).toBeLessThanOrEqual(unit.best)
          expect(wide[i]?.worst).toBeGreaterThanOrEqual(unit.worst)
        }
      }),
    )
  })

  it('simultaneous intervals cover all true ranks in 95 of 100 leagues', () => {
    const random = seeded(12)
    const truth = [50, 48, 45, 45, 40, 30, 29]
    let covered = 0
    const leagues = 400
    for (let league = 0; league < leagues; league++) {
      const ranks = accepted(
        rankIntervals({ values: truth.map((t) => random.normal(t, 3)), se: truth.map(() => 3) }),
      )
      const all = truth.every((t, i) => {
        const best = 1 + truth.filter((other) => other > t).length
        const worst = truth.filter((other) => other >= t).length
        return (ranks[i]?.best ?? 9) <= best && (ranks[i]?.worst ?? 0) >= worst
      })
      covered += Number(all)
    }
    expect(covered / leagues).toBeGreaterThan(0.95)
  })

  it('equal units share their ranks evenly, equal seeds repeat', () => {
    const input = { values: [5, 5, 5, 5], se: [1, 1, 1, 1], seed: 3, draws: 4000, top: 2 }
    const ranks = accepted(rankDistribution(input))
    for (const unit of ranks) {
      expect(unit.expected).toBeCloseTo(2.5, 0)
      expect(Math.abs(unit.best - 0.25)).toBeLessThan(0.03)
      expect(Math.abs(unit.inTop - 0.5)).toBeLessThan(0.04)
      expect([unit.low, unit.high]).toEqual([1, 4])
    }
    expect(accepted(rankDistribution(input))).toEqual(ranks)
  })
})

describe('what cannot be ranked is refused', () => {
  const pair = { values: [1, 2], se: [1, 1] }
  const cases: [string, unknown, string][] = [
    ['two units to shrink', shrinkNormal(pair), 'too-few'],
    ['an error of 0', shrinkNormal({ values: [1, 2, 3], se: [0, 1, 1] }), 'out-of-range'],
    ['NaN', shrinkNormal({ values: [1, Number.NaN, 3], se: [1, 1, 1] }), 'not-finite'],
    ['lists of different length', rankIntervals({ values: [1], se: [] }), 'mismatch'],
    ['a single unit', rankIntervals({ values: [1], se: [1] }), 'too-few'],
    ['ten draws', rankDistribution({ ...pair, seed: 1, draws: 10 }), 'too-few'],
    ['a top of 3 of 2', rankDistribution({ ...pair, seed: 1, top: 3 }), 'out-of-range'],
    ['more successes than answers', shrinkBetaBinomial({ units: [{ successes: 2, n: 1 }] }), 'out-of-range'],
    [
      'two stores',
      shrinkBetaBinomial({
        units: [
          { successes: 1, n: 2 },
          { successes: 1, n: 3 },
        ],
      }),
      'too-few',
    ],
    ['no success', shrinkBetaBinomial({ units: [1, 2, 3].map((n) => ({ successes: 0, n })) }), 'one-class'],
    [
      'stores that do not differ',
      shrinkBetaBinomial({ units: [50, 50, 50].map((successes) => ({ successes, n: 100 })) }),
      'no-variance',
    ],
    ['a deviation of 0', probabilityAbove({ a: { mean: 1, sd: 0 }, b: { mean: 1, sd: 1 } }), 'out-of-range'],
    [
      'a correlation of 1',
      probabilityAbove({ a: { mean: 1, sd: 1 }, b: { mean: 1, sd: 1 }, correlation: 1 }),
      'out-of-range',
    ],
    ['a negative alpha', probabilityAboveBeta({ alpha: -1, beta: 1 }, { alpha: 1, beta: 1 }), 'out-of-range'],
  ]
  it.each(cases)('%s', (_name, result, code) => {
    expect(result).toMatchObject({ refused: code, reason: expect.stringMatching(/^\[\w+\] .+[;.]/) })
  })
})
