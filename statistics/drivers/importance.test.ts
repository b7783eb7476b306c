/** What must hold for importance weights whatever the data: sums, relabelling, groups, and refusals in words. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { isRefusal } from '#statistics/refusal.ts'

import { collinearity } from './collinearity.ts'
import type { Correlations } from './correlations.ts'
import { dominance } from './dominance.ts'
import { driverSigns } from './driver-signs.ts'
import { firstLastPratt } from './first-last-pratt.ts'
import { lmg } from './lmg.ts'
import { attitudeRows, azenBudescu, correlationsOfRows } from './published-correlations.ts'
import { relativeWeights } from './relative-weights.ts'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** Correlations of p drivers and an outcome, drawn from random factor loadings so that they are always consistent. */
const correlations = (p: number) =>
  fc
    .array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
      minLength: p + 1,
      maxLength: p + 1,
    })
    .map((loadings): Correlations => {
      const unit = loadings.map((row) => {
        const length = Math.hypot(...row, 0.7)
        return row.map((value) => value / length)
      })
      const r = unit.map((a, i) =>
        unit.map((b, j) => (i === j ? 1 : sum(a.map((value, k) => value * (b[k] ?? 0))))),
      )
      return { drivers: r.slice(0, p).map((row) => row.slice(0, p)), outcome: (r[p] ?? []).slice(0, p) }
    })

/** The definition itself, over all orders of entry. */
function lmgByOrders({ drivers, outcome }: Correlations): number[] {
  const p = outcome.length
  const weights = outcome.map(() => 0)
  const orders = permutations(p)
  for (const order of orders)
    for (let k = 0; k < p; k++) {
      const gain =
        rSquared(drivers, outcome, order.slice(0, k + 1)) - rSquared(drivers, outcome, order.slice(0, k))
      const driver = order[k] ?? 0
      weights[driver] = (weights[driver] ?? 0) + gain / orders.length
    }
  return weights
}

function permutations(p: number): number[][] {
  if (p === 0) return [[]]
  return permutations(p - 1).flatMap((rest) =>
    Array.from({ length: p }, (_, at) => rest.toSpliced(at, 0, p - 1)),
  )
}

function rSquared(
  drivers: Correlations['drivers'],
  outcome: readonly number[],
  subset: readonly number[],
): number {
  if (subset.length === 0) return 0
  const part = {
    drivers: subset.map((i) => subset.map((j) => drivers[i]?.[j] ?? 0)),
    outcome: subset.map((i) => outcome[i] ?? 0),
  }
  return sum(accepted(firstLastPratt(part)).pratt)
}

describe('LMG', () => {
  it('is the mean gain over all orders of entry', () => {
    fc.assert(
      fc.property(correlations(4), (input) => {
        const byOrders = lmgByOrders(input)
        for (const [i, weight] of accepted(lmg(input)).weights.entries())
          expect(weight).toBeCloseTo(byOrders[i] ?? 0, 10)
      }),
      { numRuns: 40 },
    )
  })

  it('sums to R², is never negative and follows a relabelling of the drivers', () => {
    fc.assert(
      fc.property(correlations(7), (input) => {
        const result = accepted(lmg(input))
        expect(sum(result.weights)).toBeCloseTo(result.rSquared, 11)
        expect(Math.min(...result.weights)).toBeGreaterThanOrEqual(0)
        const order = [3, 0, 6, 1, 5, 2, 4]
        const relabelled = accepted(
          lmg({
            drivers: order.map((i) => order.map((j) => input.drivers[i]?.[j] ?? 0)),
            outcome: order.map((i) => input.outcome[i] ?? 0),
          }),
        )
        for (const [at, i] of order.entries())
          expect(relabelled.weights[at]).toBeCloseTo(result.weights[i] ?? 0, 11)
      }),
    )
  })

  it('is general dominance, and first and last are its outermost levels', () => {
    fc.assert(
      fc.property(correlations(5), (input) => {
        const { general, conditional } = accepted(dominance(input))
        const { first, last } = accepted(firstLastPratt(input))
        for (const [i, weight] of accepted(lmg(input)).weights.entries()) {
          expect(general[i]).toBeCloseTo(weight, 11)
          expect(sum(conditional.map((row) => row[i] ?? 0)) / 5).toBeCloseTo(weight, 11)
          expect(conditional[0]?.[i]).toBeCloseTo(first[i] ?? 0, 11)
          expect(conditional[4]?.[i]).toBeCloseTo(last[i] ?? 0, 9)
        }
      }),
    )
  })

  it('gives groups of one the weights of single drivers, and one group of all drivers the whole R²', () => {
    fc.assert(
      fc.property(correlations(6), (input) => {
        const single = accepted(lmg(input))
        const ones = accepted(lmg({ ...input, groups: [[2], [0], [5], [1], [3], [4]] }))
        for (const [at, i] of [2, 0, 5, 1, 3, 4].entries())
          expect(ones.weights[at]).toBeCloseTo(single.weights[i] ?? 0, 11)
        const whole = accepted(lmg({ ...input, groups: [[0, 1, 2, 3, 4, 5]] }))
        expect(whole.weights[0]).toBeCloseTo(single.rSquared, 11)
        const halves = accepted(
          lmg({
            ...input,
            groups: [
              [4, 0, 2],
              [3, 1, 5],
            ],
          }),
        )
        expect(sum(halves.weights)).toBeCloseTo(single.rSquared, 11)
      }),
    )
  })

  it('of groups is the mean gain over all orders in which whole groups enter', () => {
    const groups = [[4, 0], [1, 2, 5], [3]]
    fc.assert(
      fc.property(correlations(6), (input) => {
        const want = groups.map(() => 0)
        const orders = permutations(groups.length)
        for (const order of orders)
          for (const [at, group] of order.entries()) {
            const before = order.slice(0, at).flatMap((g) => groups[g] ?? [])
            const after = [...before, ...(groups[group] ?? [])]
            const gain =
              rSquared(input.drivers, input.outcome, after) - rSquared(input.drivers, input.outcome, before)
            want[group] = (want[group] ?? 0) + gain / orders.length
          }
        for (const [g, weight] of accepted(lmg({ ...input, groups })).weights.entries())
          expect(weight).toBeCloseTo(want[g] ?? 0, 10)
      }),
      { numRuns: 30 },
    )
  })

  it('keeps controls out of the weights: what is left sums to the R² beyond them', () => {
    const input = correlationsOfRows(attitudeRows)
    const alone = accepted(firstLastPratt(input)).first[0] ?? 0
    const result = accepted(lmg({ ...input, given: [0] }))
    expect(result.weights).toHaveLength(5)
    expect(sum(result.weights)).toBeCloseTo(result.rSquared - alone, 11)
  })
})

describe('dominance of attitude', () => {
  it('holds completely for complaints over all, learning over all but complaints, privileges and raises over critical', () => {
    const { completeOver } = accepted(dominance(correlationsOfRows(attitudeRows)))
    const pairs = completeOver.flatMap((row, i) => row.flatMap((beats, j) => (beats ? [`${i}>${j}`] : [])))
    expect(pairs).toEqual(['0>1', '0>2', '0>3', '0>4', '0>5', '1>4', '2>1', '2>3', '2>4', '2>5', '3>4'])
  })
})

describe('relative weights', () => {
  it('sum to R² and stay at or above 0', () => {
    fc.assert(
      fc.property(correlations(8), (input) => {
        const { weights, rSquared: total } = accepted(relativeWeights(input))
        expect(sum(weights)).toBeCloseTo(total, 11)
        expect(total).toBeCloseTo(accepted(lmg(input)).rSquared, 10)
        expect(Math.min(...weights)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('carry standard errors that shrink with n', () => {
    const small = accepted(relativeWeights({ ...azenBudescu, n: 50 })).se ?? []
    const large = accepted(relativeWeights({ ...azenBudescu, n: 5000 })).se ?? []
    for (const [i, se] of small.entries()) expect(large[i]).toBeLessThan(se / 5)
  })
})

describe('what cannot be weighed is refused in words', () => {
  const two = (r: number, outcome = [0.5, 0.4]) => ({
    drivers: [
      [1, r],
      [r, 1],
    ],
    outcome,
  })
  const cases: [string, Correlations, string][] = [
    ['no driver', { drivers: [], outcome: [] }, 'too-few'],
    ['NaN', two(Number.NaN), 'not-finite'],
    ['an infinite correlation', two(0.2, [Infinity, 0]), 'not-finite'],
    ['a correlation above 1', two(1.4), 'out-of-range'],
    [
      'a matrix that is not symmetric',
      {
        drivers: [
          [1, 0.2],
          [0.3, 1],
        ],
        outcome: [0.1, 0.1],
      },
      'out-of-range',
    ],
    ['a covariance instead of a correlation', { drivers: [[4]], outcome: [0.5] }, 'out-of-range'],
    ['copies', two(1), 'singular'],
    ['shapes that disagree', { drivers: [[1]], outcome: [0.2, 0.3] }, 'mismatch'],
    ['an outcome explained by more than all of it', two(0, [0.9, 0.9]), 'out-of-range'],
    [
      'pairwise correlations that contradict each other',
      {
        drivers: [
          [1, 0.9, -0.9],
          [0.9, 1, 0.9],
          [-0.9, 0.9, 1],
        ],
        outcome: [0, 0, 0],
      },
      'singular',
    ],
  ]
  it.each(cases)('%s', (_name, input, code) => {
    for (const method of [lmg, dominance, relativeWeights, firstLastPratt, driverSigns]) {
      const result = method(input)
      expect(isRefusal(result) && result.refused).toBe(code)
    }
  })

  it('copies have no variance inflation factor', () => {
    expect(
      collinearity([
        [1, 1],
        [1, 1],
      ]),
    ).toMatchObject({ refused: 'singular' })
  })

  it('groups that are no partition, too many drivers, and an n below the number of drivers', () => {
    expect(
      lmg({
        ...azenBudescu,
        groups: [
          [0, 1],
          [1, 2, 3],
        ],
      }),
    ).toMatchObject({ refused: 'mismatch' })
    expect(lmg({ ...azenBudescu, groups: [[0, 1, 2, 3], []] })).toMatchObject({ refused: 'too-few' })
    expect(lmg({ ...azenBudescu, given: [0, 1, 2, 3] })).toMatchObject({ refused: 'too-few' })
    expect(relativeWeights({ ...azenBudescu, n: 5 })).toMatchObject({ refused: 'too-few' })
    const many = Array.from({ length: 25 }, (_, i) => i)
    const identity = many.map((i) => many.map((j) => (i === j ? 1 : 0)))
    expect(lmg({ drivers: identity, outcome: many.map(() => 0.1) })).toMatchObject({
      refused: 'out-of-range',
    })
  })
})

it('a driver whose sign turns among the others is flagged', () => {
  const signs = accepted(driverSigns(azenBudescu))
  expect(signs.map((sign) => sign.agree)).toEqual([true, false, true, true])
})
