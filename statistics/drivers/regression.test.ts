/** Regressions, resampling and what is read off weights: agreement with rows, invariants, refusals. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { leastSquares } from '#statistics/algebra/index.ts'
import { momentsFromRows, summarise, type Moments } from '#statistics/moments/index.ts'
import { seeded } from '#statistics/random/index.ts'

import { bucketJackknife } from './bucket-jackknife.ts'
import { driverCorrelations } from './driver-correlations.ts'
import { importancePerformance } from './importance-performance.ts'
import { inseparableGroups } from './inseparable-groups.ts'
import { kano } from './kano.ts'
import { keyDrivers } from './key-drivers.ts'
import { momentBootstrap } from './moment-bootstrap.ts'
import { ols } from './ols.ts'
import { penaltyReward } from './penalty-reward.ts'
import { rankStability } from './rank-stability.ts'
import { ridge, ridgeAt } from './ridge.ts'

const variables = ['a', 'b', 'c', 'y']
/** n customers in 20 buckets: a matters most, b a little, c not at all; every seventh answer to c is missing on demand. */
function survey(n: number, seed: number, holes = false): Moments {
  const random = seeded(seed)
  const rows = Array.from({ length: n }, (_, i) => {
    const [a, b, c] = [random.normal(), random.normal(), random.normal()]
    const mixed = 0.5 * a + b
    const y = 2 * a + 0.7 * mixed + random.normal()
    return { values: [a, mixed, holes && i % 7 === 0 ? null : c, y], bucket: i % 20, weight: 1 }
  })
  return accepted(momentsFromRows({ variables, rows }))
}
const mean = (part: Moments) => accepted(summarise({ moments: part })).means

describe('OLS out of moments', () => {
  it('equals least squares on rows, weights included', () => {
    const row = fc.tuple(
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: 0.2, max: 3, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(row, { minLength: 8, maxLength: 40 }), (points) => {
        const x = points.map(([a], i) => a + i)
        const y = points.map(([, b], i) => b + ((i * 7) % 5))
        const weights = points.map(([, , w]) => w)
        const moments = accepted(
          momentsFromRows({
            variables: ['x', 'y'],
            rows: x.map((value, i) => ({ values: [value, y[i] ?? 0], weight: weights[i] ?? 1 })),
          }),
        )
        const byRows = accepted(leastSquares({ x: x.map((value) => [1, value]), y, weights }))
        const byMoments = accepted(ols({ moments, outcome: 'y' }))
        expect(byMoments.intercept).toBeCloseTo(byRows.coefficients[0] ?? 0, 6)
        expect(byMoments.coefficients[0]).toBeCloseTo(byRows.coefficients[1] ?? 0, 7)
        const variance = byRows.residualSumOfSquares / byRows.dfResidual
        for (const i of [0, 1])
          expect(byMoments.se[i]).toBeCloseTo(Math.sqrt(variance * (byRows.inverseGram[i]?.[i] ?? 0)), 6)
      }),
    )
  })

  it('uses every row in which the chosen variables are known', () => {
    const moments = survey(140, 3, true)
    expect(accepted(ols({ moments, outcome: 'y' })).n).toBe(120)
    expect(accepted(ols({ moments, outcome: 'y', drivers: ['a', 'b'] })).n).toBe(140)
  })
})

describe('ridge', () => {
  it('is least squares at 0 and shrinks to nothing as the penalty grows', () => {
    const moments = survey(200, 5)
    const plain = accepted(ols({ moments, outcome: 'y' }))
    for (const [i, b] of accepted(ridgeAt({ moments, outcome: 'y', lambda: 0 })).coefficients.entries())
      expect(b).toBeCloseTo(plain.coefficients[i] ?? 0, 10)
    for (const b of accepted(ridgeAt({ moments, outcome: 'y', lambda: 1e9 })).standardized)
      expect(Math.abs(b)).toBeLessThan(1e-8)
  })

  it('takes a penalty of 0 no more where least squares cannot be computed', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      values: [i % 5, 2 * (i % 5), (i % 5) + ((i * 3) % 4)],
      bucket: i,
    }))
    const moments = accepted(momentsFromRows({ variables: ['x', 'copy', 'y'], rows }))
    expect(accepted(ridge({ moments, outcome: 'y' })).lambda).toBeGreaterThan(0)
  })
})

describe('resampling by bucket', () => {
  it('reports progress bucket by bucket and draw by draw', () => {
    const seen: string[] = []
    const moments = survey(60, 1)
    const onProgress = (done: number, total: number) => seen.push(`${done}/${total}`)
    accepted(bucketJackknife({ moments, statistic: mean, onProgress }))
    expect(seen.at(0)).toBe('1/20')
    expect(seen.at(-1)).toBe('20/20')
    seen.length = 0
    accepted(momentBootstrap({ moments, statistic: mean, seed: 1, draws: 30, onProgress }))
    expect(seen).toHaveLength(30)
    expect(seen.at(-1)).toBe('30/30')
  })

  it('one customer a bucket gives the textbook standard error of a mean', () => {
    const values = [3, 8, 4, 9, 5, 10, 2]
    const moments = accepted(
      momentsFromRows({
        variables: ['y'],
        rows: values.map((value, bucket) => ({ values: [value], bucket })),
      }),
    )
    const { covariance } = accepted(summarise({ moments }))
    const se = Math.sqrt((covariance[0]?.[0] ?? 0) / values.length)
    expect(accepted(bucketJackknife({ moments, statistic: mean })).se[0]).toBeCloseTo(se, 12)
    expect(accepted(momentBootstrap({ moments, statistic: mean, seed: 4, draws: 4000 })).se[0]).toBeCloseTo(
      se * Math.sqrt(6 / 7),
      1,
    )
  })

  it('equal seeds repeat, others do not', () => {
    const moments = survey(80, 2)
    const draw = (seed: number) =>
      accepted(momentBootstrap({ moments, statistic: mean, seed, draws: 20 })).replicates
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
  })

  it('leaves out draws on which the statistic has no answer, and refuses when they are many', () => {
    const moments = survey(40, 6)
    let call = 0
    const sometimes = (part: Moments) =>
      call++ % 5 === 1 ? { refused: 'singular' as const, reason: '[x] y; z.' } : mean(part)
    expect(momentBootstrap({ moments, statistic: sometimes, seed: 1, draws: 50 })).toMatchObject({
      refused: 'not-converged',
    })
  })
})

describe('key drivers', () => {
  it('finds the planted order and does not tell noise apart', () => {
    const result = accepted(keyDrivers({ moments: survey(4000, 11), outcome: 'y' }))
    expect(result.groups).toEqual([['a'], ['b'], ['c']])
    expect(result.drivers.map((driver) => driver.share).reduce((x, y) => x + y)).toBeCloseTo(1, 12)
    expect(result.drivers[2]?.low).toBe(0)
    expect(result).not.toHaveProperty('stability')
  })

  it('says how often each driver keeps its rank', () => {
    const bootstrap = { seed: 2, draws: 60 }
    const { stability } = accepted(keyDrivers({ moments: survey(400, 11), outcome: 'y', bootstrap }))
    expect(stability?.rankShares[0]?.[0]).toBeGreaterThan(0.9)
    expect(stability?.rankShares[2]?.[2]).toBeGreaterThan(0.9)
  })

  it('pairwise use of rows with holes keeps them', () => {
    const moments = survey(700, 8, true)
    expect(accepted(driverCorrelations({ moments, outcome: 'y' })).n).toBe(600)
    expect(accepted(driverCorrelations({ moments, outcome: 'y', missing: 'pairwise' })).n).toBe(700)
    const em = accepted(driverCorrelations({ moments, outcome: 'y', missing: 'em' }))
    const listwise = accepted(driverCorrelations({ moments, outcome: 'y' }))
    expect(em.n).toBe(700)
    for (const [i, r] of em.outcome.entries())
      expect(Math.abs(r - (listwise.outcome[i] ?? 9))).toBeLessThan(0.05)
  })
})

describe('what the data cannot tell apart', () => {
  const diagonal = (...v: number[]) => v.map((value, i) => v.map((_, j) => (i === j ? value : 0)))
  it('groups overlap where differences do not add up to a step', () => {
    expect(
      accepted(inseparableGroups({ values: [3, 2, 1], covariance: diagonal(0.1, 0.1, 0.1) })).groups,
    ).toEqual([
      [0, 1],
      [1, 2],
    ])
  })
  it('a strong correlation separates close values', () => {
    const close = {
      values: [1, 0.9],
      covariance: [
        [1, 0.9999],
        [0.9999, 1],
      ],
    }
    expect(accepted(inseparableGroups(close)).groups).toEqual([[0], [1]])
    expect(accepted(inseparableGroups({ ...close, covariance: diagonal(1, 1) })).groups).toEqual([[0, 1]])
  })
  it('every pair of a group is inseparable, every inseparable pair is in a group', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 9 }),
        (values) => {
          const { groups, p } = accepted(
            inseparableGroups({ values, covariance: diagonal(...values.map(() => 1)) }),
          )
          for (const [i] of values.entries())
            for (const [j] of values.entries())
              expect(groups.some((group) => group.includes(i) && group.includes(j))).toBe(
                (p[i]?.[j] ?? 0) > 0.05,
              )
        },
      ),
    )
  })
  it('rank shares add up to 1 for each item and each rank', () => {
    const replicates = [
      [1, 2, 2],
      [3, 1, 2],
      [2, 2, 2],
      [1, 3, 2],
    ]
    const { rankShares, above } = accepted(rankStability(replicates))
    for (const k of [0, 1, 2]) {
      expect((rankShares[k] ?? []).reduce((a, b) => a + b)).toBeCloseTo(1, 12)
      expect(rankShares.reduce((sum, row) => sum + (row[k] ?? 0), 0)).toBeCloseTo(1, 12)
      expect((above[0]?.[k] ?? 0) + (above[k]?.[0] ?? 0)).toBeCloseTo(1, 12)
    }
  })
})

describe('asymmetric effects', () => {
  it('a must-be hurts, a delighter delights', () => {
    const random = seeded(9)
    const rows = Array.from({ length: 3000 }, () => {
      const [clean, gift] = [random.integer(1, 3), random.integer(1, 3)]
      const overall =
        7 - (clean === 1 ? 3 : 0) + (clean === 3 ? 0.2 : 0) + (gift === 3 ? 2 : 0) - (gift === 1 ? 0.1 : 0)
      return {
        values: [+(clean === 1), +(clean === 3), +(gift === 1), +(gift === 3), overall + random.normal()],
      }
    })
    const moments = accepted(momentsFromRows({ variables: ['c1', 'c3', 'g1', 'g3', 'y'], rows }))
    const attributes = [
      { name: 'clean', low: 'c1', high: 'c3' },
      { name: 'gift', low: 'g1', high: 'g3' },
    ]
    const result = accepted(penaltyReward({ moments, outcome: 'y', attributes }))
    expect(result.map((item) => item.kind)).toEqual(['dissatisfier', 'delighter'])
  })

  it('Kano coefficients stay within −1…0 and 0…1, and a clear lead passes Fong', () => {
    const lead = accepted(
      kano({
        answers: [
          [0, 0, 5, 0, 2],
          [0, 0, 0, 0, 80],
          [0, 0, 10, 0, 0],
          [0, 0, 0, 0, 0],
          [1, 0, 0, 0, 2],
        ],
      }),
    )
    expect(lead).toMatchObject({ category: 'M', clear: true, n: 100 })
    expect(lead.better).toBeGreaterThanOrEqual(0)
    expect(lead.worse).toBeGreaterThanOrEqual(-1)
    const tie = accepted(
      kano({
        answers: [
          [0, 0, 10, 0, 10],
          [0, 0, 0, 0, 10],
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
        ],
      }),
    )
    expect(tie).toMatchObject({ category: 'M', clear: false, categoryStrength: 0 })
  })

  it('quadrants turn on governed cuts', () => {
    const input = { importance: [0.5, 0.2], performance: [7, 8] }
    expect(accepted(importancePerformance(input)).quadrants).toEqual([
      'concentrate here',
      'possible overkill',
    ])
    expect(accepted(importancePerformance({ ...input, cut: { performance: 9 } })).quadrants).toEqual([
      'concentrate here',
      'low priority',
    ])
  })
})

describe('degenerate input is refused', () => {
  const moments = survey(30, 1)
  const one = accepted(momentsFromRows({ variables: ['x', 'y'], rows: [{ values: [1, 2] }] }))
  const constant = accepted(
    momentsFromRows({
      variables: ['x', 'y'],
      rows: [1, 2, 3].map((y, bucket) => ({ values: [4, y], bucket })),
    }),
  )
  const line = accepted(
    momentsFromRows({ variables: ['x', 'y'], rows: [1, 2, 3].map((x) => ({ values: [x, 2 * x] })) }),
  )
  const kanoOf = (answers: number[][]) => kano({ answers })
  const empty = Array.from({ length: 5 }, () => [0, 0, 0, 0, 0])
  const cases: [string, unknown, string][] = [
    ['an unknown outcome', ols({ moments, outcome: 'nps' }), 'mismatch'],
    ['a driver named twice', ols({ moments, outcome: 'y', drivers: ['a', 'a'] }), 'mismatch'],
    ['one row', ols({ moments: one, outcome: 'y' }), 'too-few'],
    ['a constant driver', ols({ moments: constant, outcome: 'y' }), 'no-variance'],
    ['a perfect fit', ols({ moments: line, outcome: 'y' }), 'no-variance'],
    ['no driver', driverCorrelations({ moments, outcome: 'y', drivers: [] }), 'too-few'],
    ['a negative penalty', ridgeAt({ moments, outcome: 'y', lambda: -1 }), 'out-of-range'],
    ['one fold', ridge({ moments, outcome: 'y', folds: 1 }), 'out-of-range'],
    ['one bucket', bucketJackknife({ moments: line, statistic: mean }), 'too-few'],
    ['a confidence of 1', bucketJackknife({ moments, statistic: mean, confidence: 1 }), 'out-of-range'],
    ['one draw', momentBootstrap({ moments, statistic: mean, seed: 1, draws: 1 }), 'too-few'],
    ['key drivers in one bucket', keyDrivers({ moments: line, outcome: 'y' }), 'too-few'],
    ['no replicate', rankStability([]), 'too-few'],
    ['a covariance of another shape', inseparableGroups({ values: [1, 2], covariance: [[1]] }), 'mismatch'],
    ['a negative variance', inseparableGroups({ values: [1], covariance: [[-1]] }), 'out-of-range'],
    ['an attribute without names', penaltyReward({ moments, outcome: 'y', attributes: [] }), 'too-few'],
    [
      'nobody rated low',
      penaltyReward({ moments: constant, outcome: 'y', attributes: [{ name: 'x', low: 'x', high: 'x' }] }),
      'mismatch',
    ],
    ['lists of different length', importancePerformance({ importance: [1], performance: [] }), 'mismatch'],
    [
      'items that do not differ',
      importancePerformance({ importance: [1, 1], performance: [1, 2] }),
      'no-variance',
    ],
    ['nobody answered', kanoOf(empty), 'too-few'],
    ['a table of 4×5', kanoOf(empty.slice(1)), 'mismatch'],
    [
      'only questionable answers',
      kanoOf(empty.map((row, i) => row.map((_, j) => (i === 0 && j === 0 ? 3 : 0)))),
      'empty-cell',
    ],
  ]
  it.each(cases)('%s', (_name, result, code) => {
    expect(result).toMatchObject({ refused: code, reason: expect.stringMatching(/^\[\w+\] .+[;.]/) })
  })
})
