/** Invariants of causal estimators, recovery of planted effects, and refusals in words. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { momentsFromRows } from '#statistics/moments/index.ts'
import { seeded } from '#statistics/random/index.ts'
import { isRefusal, type Refusal } from '#statistics/refusal.ts'
import {
  aipw,
  didOfMeans,
  differenceInDifferences,
  directLingam,
  directLingamBootstrap,
  doubleMachineLearning,
  eValue,
  gFormula,
  interruptedSeries,
  ipw,
  pcSkeleton,
  placeboRuns,
  relativeRisks,
} from './index.ts'

const count = fc.integer({ min: 1, max: 60 })
const share = fc.double({ min: 0.05, max: 0.95, noNaN: true })

describe('effects from cells', () => {
  const strata = fc.array(fc.record({ n1: count, n0: count, p1: share, p0: share }), {
    minLength: 1,
    maxLength: 6,
  })
  const cellsOf = (list: readonly { n1: number; n0: number; p1: number; p0: number }[]) =>
    list.flatMap(({ n1, n0, p1, p0 }, i) => [
      { stratum: `s${i}`, treated: true, n: n1, sum: n1 * p1, sumOfSquares: n1 * p1 },
      { stratum: `s${i}`, treated: false, n: n0, sum: n0 * p0, sumOfSquares: n0 * p0 },
    ])
  it('without models the three estimators are one, for every target', () => {
    fc.assert(
      fc.property(strata, fc.constantFrom('everybody', 'treated', 'untreated'), (list, target) => {
        const cells = cellsOf(list)
        const [a, b, c] = [gFormula, ipw, aipw].map(
          (estimate) => accepted(estimate({ cells, target })).difference,
        )
        for (const other of [b, c]) {
          expect(other?.value).toBeCloseTo(a?.value ?? Number.NaN, 10)
          expect(other?.se).toBeCloseTo(a?.se ?? Number.NaN, 10)
        }
      }),
    )
  })
  it('a right propensity corrects any outcome model, and a right outcome model any propensity', () => {
    fc.assert(
      fc.property(strata, share, share, (list, wrong, guess) => {
        const cells = cellsOf(list)
        const truth = accepted(gFormula({ cells })).difference.value
        const models = (kind: 'propensity' | 'outcome') =>
          Object.fromEntries(
            list.map(({ n1, n0, p1, p0 }, i) => [
              `s${i}`,
              kind === 'propensity'
                ? { propensity: n1 / (n1 + n0), treatedMean: wrong, untreatedMean: guess }
                : { propensity: wrong, treatedMean: p1, untreatedMean: p0 },
            ]),
          )
        for (const kind of ['propensity', 'outcome'] as const)
          expect(accepted(aipw({ cells, models: models(kind) })).difference.value).toBeCloseTo(truth, 9)
      }),
    )
  })
  it('cells may be split in any way', () => {
    fc.assert(
      fc.property(strata, (list) => {
        const cells = cellsOf(list)
        const halves = cells.flatMap((cell) =>
          [cell, cell].map((c) => ({ ...c, n: c.n / 2, sum: c.sum / 2, sumOfSquares: c.sumOfSquares / 2 })),
        )
        const [one, two] = [accepted(aipw({ cells })), accepted(aipw({ cells: halves }))]
        expect(two.difference.value).toBeCloseTo(one.difference.value, 10)
        expect(two.difference.se).toBeCloseTo(one.difference.se, 10)
      }),
    )
  })
  it('strata with one side are refused, or left out and counted', () => {
    const cells = [
      ...cellsOf([{ n1: 10, n0: 10, p1: 0.5, p0: 0.4 }]),
      { stratum: 'alone', treated: true, n: 20, sum: 10, sumOfSquares: 10 },
    ]
    expect(gFormula({ cells })).toMatchObject({
      refused: 'empty-cell',
      reason: expect.stringContaining('"alone"'),
    })
    expect(accepted(gFormula({ cells, overlap: 'restrict' })).dropped).toBeCloseTo(0.5, 12)
  })
  it('trimming bounds propensities and counts rows', () => {
    const cells = cellsOf([
      { n1: 10, n0: 10, p1: 0.5, p0: 0.4 },
      { n1: 10, n0: 30, p1: 0.5, p0: 0.4 },
    ])
    const propensities = { s0: 0.5, s1: 0.001 }
    expect(accepted(ipw({ cells, propensities, trim: 0.05 })).trimmed).toBe(40)
    expect(accepted(ipw({ cells, propensities })).trimmed).toBe(0)
  })
  it('covers the planted effect under confounding in about 95 of 100 samples', () => {
    const random = seeded(5)
    let covered = 0
    const runs = 300
    for (let run = 0; run < runs; run++) {
      const cells = [0.2, 0.5, 0.8].flatMap((propensity, s) => {
        const n1 = 20 + random.binomial(200, propensity)
        const n0 = 260 - n1
        return [n0, n1].map((n, treated) => {
          const sum = random.binomial(n, 0.1 + 0.2 * s + 0.1 * treated)
          return { stratum: String(s), treated: treated === 1, n, sum, sumOfSquares: sum }
        })
      })
      const { low, high } = accepted(aipw({ cells })).difference
      if (low <= 0.1 && 0.1 <= high) covered++
    }
    expect(covered / runs).toBeGreaterThan(0.915)
    expect(covered / runs).toBeLessThan(0.985)
  })
})

describe('difference-in-differences', () => {
  const panel = (seed: number, effect: number, clusters = 12) => {
    const random = seeded(seed)
    return Array.from({ length: clusters }, (_, c) => {
      const level = random.normal(40, 5)
      return [1, 2, 3, 4].map((period) => {
        const drift = random.normal(0, 1)
        const mean = level + 2 * period + drift + (c < clusters / 2 && period >= 3 ? effect : 0)
        return { cluster: `store ${c}`, period, n: 50, sum: 50 * mean }
      })
    }).flat()
  }
  const treated = Array.from({ length: 6 }, (_, c) => `store ${c}`)
  it('what is common to all, and levels of clusters, do not matter', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: -50, max: 50, noNaN: true }),
        (seed, common) => {
          const cells = panel(seed, 3)
          const moved = cells.map((cell) => ({
            ...cell,
            sum: cell.sum + cell.n * (common * cell.period + cell.cluster.length),
          }))
          const [a, b] = [cells, moved].map((list) =>
            accepted(differenceInDifferences({ cells: list, treated, start: 3 })),
          )
          expect(b?.effect.value).toBeCloseTo(a?.effect.value ?? Number.NaN, 6)
          expect(b?.effect.se).toBeCloseTo(a?.effect.se ?? Number.NaN, 6)
        },
      ),
      { numRuns: 30 },
    )
  })
  it('holds its level when nothing happened: 95 % intervals miss 0 in about 5 of 100 panels', () => {
    const runs = 400
    let missed = 0
    for (let seed = 1; seed <= runs; seed++) {
      const { effect } = accepted(differenceInDifferences({ cells: panel(seed, 0), treated, start: 3 }))
      if (effect.low > 0 || effect.high < 0) missed++
    }
    expect(missed / runs).toBeGreaterThan(0.02)
    expect(missed / runs).toBeLessThan(0.085)
  })
  it('the pre-trend test sees groups that drifted apart before', () => {
    const apart = panel(3, 0).map((cell) => ({
      ...cell,
      sum: cell.sum + (treated.includes(cell.cluster) ? 6 * cell.n * cell.period : 0),
    }))
    const sane = accepted(differenceInDifferences({ cells: panel(3, 0), treated, start: 3 }))
    const drift = accepted(differenceInDifferences({ cells: apart, treated, start: 3 }))
    expect(sane.preTrend?.p).toBeGreaterThan(0.05)
    expect(drift.preTrend?.p).toBeLessThan(0.01)
    expect(drift.periods.map(({ effect }) => effect === null)).toEqual([false, true, false, false])
  })
  it('one period before treatment leaves no pre-trend to test', () => {
    const cells = panel(3, 1).filter(({ period }) => period > 1)
    expect(accepted(differenceInDifferences({ cells, treated, start: 3 })).preTrend).toBeNull()
  })
})

describe('interrupted series', () => {
  it('recovers a planted jump and bend under a season', () => {
    const random = seeded(8)
    const values = Array.from({ length: 72 }, (_, t) => {
      const after = t >= 40 ? 6 + 0.5 * (t - 40) : 0
      return 20 + 0.3 * t + ([0, 2, 5, 1][t % 4] ?? 0) + after + random.normal(0, 0.4)
    })
    const { level, slope, after } = accepted(interruptedSeries({ values, start: 40, season: 4 }))
    expect(Math.abs(level.value - 6)).toBeLessThan(3.5 * level.se)
    expect(Math.abs(slope.value - 0.5)).toBeLessThan(3.5 * slope.se)
    expect(after).toHaveLength(32)
  })
})

describe('double machine learning', () => {
  const table = (seed: number, scale: number) => {
    const random = seeded(seed)
    const rows = Array.from({ length: 400 }, (_, i) => {
      const [u, v] = [random.normal(), random.normal()]
      const d = u + v + random.normal()
      return { values: [2 * d + 3 * u - v + random.normal(), d, scale * u + 1e4, v], bucket: i % 40 }
    })
    return accepted(momentsFromRows({ variables: ['y', 'd', 'u', 'v'], rows }))
  }
  it('recovers the effect, whatever unit and origin the controls have', () => {
    const [a, b] = [1, 1e5].map((scale) =>
      accepted(doubleMachineLearning({ moments: table(2, scale), outcome: 'y', treatment: 'd' })),
    )
    expect(Math.abs((a?.value ?? 0) - 2)).toBeLessThan(3.5 * (a?.se ?? 0))
    expect(b?.value).toBeCloseTo(a?.value ?? Number.NaN, 8)
  })
})

describe('placebo runs', () => {
  const units = Array.from({ length: 24 }, (_, i) => `u${i}`)
  it('with too many assignments to try all it samples, repeatably', () => {
    const estimate = (treated: readonly string[]) =>
      treated.reduce((sum, unit) => sum + Number(unit.slice(1)), 0) / treated.length - 11.5
    const options = { units, treated: units.slice(-8), estimate, runs: 200, seed: 4 }
    const [one, two] = [accepted(placeboRuns(options)), accepted(placeboRuns(options))]
    expect(one).toEqual(two)
    expect(one).toMatchObject({ exact: false, p: 1 / 201 })
  })
  it('counts reassignments that the estimator refuses', () => {
    const refusal: Refusal = { refused: 'too-few', reason: '[test] no.' }
    const small = units.slice(0, 6)
    const estimate = (treated: readonly string[]) => (treated.includes('u5') ? refusal : 1)
    expect(placeboRuns({ units: small, treated: ['u0'], estimate, runs: 5, seed: 1 })).toMatchObject({
      refused: 1,
      p: 1,
    })
  })
})

describe('PC', () => {
  /** Correlations of a linear model with standardised noise. */
  const correlationsOf = (effects: readonly (readonly number[])[]) => {
    const covariance: number[][] = []
    for (const [i, row] of effects.entries()) {
      const with_ = Array.from({ length: i }, (_, j) =>
        row.reduce((sum, b, k) => sum + b * (covariance[Math.max(k, j)]?.[Math.min(k, j)] ?? 0), 0),
      )
      covariance.push([...with_, row.reduce((sum, b, k) => sum + b * (with_[k] ?? 0), 0) + 1])
    }
    const at = (i: number, j: number) => covariance[Math.max(i, j)]?.[Math.min(i, j)] ?? 0
    return effects.map((_, i) =>
      effects.map((_, j) => (i === j ? 1 : at(i, j) / Math.sqrt(at(i, i) * at(j, j)))),
    )
  }
  const variables = ['price', 'wait', 'mood', 'score', 'spend']
  // price → mood ← wait, mood → score → spend
  const correlation = correlationsOf([[], [0], [0.7, -0.6], [0, 0, 0.9], [0, 0, 0, 0.8]])
  const names = (graph: ReturnType<typeof pcSkeleton>) =>
    accepted(graph).edges.map(({ from, to, directed }) => `${from}${directed ? '→' : '–'}${to}`)
  it('finds the graph of exact correlations, arrows after a collider included', () => {
    expect(names(pcSkeleton({ variables, correlation, threshold: 1e-6 })).sort()).toEqual(
      ['price→mood', 'wait→mood', 'mood→score', 'score→spend'].sort(),
    )
  })
  it('does not depend on the order of the variables', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (order) => {
        const shuffled = pcSkeleton({
          variables: order.map((i) => variables[i] ?? ''),
          correlation: order.map((i) => order.map((j) => correlation[i]?.[j] ?? 0)),
          threshold: 1e-6,
        })
        expect(names(shuffled).sort()).toEqual(
          names(pcSkeleton({ variables, correlation, threshold: 1e-6 })).sort(),
        )
      }),
    )
  })
  it('tiers orient what data cannot', () => {
    const chain = correlationsOf([[], [0.8], [0, 0.8]])
    const three = ['a', 'b', 'c']
    expect(names(pcSkeleton({ variables: three, correlation: chain }))).toEqual(['a–b', 'b–c'])
    expect(names(pcSkeleton({ variables: three, correlation: chain, tiers: [3, 2, 1] }))).toEqual([
      'b→a',
      'c→b',
    ])
  })
  it('by significance, few rows keep fewer edges', () => {
    const few = accepted(pcSkeleton({ variables, correlation, alpha: 0.01, n: 12 })).edges.length
    const many = accepted(pcSkeleton({ variables, correlation, alpha: 0.01, n: 5000 })).edges.length
    expect(few).toBeLessThan(many)
  })
})

describe('DirectLiNGAM', () => {
  it('a bootstrap is a coin where noise is Gaussian, and sure where it is not', () => {
    const random = seeded(11)
    const rows = (draw: () => number) =>
      Array.from({ length: 200 }, () => {
        const x = draw()
        return [x + draw(), x]
      })
    const variables = ['y', 'x']
    const frequency = (draw: () => number) =>
      accepted(directLingamBootstrap({ variables, rows: rows(draw), runs: 30, seed: 2 })).find(
        ({ from }) => from === 'x',
      )?.before ?? 0
    expect(frequency(() => random.uniform())).toBe(1)
    expect(frequency(() => random.normal())).toBeLessThan(1)
  })
})

describe('what cannot be computed is refused with a code and words', () => {
  const cell = (n: number, sum: number, sumOfSquares = sum) => ({ n, sum, sumOfSquares })
  const effect = (treated: boolean, n: number, sum: number, stratum = 's') => ({
    ...cell(n, sum),
    stratum,
    treated,
  })
  const sides = { before: cell(10, 5), after: cell(10, 6) }
  const cluster = (name: string, period: number, n = 5, sum = 9) => ({ cluster: name, period, n, sum })
  const panel = ['a', 'b', 'c', 'd'].flatMap((name, i) => [
    cluster(name, 1, 5, i),
    cluster(name, 2, 5, i * i),
  ])
  const did = (cells: typeof panel, treated = ['a', 'b'], start = 2) =>
    differenceInDifferences({ cells, treated, start })
  const series = Array.from({ length: 12 }, (_, t) => t + (t % 3))
  const moments = accepted(
    momentsFromRows({
      variables: ['y', 'd', 'x', 'twice x'],
      rows: Array.from({ length: 60 }, (_, i) => ({
        values: [i % 7, i % 5, i % 3, 2 * (i % 3)],
        bucket: i % 12,
      })),
    }),
  )
  const dml = (options: object) =>
    doubleMachineLearning({ moments, outcome: 'y', treatment: 'd', controls: ['x'], ...options })
  const pc = (correlation: number[][], options: object = {}) =>
    pcSkeleton({ variables: ['a', 'b', 'c'].slice(0, correlation.length), correlation, ...options })
  const rows = Array.from({ length: 40 }, (_, i) => [i % 7, (i * 3) % 11])
  const groups = (events: number, n: number) => ({
    groups: [
      { group: 'a', events, n },
      { group: 'b', events: 3, n: 9 },
    ],
  })
  const placebo = (options: object) =>
    placeboRuns({ units: 'abcdefg'.split(''), treated: ['a'], estimate: () => 1, seed: 1, ...options })
  it.each<[string, string, () => unknown]>([
    ['no cells', 'one-class', () => gFormula({ cells: [] })],
    ['nobody untreated', 'one-class', () => aipw({ cells: [effect(true, 5, 2)] })],
    ['a NaN sum', 'not-finite', () => aipw({ cells: [effect(true, 5, Number.NaN), effect(false, 5, 2)] })],
    ['a negative n', 'out-of-range', () => ipw({ cells: [effect(true, -5, 2), effect(false, 5, 2)] })],
    [
      'squares below the square of the sum',
      'out-of-range',
      () => gFormula({ cells: [{ ...effect(true, 2, 10), sumOfSquares: 1 }, effect(false, 5, 2)] }),
    ],
    [
      'an outcome without variance',
      'no-variance',
      () => aipw({ cells: [effect(true, 5, 0), effect(false, 5, 0)] }),
    ],
    [
      'a propensity of 1',
      'out-of-range',
      () => ipw({ cells: [effect(true, 5, 2), effect(false, 5, 2)], propensities: { s: 1 } }),
    ],
    [
      'a stratum without model',
      'mismatch',
      () => aipw({ cells: [effect(true, 5, 2), effect(false, 5, 2)], models: {} }),
    ],
    [
      'a side that no model predicts',
      'empty-cell',
      () =>
        aipw({
          cells: [effect(true, 5, 2), effect(false, 5, 2), effect(true, 3, 1, 't')],
          models: { s: {}, t: { propensity: 0.5 } },
        }),
    ],
    [
      'confidence 1',
      'out-of-range',
      () => gFormula({ cells: [effect(true, 5, 2), effect(false, 5, 2)], confidence: 1 }),
    ],
    [
      'a trim of ½',
      'out-of-range',
      () => aipw({ cells: [effect(true, 5, 2), effect(false, 5, 2)], trim: 0.5 }),
    ],
    [
      'a sample of one',
      'too-few',
      () => didOfMeans({ treated: { ...sides, after: cell(1, 1) }, control: sides }),
    ],
    [
      'four constant samples',
      'no-variance',
      () =>
        didOfMeans({
          treated: { before: cell(5, 0), after: cell(5, 0) },
          control: { before: cell(5, 0), after: cell(5, 0) },
        }),
    ],
    ['one treated cluster', 'too-few', () => did(panel, ['a'])],
    ['no period before', 'too-few', () => did(panel, ['a', 'b'], 1)],
    ['a period that a group misses', 'empty-cell', () => did([...panel, cluster('a', 3)])],
    ['a NaN cluster sum', 'not-finite', () => did([...panel, cluster('a', 2, 5, Number.NaN)])],
    ['clusters that change alike', 'no-variance', () => did(panel.map((c) => ({ ...c, sum: c.period })))],
    ['two values before', 'too-few', () => interruptedSeries({ values: series, start: 2 })],
    [
      'an infinite value',
      'not-finite',
      () => interruptedSeries({ values: [...series, Number.POSITIVE_INFINITY], start: 5 }),
    ],
    [
      'a straight line',
      'no-variance',
      () => interruptedSeries({ values: series.map((_, t) => 3 + 2 * t), start: 5 }),
    ],
    ['a constant series', 'no-variance', () => interruptedSeries({ values: series.map(() => 7), start: 5 })],
    [
      'a weight of 0',
      'no-weight',
      () => interruptedSeries({ values: series, start: 5, weights: series.map((_, t) => t) }),
    ],
    [
      'a season longer than the series',
      'too-few',
      () => interruptedSeries({ values: series, start: 5, season: 12 }),
    ],
    ['an unknown outcome', 'mismatch', () => dml({ outcome: 'z' })],
    ['one fold', 'out-of-range', () => dml({ folds: 1 })],
    ['more folds than buckets allow', 'too-few', () => dml({ folds: 10 })],
    ['collinear controls', 'singular', () => dml({ controls: ['x', 'twice x'] })],
    [
      'a treatment that controls determine',
      'no-variance',
      () => dml({ treatment: 'twice x', controls: ['x'] }),
    ],
    ['one variable', 'too-few', () => pc([[1]])],
    [
      'a NaN correlation',
      'not-finite',
      () =>
        pc([
          [1, Number.NaN],
          [Number.NaN, 1],
        ]),
    ],
    [
      'a matrix that is not symmetric',
      'out-of-range',
      () =>
        pc([
          [1, 0.2],
          [0.3, 1],
        ]),
    ],
    [
      'alpha without n',
      'too-few',
      () =>
        pc(
          [
            [1, 0.2],
            [0.2, 1],
          ],
          { alpha: 0.05 },
        ),
    ],
    [
      'copies of a variable',
      'singular',
      () =>
        pc([
          [1, 1, 0.5],
          [1, 1, 0.5],
          [0.5, 0.5, 1],
        ]),
    ],
    ['too few rows', 'too-few', () => directLingam({ variables: ['a', 'b'], rows: rows.slice(0, 9) })],
    [
      'a constant column',
      'singular',
      () => directLingam({ variables: ['a', 'b'], rows: rows.map(([a = 0]) => [a, 1]) }),
    ],
    [
      'a copied column',
      'singular',
      () => directLingam({ variables: ['a', 'b'], rows: rows.map(([a = 0]) => [a, 2 * a]) }),
    ],
    [
      'a NaN row',
      'not-finite',
      () => directLingam({ variables: ['a', 'b'], rows: [...rows, [Number.NaN, 1]] }),
    ],
    ['five runs', 'too-few', () => directLingamBootstrap({ variables: ['a', 'b'], rows, runs: 5, seed: 1 })],
    ['a ratio of 0', 'out-of-range', () => eValue({ value: 0 })],
    ['a limit above the value', 'out-of-range', () => eValue({ value: 2, low: 3, high: 4 })],
    ['one limit', 'mismatch', () => eValue({ value: 2, low: 1 })],
    ['a NaN ratio', 'not-finite', () => eValue({ value: Number.NaN })],
    ['an empty group', 'empty-cell', () => relativeRisks(groups(0, 0))],
    ['a group without events', 'one-class', () => relativeRisks(groups(0, 9))],
    ['one group', 'too-few', () => relativeRisks({ groups: [{ group: 'a', events: 1, n: 2 }] })],
    ['more events than n', 'out-of-range', () => relativeRisks(groups(10, 9))],
    ['an unknown treated unit', 'mismatch', () => placebo({ treated: ['z'] })],
    ['all treated', 'one-class', () => placebo({ treated: 'abcdefg'.split('') })],
    ['three units', 'too-few', () => placebo({ units: ['a', 'b', 'c'] })],
    ['an estimate of NaN', 'not-finite', () => placebo({ estimate: () => Number.NaN })],
  ])('%s: %s', (_, code, compute) => {
    const result = compute()
    expect(result).toMatchObject({ refused: code })
    expect(isRefusal(result) && result.reason).toMatch(/^\[\w+\] .{15,}\.$/)
  })
})
