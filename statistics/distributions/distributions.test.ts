import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { isRefusal } from '#statistics/refusal.ts'
import * as distributions from './index.ts'
import * as gammaFunction from './raw/gamma-function.ts'
import * as incompleteBeta from './raw/incomplete-beta.ts'
import * as incompleteGamma from './raw/incomplete-gamma.ts'
import * as normal from './raw/normal.ts'
import * as student from './raw/student.ts'

const kernel: Record<string, (...args: number[]) => number> = {
  ...normal,
  ...gammaFunction,
  ...student,
  gammaLower: incompleteGamma.gammaLower,
  gammaUpper: incompleteGamma.gammaUpper,
  betaLower: incompleteBeta.betaLower,
  betaUpper: incompleteBeta.betaUpper,
}
const frozen = JSON.parse(readFileSync(new URL('./raw/mpmath.frozen.json', import.meta.url), 'utf8')) as [
  string,
  number[],
  string,
][]

describe('the kernel agrees with forty-digit arithmetic to twelve digits', () => {
  it.each([...new Set(frozen.map(([name]) => name))])('%s', (name) => {
    for (const [, args, want] of frozen.filter((row) => row[0] === name))
      expect(
        Math.abs((kernel[name]?.(...args) ?? 0) / Number(want) - 1),
        `${name}(${args.join(', ')})`,
      ).toBeLessThan(1e-12)
  })
})

const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })
const positive = (max: number) => fc.double({ min: 0.5, max, noNaN: true })

describe('a quantile undoes its distribution function', () => {
  it('normal', () => {
    fc.assert(
      fc.property(probability, (p) => {
        expect(accepted(distributions.normalCdf(accepted(distributions.normalQuantile(p))))).toBeCloseTo(
          p,
          13,
        )
      }),
    )
  })
  it('t, χ², F, gamma and beta', () => {
    fc.assert(
      fc.property(probability, positive(300), positive(300), (p, a, b) => {
        const t = accepted(distributions.tQuantile(p, a))
        expect(accepted(distributions.tCdf(t, a))).toBeCloseTo(p, 11)
        const x = accepted(distributions.chiSquareQuantile(p, a))
        expect(accepted(distributions.chiSquareCdf(x, a))).toBeCloseTo(p, 11)
        const f = accepted(distributions.fQuantile({ p, df1: a, df2: b }))
        expect(accepted(distributions.fCdf({ f, df1: a, df2: b }))).toBeCloseTo(p, 11)
        const g = accepted(distributions.gammaQuantile({ p, shape: a, rate: b }))
        expect(accepted(distributions.gammaCdf({ x: g, shape: a, rate: b }))).toBeCloseTo(p, 11)
      }),
    )
  })
  it('binomial and Poisson give the least count', () => {
    fc.assert(
      fc.property(
        probability,
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (probability, n, p) => {
          const k = accepted(distributions.binomialQuantile({ probability, n, p }))
          expect(accepted(distributions.binomialCdf({ k, n, p }))).toBeGreaterThanOrEqual(probability)
          if (k > 0) expect(accepted(distributions.binomialCdf({ k: k - 1, n, p }))).toBeLessThan(probability)
          const c = accepted(distributions.poissonQuantile(probability, n * p))
          expect(accepted(distributions.poissonCdf(c, n * p))).toBeGreaterThanOrEqual(probability)
          if (c > 0) expect(accepted(distributions.poissonCdf(c - 1, n * p))).toBeLessThan(probability)
        },
      ),
    )
  })
})

it('binomial masses sum to the distribution function, and both tails to one', () => {
  for (const [n, p] of [
    [1, 0.5],
    [25, 0.03],
    [300, 0.71],
  ] as const) {
    let sum = 0
    for (let k = 0; k <= n; k++) {
      sum += accepted(distributions.binomialPmf({ k, n, p }))
      expect(accepted(distributions.binomialCdf({ k, n, p }))).toBeCloseTo(sum, 12)
      expect(accepted(distributions.binomialUpper({ k, n, p }))).toBeCloseTo(1 - sum, 12)
    }
  }
})

describe('arguments outside their definition are refused in words', () => {
  it.each([
    ['NaN', distributions.normalCdf(Number.NaN), 'not-finite'],
    ['infinite z', distributions.normalUpper(Infinity), 'not-finite'],
    ['p of 0', distributions.normalQuantile(0), 'out-of-range'],
    ['p of 1', distributions.tQuantile(1, 5), 'out-of-range'],
    ['df of 0', distributions.tCdf(1, 0), 'out-of-range'],
    ['negative x', distributions.chiSquareCdf(-1, 3), 'out-of-range'],
    ['share of 1.2', distributions.betaCdf({ x: 1.2, a: 1, b: 1 }), 'out-of-range'],
    ['shape of 0', distributions.gammaQuantile({ p: 0.5, shape: 0 }), 'out-of-range'],
    ['k above n', distributions.binomialPmf({ k: 3, n: 2, p: 0.5 }), 'out-of-range'],
    ['half a count', distributions.poissonCdf(0.5, 3), 'out-of-range'],
  ])('%s', (_, result, code) => {
    expect(isRefusal(result) && result.refused).toBe(code)
    expect(isRefusal(result) && result.reason).toMatch(/^\[\w+\] .+; .+\.$/)
  })
})
