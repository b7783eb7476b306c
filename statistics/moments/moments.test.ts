import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { isRefusal } from '#statistics/refusal.ts'
import {
  correlation,
  emMoments,
  mergeMoments,
  Moments,
  type MomentRow,
  momentsFromAggregates,
  momentsFromRows,
  subtractMoments,
  summarise,
} from './index.ts'

const variables = ['effort', 'price', 'stay']
const answer = fc.integer({ min: 0, max: 10 })
const maybe = fc.option(answer, { freq: 4 })
const row: fc.Arbitrary<MomentRow> = fc.record({
  values: fc.tuple(answer, maybe, maybe),
  weight: fc.integer({ min: 1, max: 5 }),
  bucket: fc.integer({ min: 0, max: 3 }),
})
const rowsOf = (min: number) => fc.array(row, { minLength: min, maxLength: 40 })

function expectSame(a: Moments, b: Moments): void {
  for (const missing of ['listwise', 'pairwise'] as const) {
    const [x, y] = [summarise({ moments: a, missing }), summarise({ moments: b, missing })]
    if (isRefusal(x) || isRefusal(y)) {
      expect(isRefusal(x) && x.refused).toBe(isRefusal(y) && y.refused)
      continue
    }
    expect(x.n).toBe(y.n)
    for (const i of variables.keys()) {
      expect(x.means[i]).toBeCloseTo(y.means[i] ?? 0, 9)
      for (const j of variables.keys()) expect(x.covariance[i]?.[j]).toBeCloseTo(y.covariance[i]?.[j] ?? 0, 9)
    }
  }
}

describe('moments are additive', () => {
  it('any split of the rows merges to the same table', () => {
    fc.assert(
      fc.property(rowsOf(2), fc.integer({ min: 0, max: 40 }), (rows, cut) => {
        const whole = accepted(momentsFromRows({ variables, rows }))
        const parts = [rows.slice(0, cut), rows.slice(cut)].map((part) =>
          accepted(momentsFromRows({ variables, rows: part })),
        )
        expectSame(accepted(mergeMoments(parts)), whole)
        expect(Moments.safeParse(whole).success).toBe(true)
      }),
    )
  })
  it('taking a part out leaves the rest', () => {
    fc.assert(
      fc.property(rowsOf(2), rowsOf(1), (rest, part) => {
        const whole = accepted(momentsFromRows({ variables, rows: [...rest, ...part] }))
        const left = subtractMoments({ whole, part: accepted(momentsFromRows({ variables, rows: part })) })
        expectSame(accepted(left), accepted(momentsFromRows({ variables, rows: rest })))
      }),
    )
  })
})

/** What `GROUP BY bucket, missing` gives, as BigInt. */
function aggregates(rows: readonly MomentRow[]) {
  const groups = Map.groupBy(rows, ({ values, bucket = 0 }) =>
    JSON.stringify([
      bucket,
      values.reduce<number>((mask, value, i) => (value === null ? mask + 2 ** i : mask), 0),
    ]),
  )
  return [...groups].map(([key, members]) => {
    const [bucket = 0, missing = 0] = JSON.parse(key) as number[]
    const sum = (of: (row: MomentRow, w: bigint) => bigint) =>
      members.reduce((s, m) => s + of(m, BigInt(m.weight ?? 1)), 0n)
    const at = (m: MomentRow, i: number) => BigInt(m.values[i] ?? 0)
    const pairs = variables.flatMap((_, i) =>
      variables.map((_, j) => [i, j] as const).filter(([a, b]) => b >= a),
    )
    return {
      bucket,
      missing,
      n: BigInt(members.length),
      weight: sum((_, w) => w),
      squaredWeight: sum((_, w) => w * w),
      sums: variables.map((_, i) => sum((m, w) => w * at(m, i))),
      products: pairs.map(([i, j]) => String(sum((m, w) => w * at(m, i) * at(m, j)))),
    }
  })
}

describe('moments from SQL aggregates', () => {
  it('equal moments from rows', () => {
    fc.assert(
      fc.property(rowsOf(1), (rows) => {
        expectSame(
          accepted(momentsFromAggregates({ variables, rows: aggregates(rows) })),
          accepted(momentsFromRows({ variables, rows })),
        )
      }),
    )
  })
  it('keep the variance of cents around a billion, where doubles lose it', () => {
    const cents = [100_000_000_001n, 100_000_000_002n, 100_000_000_006n]
    const sum = (of: (x: bigint) => bigint) => cents.reduce((s, x) => s + of(x), 0n)
    const moments = momentsFromAggregates({
      variables: ['cents'],
      rows: [{ n: 3, sums: [`${sum((x) => x)}.00`], products: [sum((x) => x * x)] }],
    })
    expect(accepted(summarise({ moments: accepted(moments) })).covariance[0]?.[0]).toBe(7)
  })
  it.each([
    ['text that is no number', [{ n: 1, sums: ['many'], products: [1] }], 'not-finite'],
    ['NaN', [{ n: 1, sums: [Number.NaN], products: [1] }], 'not-finite'],
    ['too few products', [{ n: 1, sums: [1], products: [] }], 'mismatch'],
    ['a negative n', [{ n: -1, sums: [1], products: [1] }], 'out-of-range'],
  ])('refuse %s', (_, rows, code) => {
    const result = momentsFromAggregates({ variables: ['x'], rows })
    expect(isRefusal(result) && result.refused).toBe(code)
  })
})

describe('EM', () => {
  it('without holes is the plain mean and the covariance divided by n', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(answer, answer, answer), { minLength: 8, maxLength: 40 }), (data) => {
        const moments = accepted(momentsFromRows({ variables, rows: data.map((values) => ({ values })) }))
        const em = emMoments({ moments })
        if (isRefusal(em)) {
          expect(['no-variance', 'singular']).toContain(em.refused)
          return
        }
        const plain = accepted(summarise({ moments }))
        expect(em.means[2]).toBeCloseTo(plain.means[2] ?? 0, 9)
        expect(em.covariance[0]?.[1]).toBeCloseTo(
          ((plain.covariance[0]?.[1] ?? 0) * (data.length - 1)) / data.length,
          9,
        )
      }),
    )
  })
  it('does not depend on the unit, the origin or the split into buckets', () => {
    const data = [
      [1, 2],
      [2, 3],
      [3, 5],
      [4, 6],
      [9, null],
      [null, 4],
      [7, 7],
    ] as const
    const table = (scale: number, shift: number, buckets: number) =>
      accepted(
        momentsFromRows({
          variables: ['x', 'y'],
          rows: data.map((values, i) => ({
            values: values.map((v) => (v === null ? null : v * scale + shift)),
            bucket: i % buckets,
          })),
        }),
      )
    const plain = accepted(emMoments({ moments: table(1, 0, 1) }))
    const other = accepted(emMoments({ moments: table(1e4, 1e7, 3) }))
    expect((other.means[1] ?? 0) / 1e4 - 1e3).toBeCloseTo(plain.means[1] ?? 0, 6)
    expect((other.covariance[0]?.[1] ?? 0) / 1e8).toBeCloseTo(plain.covariance[0]?.[1] ?? 0, 6)
  })
})

const table = (rows: readonly (readonly (number | null)[])[]) =>
  accepted(momentsFromRows({ variables: ['x', 'y'], rows: rows.map((values) => ({ values })) }))

describe('degenerate tables are refused', () => {
  it.each([
    ['no variables', momentsFromRows({ variables: [], rows: [] }), 'mismatch'],
    ['names that repeat', momentsFromRows({ variables: ['x', 'x'], rows: [] }), 'mismatch'],
    ['a short row', momentsFromRows({ variables: ['x', 'y'], rows: [{ values: [1] }] }), 'mismatch'],
    ['NaN', momentsFromRows({ variables: ['x'], rows: [{ values: [Number.NaN] }] }), 'not-finite'],
    [
      'a negative weight',
      momentsFromRows({ variables: ['x'], rows: [{ values: [1], weight: -1 }] }),
      'no-weight',
    ],
    ['no rows', summarise({ moments: table([]) }), 'too-few'],
    ['one row', summarise({ moments: table([[1, 2]]) }), 'too-few'],
    [
      'no complete rows',
      summarise({
        moments: table([
          [1, null],
          [null, 2],
          [2, null],
          [null, 3],
        ]),
      }),
      'too-few',
    ],
    [
      'a constant',
      correlation({
        moments: table([
          [1, 2],
          [1, 3],
          [1, 5],
        ]),
      }),
      'no-variance',
    ],
    [
      'a constant of odd tenths',
      correlation({
        moments: table([
          [0.1, 2],
          [0.1, 3],
          [0.1, 5],
        ]),
      }),
      'no-variance',
    ],
    [
      'a pair never known together',
      emMoments({
        moments: table([
          [1, null],
          [null, 2],
          [3, null],
          [null, 5],
        ]),
      }),
      'empty-cell',
    ],
    [
      'a constant in EM',
      emMoments({
        moments: table([
          [1, 2],
          [1, 3],
          [1, null],
        ]),
      }),
      'no-variance',
    ],
    [
      'dependent variables in EM',
      emMoments({
        moments: table([
          [1, 2],
          [2, 4],
          [3, 6],
          [4, null],
        ]),
      }),
      'singular',
    ],
    ['nothing to merge', mergeMoments([]), 'too-few'],
    [
      'a part that is no part',
      subtractMoments({
        whole: table([[1, 2]]),
        part: table([
          [1, 2],
          [2, 3],
        ]),
      }),
      'mismatch',
    ],
  ])('%s', (_, result, code) => {
    expect(isRefusal(result) && result.refused).toBe(code)
  })
  it('pairwise correlations that contradict each other', () => {
    const rows = [
      [1, 1, null],
      [2, 2, null],
      [3, 3, null],
      [4, 4.1, null],
      [1, null, 1],
      [2, null, 2],
      [3, null, 3],
      [4, null, 4.1],
      [null, 1, 4],
      [null, 2, 3],
      [null, 3, 2],
      [null, 4, 1.1],
    ].map((values) => ({ values }))
    const result = correlation({
      moments: accepted(momentsFromRows({ variables, rows })),
      missing: 'pairwise',
    })
    expect(isRefusal(result) && result.refused).toBe('singular')
  })
})
