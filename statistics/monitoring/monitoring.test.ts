/** Charts signal what they should, say no in words, and STL parts sum to the series. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'

import { laneyP, laneyU, pChart, uChart } from './attribute-charts.ts'
import { cusum } from './cusum.ts'
import { ewma } from './ewma.ts'
import { generalisedEsd } from './generalised-esd.ts'
import { individualsChart } from './individuals-chart.ts'
import { meansChart } from './means-chart.ts'
import { npsChart } from './nps-chart.ts'
import { runRules } from './run-rules.ts'
import { stl } from './stl.ts'

const signals = (points: readonly { signal: boolean }[]) =>
  points.flatMap((point, i) => (point.signal ? [i] : []))

describe('charts', () => {
  it('the juice cans of Montgomery leave their limits in periods 15 and 23', () => {
    const cans = [
      12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9,
      6,
    ]
    expect(signals(accepted(pChart({ periods: cans.map((count) => ({ count, n: 50 })) })).points)).toEqual([
      14, 22,
    ])
  })

  it('a later shift is judged by the limits of the baseline', () => {
    const values = [5, 6, 5, 4, 5, 6, 5, 12, 13]
    expect(signals(accepted(individualsChart({ values, baseline: 7 })).points)).toEqual([7, 8])
  })

  it('plain limits collapse at a million answers where Laney limits do not', () => {
    const periods = [0.2, 0.21, 0.205, 0.195, 0.202, 0.208].map((share) => ({ count: share * 1e6, n: 1e6 }))
    expect(signals(accepted(pChart({ periods })).points).length).toBeGreaterThan(3)
    expect(signals(accepted(laneyP({ periods })).points)).toEqual([])
  })

  it('NPS limits narrow with n, never leave ±100, and equal the p-chart when nobody is passive', () => {
    const periods = [40, 60, 900].map((n) => ({ promoters: n * 0.7, passives: 0, detractors: n * 0.3 }))
    const chart = accepted(npsChart({ periods }))
    const shares = accepted(
      pChart({ periods: periods.map((p) => ({ count: p.promoters, n: p.promoters / 0.7 })) }),
    )
    for (const [i, point] of chart.points.entries())
      expect(point.high).toBeCloseTo(200 * (shares.points[i]?.high ?? 0) - 100, 9)
    const eager = accepted(
      npsChart({
        periods: [
          { promoters: 9, passives: 1, detractors: 0 },
          { promoters: 1, passives: 0, detractors: 0 },
        ],
      }),
    )
    expect(Math.max(...eager.points.map((point) => point.high))).toBeLessThanOrEqual(100)
  })

  it('subgroups of equal size give the textbook limits x̄̄ ± A₃s̄, A₃(5) = 1.427', () => {
    const groups = [3, 5, 4].map((mean, i) => ({ mean, sd: [1, 1.3, 0.7][i] ?? 1, n: 5 }))
    expect(accepted(meansChart(groups)).points[0]?.high).toBeCloseTo(4 + 1.427, 3)
  })

  it('exact EWMA limits start narrow and end at the steady ones', () => {
    const input = { values: Array.from({ length: 60 }, () => 1), lambda: 0.2, target: 0, sigma: 1 }
    const exact = accepted(ewma({ ...input, limits: 'exact' })).points
    const steady = accepted(ewma(input)).points
    expect(exact[0]?.high).toBeCloseTo(0.6, 12)
    expect(exact[59]?.high).toBeCloseTo(steady[59]?.high ?? 0, 9)
  })

  it('CUSUM signals at value 14 of the NIST example and dates the shift to value 13', () => {
    const values = [
      324.925, 324.675, 324.725, 324.35, 325.35, 325.225, 324.125, 324.525, 325.225, 324.6, 324.625, 325.15,
      328.325, 327.25, 327.825, 328.5, 326.675, 327.775, 326.875, 328.35,
    ]
    const sums = accepted(cusum({ values, target: 325, slack: 0.3175, decision: 4.1959 }))
    expect(sums.firstSignal).toBe(13)
    expect(sums.shiftBegan).toBe(12)
    expect(accepted(cusum({ values: [1, 1], target: 1, slack: 0, decision: 1 })).firstSignal).toBeUndefined()
  })
})

describe("Nelson's tests", () => {
  const cases: [number, number[]][] = [
    [1, [0, 3.1]],
    [2, Array.from({ length: 9 }, () => 0.5)],
    [3, [-0.5, -0.3, -0.1, 0.1, 0.3, 0.5]],
    [4, Array.from({ length: 14 }, (_, i) => (i % 2 ? 0.4 : -0.4))],
    [5, [2.1, 0, 2.2]],
    [6, [1.1, 1.2, -0.2, 1.3, 1.4]],
    [7, Array.from({ length: 15 }, (_, i) => [0.2, -0.3, -0.1, 0.3][i % 4] ?? 0)],
    [8, [1.5, -1.5, -1.2, 1.3, -1.4, 1.1, 1.2, -1.6]],
  ]
  it.each(cases)('%i', (rule, z) => {
    expect(accepted(runRules(z))).toContainEqual({ rule, at: z.length - 1 })
    const shorter = accepted(runRules(z.slice(0, -1)))
    expect(shorter.filter((signal) => signal.rule === rule)).toEqual([])
  })
})

describe('STL', () => {
  it('sums to the series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 24, maxLength: 60 }),
        fc.boolean(),
        (values, robust) => {
          const parts = accepted(stl({ values, period: 12, robust, outer: 2 }))
          for (const [i, value] of values.entries())
            expect((parts.seasonal[i] ?? 0) + (parts.trend[i] ?? 0) + (parts.remainder[i] ?? 0)).toBeCloseTo(
              value,
              6,
            )
        },
      ),
      { numRuns: 20 },
    )
  })
})

describe('masked outliers', () => {
  it('two equal spikes that hide each other are both found', () => {
    const values = [10, 10.1, 9.9, 10.2, 9.8, 10, 10.1, 9.9, 10.05, 9.95, 30, 30.1]
    expect([...accepted(generalisedEsd({ values, most: 4 })).outliers].sort((a, b) => a - b)).toEqual([
      10, 11,
    ])
  })
})

describe('what cannot be charted is refused', () => {
  const period = (count: number, n = 10) => ({ count, n })
  const nps = (promoters: number, passives: number, detractors: number) => ({
    promoters,
    passives,
    detractors,
  })
  const cases: [string, unknown, string][] = [
    ['one value', individualsChart({ values: [1] }), 'too-few'],
    ['NaN', individualsChart({ values: [1, Number.NaN] }), 'not-finite'],
    ['a constant baseline', individualsChart({ values: [1, 1, 1] }), 'no-variance'],
    ['a baseline longer than the series', individualsChart({ values: [1, 2], baseline: 3 }), 'out-of-range'],
    ['a count above n', pChart({ periods: [period(11), period(1)] }), 'out-of-range'],
    ['an n of 0', pChart({ periods: [period(0, 0), period(1)] }), 'out-of-range'],
    ['all positive', pChart({ periods: [period(10), period(10)] }), 'no-variance'],
    ['no event', uChart({ periods: [period(0), period(0)] }), 'no-variance'],
    ['equal periods for Laney', laneyP({ periods: [period(5), period(5)] }), 'no-variance'],
    ['equal rates for Laney', laneyU({ periods: [period(5), period(5)] }), 'no-variance'],
    ['a period without answers', npsChart({ periods: [nps(0, 0, 0), nps(1, 1, 1)] }), 'empty-cell'],
    ['only promoters', npsChart({ periods: [nps(5, 0, 0), nps(4, 0, 0)] }), 'no-variance'],
    ['subgroups of one', meansChart([{ mean: 1, sd: 0, n: 1 }]), 'too-few'],
    ['subgroups that do not vary', meansChart([{ mean: 1, sd: 0, n: 4 }]), 'no-variance'],
    ['λ above 1', ewma({ values: [1], lambda: 1.1, target: 0, sigma: 1 }), 'out-of-range'],
    ['σ of 0', ewma({ values: [1], lambda: 0.2, target: 0, sigma: 0 }), 'out-of-range'],
    ['a negative slack', cusum({ values: [1], target: 0, slack: -1, decision: 1 }), 'out-of-range'],
    ['no value', cusum({ values: [], target: 0, slack: 1, decision: 1 }), 'too-few'],
    ['an infinite z', runRules([Infinity]), 'not-finite'],
    ['too many outliers asked for', generalisedEsd({ values: [1, 2, 3], most: 2 }), 'out-of-range'],
    ['equal values', generalisedEsd({ values: [1, 1, 1, 1], most: 1 }), 'no-variance'],
    ['less than two seasons', stl({ values: [1, 2, 3], period: 2 }), 'too-few'],
    ['an even window', stl({ values: [1, 2, 3, 4], period: 2, seasonal: 8 }), 'out-of-range'],
  ]
  it.each(cases)('%s', (_name, result, code) => {
    expect(result).toMatchObject({ refused: code, reason: expect.stringMatching(/^\[\w+\] .+[;.]/) })
  })
})
