import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { weightedNps, weightedSums } from '#statistics/intervals/index.ts'
import { deviation } from '#statistics/known-answers.ts'
import { isRefusal } from '#statistics/refusal.ts'
import { medianWeight } from './cap.ts'
import {
  balanceTable,
  inversePropensity,
  nonResponseBounds,
  postStratifiedMean,
  postStratifiedNps,
  postStratify,
  rake,
  tippingPoint,
} from './index.ts'
import { meanAnswers } from './weighting.answers.ts'

it.each(meanAnswers.cases)('mean score of schools: $what', (answer) => {
  expect(deviation(answer)).toBeLessThan(meanAnswers.tolerance)
})

const stratum = fc.record({
  population: fc.integer({ min: 1, max: 5000 }),
  promoters: fc.integer({ min: 0, max: 50 }),
  passives: fc.integer({ min: 1, max: 50 }),
  detractors: fc.integer({ min: 0, max: 50 }),
})
const strata = fc
  .array(stratum, { minLength: 1, maxLength: 6 })
  .map((list) => list.map((s, i) => ({ ...s, stratum: `s${i}` })))

describe('post-stratification', () => {
  it('weights sum to the population, and the NPS is the row-weighted one', () => {
    fc.assert(
      fc.property(strata, (list) => {
        const sized = list.map((s) => ({
          stratum: s.stratum,
          population: s.population,
          n: s.promoters + s.passives + s.detractors,
        }))
        const { strata: weights, effectiveN } = accepted(postStratify(sized))
        const total = weights.reduce((sum, { weight }, i) => sum + weight * (sized[i]?.n ?? 0), 0)
        expect(total).toBeCloseTo(
          list.reduce((sum, s) => sum + s.population, 0),
          6,
        )
        const rows = list.flatMap((s, i) =>
          (
            [
              [1, s.promoters],
              [0, s.passives],
              [-1, s.detractors],
            ] as const
          ).flatMap(([value, n]) =>
            Array.from({ length: n }, () => ({ value, weight: weights[i]?.weight ?? 0 })),
          ),
        )
        if (rows.length < 2) return
        const byRows = accepted(weightedNps(accepted(weightedSums(rows))))
        const byStrata = accepted(postStratifiedNps({ strata: list }))
        expect(byStrata.value).toBeCloseTo(byRows.value, 8)
        expect(byStrata.effectiveN).toBeCloseTo(byRows.effectiveN, 6)
        expect(effectiveN).toBeCloseTo(byRows.effectiveN, 6)
        expect(byStrata.low).toBeLessThanOrEqual(byStrata.value + 1e-9)
        expect(byStrata.high).toBeGreaterThanOrEqual(byStrata.value - 1e-9)
      }),
    )
  })
})

const counts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 6, maxLength: 6 })
const shares = fc.array(fc.integer({ min: 5, max: 50 }), { minLength: 5, maxLength: 5 })

function twoByThree(n: readonly number[]) {
  return n.map((count, i) => ({
    categories: { sex: `s${i % 2}`, age: `a${Math.floor(i / 2)}` },
    n: count,
    weight: count,
  }))
}

function targets([a = 1, b = 1, c = 1, d = 1, e = 1]: readonly number[]) {
  const [sexes, ages] = [a + b, c + d + e]
  return {
    sex: { s0: (1000 * a) / sexes, s1: (1000 * b) / sexes },
    age: { a0: (1000 * c) / ages, a1: (1000 * d) / ages, a2: (1000 * e) / ages },
  }
}

describe('raking', () => {
  it('meets every margin and keeps the odds ratios of the sample', () => {
    fc.assert(
      fc.property(counts, shares, (n, share) => {
        const raked = accepted(rake({ cells: twoByThree(n), margins: targets(share) }))
        for (const { target, reached } of raked.margins)
          expect(Math.abs(reached / target - 1)).toBeLessThan(1e-9)
        const odds = (t: readonly number[]) => ((t[0] ?? 1) * (t[3] ?? 1)) / ((t[1] ?? 1) * (t[2] ?? 1))
        expect(odds(raked.totals) / odds(n)).toBeCloseTo(1, 6)
      }),
    )
  })
  it('under a cap meets the margins with no weight above it, or says that it cannot', () => {
    fc.assert(
      fc.property(counts, shares, fc.double({ min: 1, max: 4, noNaN: true }), (n, share, cap) => {
        const cells = twoByThree(n)
        const free = accepted(rake({ cells, margins: targets(share) }))
        const capped = rake({ cells, margins: targets(share), cap, tolerance: 1e-8 })
        if (isRefusal(capped)) {
          expect(capped.refused).toBe('not-converged')
          return
        }
        for (const { target, reached } of capped.margins)
          expect(Math.abs(reached / target - 1)).toBeLessThan(1e-7)
        expect(Math.max(...capped.unitWeights)).toBeLessThanOrEqual(
          cap * medianWeight(cells, free.totals) * (1 + 1e-6),
        )
      }),
      { numRuns: 40 },
    )
  })
  it('says how many respondents stand at the cap', () => {
    const cells = ['a', 'b', 'c', 'd'].flatMap((x, i) =>
      ['p', 'q'].map((y, j) => ({ categories: { x, y }, n: 50, weight: i === 3 && j === 1 ? 4 : 50 })),
    )
    const margins = { x: { a: 100, b: 100, c: 100, d: 100 }, y: { p: 200, q: 200 } }
    const free = accepted(
      rake({ cells: cells.map((c, i) => (i === 0 ? { ...c, weight: 900 } : c)), margins }),
    )
    const capped = accepted(
      rake({
        cells: cells.map((c, i) => (i === 0 ? { ...c, weight: 900 } : c)),
        margins,
        cap: 1.5,
        tolerance: 1e-8,
      }),
    )
    expect(free.capped).toBe(0)
    expect(capped.capped).toBeGreaterThan(0)
    expect(capped.effectiveN).toBeGreaterThan(free.effectiveN)
  })
})

describe('inverse propensity and balance', () => {
  it('true propensities balance what drove the response', () => {
    const respondents = [...Array.from({ length: 60 }, () => [1]), ...Array.from({ length: 20 }, () => [0])]
    const propensities = respondents.map(([loyal]) => (loyal === 1 ? 0.6 : 0.2))
    const { weights } = accepted(inversePropensity({ propensities }))
    const table = accepted(
      balanceTable({ population: [{ name: 'loyal', mean: 0.5, sd: 0.5 }], respondents, weights }),
    )
    expect(table.rows[0]).toMatchObject({ unweighted: 0.75, differenceBefore: 0.5, balanced: true })
    expect(table.rows[0]?.weighted).toBeCloseTo(0.5, 12)
  })
  it('trimming lowers the rare weights and keeps the total', () => {
    const propensities = [...Array.from({ length: 99 }, () => 0.5), 0.001]
    const got = accepted(inversePropensity({ propensities, trim: 0.95, total: 400 }))
    expect(got).toMatchObject({ trimmed: 1, trimmedAt: 2 })
    expect(got.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(400, 9)
    expect(got.effectiveN).toBeCloseTo(100, 9)
  })
})

describe('bounds under non-response', () => {
  it('hold every value that silence could give, and close as everybody answers', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        (value, responseRate, silent) => {
          const { lower, upper } = accepted(nonResponseBounds({ value, responseRate }))
          const all = responseRate * value + (1 - responseRate) * silent
          expect(lower).toBeLessThanOrEqual(all + 1e-9)
          expect(upper).toBeGreaterThanOrEqual(all - 1e-9)
          expect(upper - lower).toBeCloseTo(200 * (1 - responseRate), 8)
        },
      ),
    )
  })
  it('limits are two-sided where everybody answered and one-sided where the bounds are wide', () => {
    const all = accepted(nonResponseBounds({ value: 0, responseRate: 1, se: 5 }))
    expect(all.high).toBeCloseTo(5 * 1.959964, 4)
    const few = accepted(nonResponseBounds({ value: 0, responseRate: 0.5, se: 5 }))
    expect(few.high - few.upper).toBeCloseTo(2.5 * 1.644854, 4)
  })
  it('a tipping point off the scale cannot be reached', () => {
    expect(accepted(tippingPoint({ value: 60, threshold: 0, responseRate: 0.8 })).possible).toBe(false)
  })
})

describe('degenerate input is refused', () => {
  const cells = twoByThree([1, 2, 3, 4, 5, 6])
  const margins = targets([1, 1, 1, 1, 1])
  const population = [{ name: 'x', mean: 1, sd: 1 }]
  it.each([
    ['no strata', postStratify([]), 'out-of-range'],
    ['an empty stratum', postStratify([{ stratum: 'a', n: 0, population: 5 }]), 'empty-cell'],
    ['respondents outside the population', postStratify([{ stratum: 'a', n: 5, population: 0 }]), 'mismatch'],
    [
      'one answer in a stratum',
      postStratifiedMean({ strata: [{ stratum: 'a', n: 1, population: 9, sum: 1, sumOfSquares: 1 }] }),
      'too-few',
    ],
    ['margins that disagree', rake({ cells, margins: { ...margins, sex: { s0: 1, s1: 1 } } }), 'mismatch'],
    ['a category without target', rake({ cells, margins: { sex: { s0: 1000 } } }), 'mismatch'],
    [
      'a target without respondents',
      rake({ cells, margins: { sex: { s0: 500, s1: 400, s2: 100 } } }),
      'empty-cell',
    ],
    ['weights of 0', rake({ cells: cells.map((c) => ({ ...c, weight: 0 })), margins }), 'no-weight'],
    ['a negative weight', rake({ cells: cells.map((c) => ({ ...c, weight: -1 })), margins }), 'no-weight'],
    ['a cap below 1', rake({ cells, margins, cap: 0.5 }), 'out-of-range'],
    [
      'a cap that contradicts the margins',
      rake({ cells, margins: targets([50, 5, 50, 5, 5]), cap: 1, maxIterations: 200 }),
      'not-converged',
    ],
    [
      'empty combinations',
      rake({
        cells: [cells[0], cells[3]].flatMap((c) => c ?? []),
        margins: { sex: { s0: 1, s1: 3 }, age: { a0: 2, a1: 2 } },
        maxIterations: 50,
      }),
      'not-converged',
    ],
    ['NaN', rake({ cells: cells.map((c) => ({ ...c, weight: Number.NaN })), margins }), 'not-finite'],
    ['a propensity of 0', inversePropensity({ propensities: [0.5, 0] }), 'out-of-range'],
    ['no respondents', inversePropensity({ propensities: [] }), 'too-few'],
    [
      'weights of 0 in a balance',
      balanceTable({ population, respondents: [[1], [2]], weights: [0, 0] }),
      'no-weight',
    ],
    [
      'a constant in the population',
      balanceTable({ population: [{ name: 'x', mean: 1, sd: 0 }], respondents: [[1]], weights: [1] }),
      'no-variance',
    ],
    [
      'columns that do not agree',
      balanceTable({ population, respondents: [[1, 2]], weights: [1] }),
      'mismatch',
    ],
    ['nobody answered', nonResponseBounds({ value: 0, responseRate: 0 }), 'out-of-range'],
    ['a value off the scale', nonResponseBounds({ value: 120, responseRate: 0.5 }), 'out-of-range'],
    ['everybody answered', tippingPoint({ value: 0, threshold: 1, responseRate: 1 }), 'out-of-range'],
  ])('%s', (_, result, code) => {
    expect(isRefusal(result) && result.refused).toBe(code)
  })
})
