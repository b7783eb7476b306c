/** Invariants of decompositions: parts sum to the change, order and names do not matter, bad input is refused in words. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { momentsFromRows } from '#statistics/moments/index.ts'
import { isRefusal } from '#statistics/refusal.ts'
import {
  adtributor,
  crossClassified,
  dasGupta,
  kitagawa,
  mantelHaenszel,
  oaxacaBlinder,
  oaxacaBlinderOfMoments,
  type SegmentChange,
  simpson,
} from './index.ts'

const size = fc.integer({ min: 0, max: 5000 })
const score = fc.double({ min: -100, max: 100, noNaN: true })
const period = fc.oneof(
  fc.record({ size: fc.integer({ min: 1, max: 5000 }), score }),
  fc.record({ size: fc.constant(0), score: fc.constantFrom(null, 12) }),
)
const filled = fc.record({ size: fc.integer({ min: 1, max: 5000 }), score })
const segments: fc.Arbitrary<SegmentChange[]> = fc
  .array(fc.record({ before: filled, after: period }), { minLength: 1, maxLength: 8 })
  .filter((list) => list.some(({ after }) => after.size > 0))
  .map((list) => list.map((pair, i) => ({ segment: `s${i}`, ...pair })))
const positive = fc.double({ min: 0.1, max: 10, noNaN: true })

describe('Kitagawa', () => {
  it('rate and mix sum to the change, in total and over segments, centred or not', () => {
    fc.assert(
      fc.property(segments, (list) => {
        const result = accepted(kitagawa(list))
        const sum = (part: 'rate' | 'mix' | 'rawMix') =>
          result.segments.reduce((total, s) => total + s[part], 0)
        expect(result.rate + result.mix).toBeCloseTo(result.change, 10)
        expect(sum('rate')).toBeCloseTo(result.rate, 10)
        expect(sum('mix')).toBeCloseTo(sum('rawMix'), 10)
      }),
    )
  })
  it('time turned round changes every sign', () => {
    fc.assert(
      fc.property(segments, (list) => {
        const there = accepted(kitagawa(list))
        const back = accepted(
          kitagawa(list.map(({ segment, before, after }) => ({ segment, before: after, after: before }))),
        )
        expect(back.rate).toBeCloseTo(-there.rate, 10)
        expect(back.mix).toBeCloseTo(-there.mix, 10)
      }),
    )
  })
  it('a segment that entered counts as mix alone', () => {
    const result = accepted(
      kitagawa([
        { segment: 'old', before: { size: 10, score: 40 }, after: { size: 10, score: 40 } },
        { segment: 'new', before: { size: 0, score: null }, after: { size: 10, score: 0 } },
      ]),
    )
    expect(result).toMatchObject({ change: -20, rate: 0, mix: -20 })
  })
})

describe('Das Gupta', () => {
  const factors = (cells: number, names: readonly string[]) =>
    fc.record(
      Object.fromEntries(
        names.map((name) => [name, fc.array(positive, { minLength: cells, maxLength: cells })]),
      ),
    )
  it('effects sum to each step of the crude rate, for any number of periods and factors', () => {
    const populations = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 5 }))
      .chain(([cells, k, n]) =>
        fc.array(factors(cells, 'abcde'.slice(0, k).split('')), { minLength: n, maxLength: n }),
      )
      .map((list) => list.map((factors, i) => ({ name: String(i), factors })))
    fc.assert(
      fc.property(populations, (list) => {
        const result = accepted(dasGupta({ populations: list }))
        result.crude.slice(1).forEach((after, step) => {
          const effects = result.factors.reduce((sum, factor) => sum + (factor.effects[step] ?? 0), 0)
          const change = after - (result.crude[step] ?? 0)
          expect(Math.abs(effects - change)).toBeLessThan(1e-12 * Math.max(1, ...result.crude))
        })
      }),
    )
  })
  it('two factors are Kitagawa', () => {
    fc.assert(
      fc.property(segments, (list) => {
        const whole = list.map(({ segment, before, after }) => ({
          segment,
          before,
          after: { size: after.size, score: after.score ?? before.score },
        }))
        const shares = (key: 'before' | 'after') => {
          const total = whole.reduce((sum, s) => sum + s[key].size, 0)
          return { share: whole.map((s) => s[key].size / total), score: whole.map((s) => s[key].score ?? 0) }
        }
        const result = accepted(
          dasGupta({
            populations: [
              { name: 'before', factors: shares('before') },
              { name: 'after', factors: shares('after') },
            ],
          }),
        )
        const twoWay = accepted(kitagawa(whole))
        expect(result.factors[0]?.effects[0]).toBeCloseTo(twoWay.mix, 10)
        expect(result.factors[1]?.effects[0]).toBeCloseTo(twoWay.rate, 10)
      }),
    )
  })
})

describe('cross-classified', () => {
  const cell = fc.record({ size, rate: score })
  const population = fc
    .array(cell, { minLength: 12, maxLength: 12 })
    .filter((cells) => cells.some(({ size }) => size > 0))
    .map((cells) =>
      cells.map((c, i) => ({ ...c, by: { u: i % 2, v: Math.floor(i / 2) % 2, w: Math.floor(i / 4) } })),
    )
  const populations = fc
    .array(population, { minLength: 2, maxLength: 4 })
    .map((list) => list.map((cells, i) => ({ name: String(i), cells })))
  it('structure and rates sum to the change of each step', () => {
    fc.assert(
      fc.property(populations, (list) => {
        const result = accepted(crossClassified(list))
        result.crude.slice(1).forEach((after, step) => {
          const effects = result.factors.reduce((sum, factor) => sum + (factor.effects[step] ?? 0), 0)
          expect(effects).toBeCloseTo(after - (result.crude[step] ?? 0), 9)
        })
      }),
    )
  })
  it('a missing cell is an empty cell, and variables in another order are the same variables', () => {
    fc.assert(
      fc.property(populations, (list) => {
        const sparse = list.map(({ name, cells }) => ({
          name,
          cells: cells.map(({ by: { u, v, w }, size, rate }) => ({
            by: { w, v, u },
            size,
            rate: size > 0 ? rate : null,
          })),
        }))
        const dense = list.map(({ name, cells }) => ({ name, cells: cells.filter(({ size }) => size > 0) }))
        const one = accepted(crossClassified(dense))
        const other = accepted(crossClassified(sparse))
        for (const { factor, effects } of one.factors) {
          const same = other.factors.find((found) => found.factor === factor)
          effects.forEach((effect, i) => expect(same?.effects[i]).toBeCloseTo(effect, 9))
        }
      }),
    )
  })
  it('rates that are products split further', () => {
    const cells = (k: number) => [
      { by: { store: 'a' }, size: 10, rate: { visits: 2 * k, spend: 30 } },
      { by: { store: 'b' }, size: 20, rate: { visits: 1, spend: 10 * k } },
    ]
    const result = accepted(
      crossClassified([
        { name: '1', cells: cells(1) },
        { name: '2', cells: cells(2) },
      ]),
    )
    expect(result.factors.map(({ factor }) => factor)).toEqual(['store', 'visits', 'spend'])
    expect(result.factors.map(({ effects }) => effects[0])).toEqual([0, 20, expect.closeTo(20 / 3, 12)])
  })
})

describe('Adtributor', () => {
  const totals = fc.array(fc.tuple(size, size), { minLength: 2, maxLength: 10 })
  it('explanatory power sums to 1, surprise is never negative and 0 for unchanged shares', () => {
    fc.assert(
      fc.property(totals, (pairs) => {
        const result = adtributor({
          dimensions: [
            {
              dimension: 'd',
              elements: pairs.map(([forecast, actual], i) => ({ element: `${i}`, forecast, actual })),
            },
          ],
        })
        if (isRefusal(result)) return
        const [dimension] = result
        const power = dimension?.elements.reduce((sum, { explanatoryPower }) => sum + explanatoryPower, 0)
        expect(power).toBeCloseTo(1, 6)
        expect(dimension?.elements.every(({ surprise }) => surprise >= 0)).toBe(true)
      }),
    )
  })
})

describe('Oaxaca–Blinder', () => {
  const vector = fc.array(score, { minLength: 3, maxLength: 3 })
  const group = fc.record({ means: vector, coefficients: vector })
  it('three-fold and two-fold parts sum to the gap, over variables too', () => {
    fc.assert(
      fc.property(group, group, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, reference) => {
        const { gap, threefold, twofold } = accepted(
          oaxacaBlinder({ variables: ['1', 'x', 'z'], a, b, reference }),
        )
        const { endowments, coefficients, interaction } = threefold
        expect(endowments.value + coefficients.value + interaction.value).toBeCloseTo(gap, 7)
        expect(twofold.explained.value + twofold.unexplained.value).toBeCloseTo(gap, 7)
        const byVariable = twofold.unexplained.byVariable.reduce((sum, { value }) => sum + value, 0)
        expect(byVariable).toBeCloseTo(twofold.unexplained.value, 7)
      }),
    )
  })
})

describe('Oaxaca–Blinder of moments', () => {
  const rows = (n: number, shift: number) =>
    Array.from({ length: n }, (_, i) => ({
      values: [5 + shift + (2 + shift) * (i % 9) + (i % 4), (i % 9) + shift],
    }))
  const table = (n: number, shift: number) =>
    accepted(momentsFromRows({ variables: ['pay', 'years'], rows: rows(n, shift) }))
  it('every reference splits the same gap, the mean difference of the rows', () => {
    for (const reference of [0, 0.5, 1, 'pooled', 'pooled-with-group'] as const) {
      const { gap, twofold } = accepted(
        oaxacaBlinderOfMoments({ a: table(36, 1), b: table(27, 0), outcome: 'pay', reference }),
      )
      expect(twofold.explained.value + twofold.unexplained.value).toBeCloseTo(gap, 10)
    }
  })
  it.each<[string, string, () => unknown]>([
    [
      'an unknown outcome',
      'mismatch',
      () => oaxacaBlinderOfMoments({ a: table(20, 0), b: table(20, 1), outcome: 'x' }),
    ],
    [
      'two rows',
      'too-few',
      () => oaxacaBlinderOfMoments({ a: table(2, 0), b: table(20, 1), outcome: 'pay' }),
    ],
    [
      'other variables',
      'mismatch',
      () =>
        oaxacaBlinderOfMoments({
          a: table(20, 0),
          b: accepted(momentsFromRows({ variables: ['pay'], rows: [{ values: [1] }] })),
          outcome: 'pay',
        }),
    ],
  ])('refuses %s: %s', (_, code, compute) => {
    expect(compute()).toMatchObject({ refused: code })
  })
})

describe('Mantel–Haenszel', () => {
  const count = fc.integer({ min: 1, max: 200 })
  const stratum = fc.record({ a1: count, a0: count, b1: count, b0: count }).map(({ a1, a0, b1, b0 }) => ({
    stratum: 's',
    a: { successes: a1, n: a1 + a0 },
    b: { successes: b1, n: b1 + b0 },
  }))
  it('one stratum gives its own odds ratio and difference; groups swapped, the reciprocal', () => {
    fc.assert(
      fc.property(stratum, ({ stratum: name, a, b }) => {
        const one = accepted(mantelHaenszel({ strata: [{ stratum: name, a, b }] }))
        const swapped = accepted(mantelHaenszel({ strata: [{ stratum: name, a: b, b: a }] }))
        const odds = (a.successes * (b.n - b.successes)) / (b.successes * (a.n - a.successes))
        expect(one.oddsRatio.value / odds).toBeCloseTo(1, 10)
        expect(one.riskDifference.value).toBeCloseTo(a.successes / a.n - b.successes / b.n, 10)
        expect(one.oddsRatio.value * swapped.oddsRatio.value).toBeCloseTo(1, 10)
        expect(one.p).toBeCloseTo(swapped.p, 10)
      }),
    )
  })
})

describe('what cannot be computed is refused with a code and words', () => {
  const segment = (before: number, after: number, score: number | null = 1): SegmentChange => ({
    segment: 's',
    before: { size: before, score },
    after: { size: after, score },
  })
  const population = (factors: Record<string, number | number[]>) => ({ name: 'p', factors })
  const cross = (size: number, rate: number | null, by: Record<string, string> = { g: 'x' }) => ({
    name: 'p',
    cells: [{ by, size, rate }],
  })
  const elements = (forecast: number, actual: number) => [
    { dimension: 'd', elements: [{ element: 'e', forecast, actual }] },
  ]
  const strata = (a: [number, number], b: [number, number]) => ({
    strata: [{ stratum: 's', a: { successes: a[0], n: a[1] }, b: { successes: b[0], n: b[1] } }],
  })
  const group = { means: [1], coefficients: [2] }
  it.each<[string, string, () => unknown]>([
    ['no segments', 'too-few', () => kitagawa([])],
    ['an empty period', 'too-few', () => kitagawa([segment(5, 0)])],
    ['a NaN score', 'not-finite', () => kitagawa([segment(5, 5, Number.NaN)])],
    ['an infinite size', 'not-finite', () => kitagawa([segment(Number.POSITIVE_INFINITY, 5)])],
    ['a negative size', 'out-of-range', () => kitagawa([segment(5, -1)])],
    ['answers without score', 'empty-cell', () => kitagawa([segment(5, 5, null)])],
    ['a segment of nobody', 'empty-cell', () => kitagawa([segment(0, 0, null), segment(1, 1)])],
    ['one population', 'too-few', () => dasGupta({ populations: [population({ a: 1 })] })],
    [
      'other factors',
      'mismatch',
      () => dasGupta({ populations: [population({ a: 1 }), population({ b: 1 })] }),
    ],
    [
      'other lengths',
      'mismatch',
      () => dasGupta({ populations: [population({ a: [1] }), population({ a: [1, 2] })] }),
    ],
    ['no factors', 'out-of-range', () => dasGupta({ populations: [population({}), population({})] })],
    [
      'a NaN factor',
      'not-finite',
      () => dasGupta({ populations: [population({ a: 1 }), population({ a: Number.NaN })] }),
    ],
    [
      'a rate function that divides by 0',
      'not-finite',
      () =>
        dasGupta({
          populations: [population({ a: 1 }), population({ a: 0 })],
          rate: ({ a = [] }) => 1 / (a[0] ?? 0),
        }),
    ],
    ['one cross-classified population', 'too-few', () => crossClassified([cross(1, 1)])],
    ['an empty population', 'too-few', () => crossClassified([cross(1, 1), cross(0, 1)])],
    ['a size without rate', 'empty-cell', () => crossClassified([cross(1, 1), cross(1, null)])],
    ['another classification', 'mismatch', () => crossClassified([cross(1, 1), cross(1, 1, { h: 'x' })])],
    ['a NaN rate', 'not-finite', () => crossClassified([cross(1, 1), cross(1, Number.NaN)])],
    ['no dimension', 'too-few', () => adtributor({ dimensions: [] })],
    ['no change', 'no-variance', () => adtributor({ dimensions: elements(5, 5) })],
    ['a negative actual', 'out-of-range', () => adtributor({ dimensions: elements(5, -5) })],
    ['a total of 0', 'too-few', () => adtributor({ dimensions: elements(5, 0) })],
    [
      'totals that differ',
      'mismatch',
      () => adtributor({ dimensions: [...elements(5, 4), ...elements(5, 3)] }),
    ],
    ['a NaN forecast', 'not-finite', () => adtributor({ dimensions: elements(Number.NaN, 4) })],
    ['no variables', 'too-few', () => oaxacaBlinder({ variables: [], a: group, b: group })],
    ['too many variables', 'mismatch', () => oaxacaBlinder({ variables: ['x', 'y'], a: group, b: group })],
    [
      'a NaN mean',
      'not-finite',
      () => oaxacaBlinder({ variables: ['x'], a: { ...group, means: [Number.NaN] }, b: group }),
    ],
    ['an absent group', 'too-few', () => mantelHaenszel(strata([1, 2], [0, 0]))],
    ['more successes than n', 'out-of-range', () => mantelHaenszel(strata([3, 2], [1, 2]))],
    ['only successes', 'one-class', () => mantelHaenszel(strata([2, 2], [2, 2]))],
    ['confidence 1', 'out-of-range', () => mantelHaenszel({ ...strata([1, 2], [1, 2]), confidence: 1 })],
    ['a NaN count', 'not-finite', () => simpson(strata([Number.NaN, 2], [1, 2]))],
    [
      'a stratum with one group',
      'empty-cell',
      () => simpson({ strata: [...strata([1, 2], [1, 2]).strata, ...strata([1, 2], [0, 0]).strata] }),
    ],
  ])('%s: %s', (_, code, compute) => {
    const result = compute()
    expect(result).toMatchObject({ refused: code })
    expect(isRefusal(result) && result.reason).toMatch(/^\[\w+\] .{15,}\.$/)
  })
})
