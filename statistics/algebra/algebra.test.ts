import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { isRefusal } from '#statistics/refusal.ts'
import { cholesky, dot, inverse, leastSquares, neumaierSum, solve, symmetricEigen } from './index.ts'

const entry = fc.double({ min: -10, max: 10, noNaN: true })
const square = (n: number) =>
  fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: n, maxLength: n })

function times(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) =>
    (b[0] ?? []).map((_, j) =>
      dot(
        row,
        b.map((other) => other[j] ?? 0),
      ),
    ),
  )
}

function transposed(a: readonly (readonly number[])[]): number[][] {
  return (a[0] ?? []).map((_, j) => a.map((row) => row[j] ?? 0))
}

/** A Aᵀ + 1: symmetric and positive definite. */
const definite = square(4).map((a) =>
  times(a, transposed(a)).map((row, i) => row.map((v, j) => v + (i === j ? 1 : 0))),
)

function expectClose(
  got: readonly (readonly number[])[],
  want: readonly (readonly number[])[],
  tolerance: number,
): void {
  for (const [i, row] of want.entries())
    for (const [j, value] of row.entries())
      expect(Math.abs((got[i]?.[j] ?? Number.NaN) - value)).toBeLessThan(tolerance)
}

const identity = (n: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)))

describe('decompositions put the matrix together again', () => {
  it('A · A⁻¹ is the identity', () => {
    fc.assert(fc.property(definite, (a) => expectClose(times(a, accepted(inverse(a))), identity(4), 1e-7)))
  })
  it('L Lᵀ is A', () => {
    fc.assert(
      fc.property(definite, (a) => {
        const l = accepted(cholesky(a))
        expectClose(times(l, transposed(l)), a, 1e-9)
      }),
    )
  })
  it('eigenvalues fall, eigenvectors are orthonormal, V D Vᵀ is A', () => {
    fc.assert(
      fc.property(definite, (a) => {
        const { values, vectors } = accepted(symmetricEigen(a))
        expect([...values].sort((x, y) => y - x)).toEqual(values)
        expectClose(times(transposed(vectors), vectors), identity(4), 1e-10)
        const scaled = vectors.map((row) => row.map((v, k) => v * (values[k] ?? 0)))
        expectClose(times(scaled, transposed(vectors)), a, 1e-9)
      }),
    )
  })
  it('solves equations whose units differ by twenty powers of ten', () => {
    const x = accepted(
      solve(
        [
          [2e10, 1e10],
          [1e-10, 3e-10],
        ],
        [3e10, 5e-10],
      ),
    )
    expect(x[0]).toBeCloseTo(0.8, 12)
    expect(x[1]).toBeCloseTo(1.4, 12)
  })
})

describe('least squares', () => {
  it('leaves residuals that are orthogonal to every column, under weights too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(entry, entry, fc.double({ min: 0.1, max: 5, noNaN: true })), {
          minLength: 6,
          maxLength: 30,
        }),
        (rows) => {
          const x = rows.map(([a], i) => [1, a + i])
          const weights = rows.map(([, , w]) => w)
          const fit = leastSquares({ x, y: rows.map(([, y]) => y), weights })
          if (isRefusal(fit)) return
          for (const j of [0, 1])
            expect(
              Math.abs(neumaierSum(fit.residuals.map((e, i) => e * (weights[i] ?? 0) * (x[i]?.[j] ?? 0)))),
            ).toBeLessThan(1e-6)
        },
      ),
    )
  })
  it('meets the hand-computed covariance of a straight line', () => {
    const fit = accepted(
      leastSquares({
        x: [
          [1, 0],
          [1, 1],
          [1, 2],
          [1, 3],
        ],
        y: [1, 2, 2, 4],
      }),
    )
    expect(fit.coefficients[1]).toBeCloseTo(0.9, 12)
    expect(fit.residualSumOfSquares).toBeCloseTo(0.7, 12)
    expectClose(
      fit.inverseGram,
      [
        [0.7, -0.3],
        [-0.3, 0.2],
      ],
      1e-12,
    )
  })
})

describe('compensated sums', () => {
  it('keep what plain addition loses', () => {
    expect(neumaierSum([1, 1e100, 1, -1e100])).toBe(2)
    expect(dot([1e8, 1, -1e8], [1e8, 1, 1e8])).toBe(1)
  })
})

describe('singular or misshapen input is refused', () => {
  it.each([
    [
      'a zero row',
      solve(
        [
          [0, 0],
          [1, 1],
        ],
        [1, 2],
      ),
      'singular',
    ],
    [
      'dependent rows',
      inverse([
        [1, 2],
        [2, 4],
      ]),
      'singular',
    ],
    [
      'not square',
      inverse([
        [1, 2, 3],
        [4, 5, 6],
      ]),
      'mismatch',
    ],
    ['an empty matrix', symmetricEigen([]), 'too-few'],
    [
      'NaN',
      solve(
        [
          [1, Number.NaN],
          [0, 1],
        ],
        [1, 2],
      ),
      'not-finite',
    ],
    [
      'not symmetric',
      symmetricEigen([
        [1, 2],
        [0, 1],
      ]),
      'mismatch',
    ],
    [
      'not definite',
      cholesky([
        [1, 2],
        [2, 1],
      ]),
      'singular',
    ],
    [
      'a copied column',
      leastSquares({
        x: [
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        y: [1, 2, 3],
      }),
      'singular',
    ],
    ['fewer rows than columns', leastSquares({ x: [[1, 2]], y: [1] }), 'too-few'],
    ['weights of 0', leastSquares({ x: [[1], [1]], y: [1, 2], weights: [0, 0] }), 'out-of-range'],
  ])('%s', (_, result, code) => {
    expect(isRefusal(result) && result.refused).toBe(code)
  })
})
