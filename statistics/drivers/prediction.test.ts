/** Logit models and what judges predictions: agreement of cells with rows, invariants, refusals. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { seeded } from '#statistics/random/index.ts'

import { auc } from './auc.ts'
import { brier } from './brier.ts'
import { calibration } from './calibration.ts'
import { isotonic, isotonicProbability } from './isotonic.ts'
import { lift } from './lift.ts'
import { logistic, logit, type BinomialCell } from './logit.ts'
import { ordinalLogit, ordinalProbabilities } from './ordinal-logit.ts'
import { platt, plattProbability } from './platt.ts'

const scored = fc.array(
  fc.record({
    score: fc.integer({ min: 1, max: 19 }).map((k) => k / 20),
    positives: fc.integer({ min: 0, max: 9 }),
    negatives: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 2, maxLength: 20 },
)
const bothClasses = scored.filter(
  (cells) => cells.some((cell) => cell.positives > 0) && cells.some((cell) => cell.negatives > 0),
)

describe('binary logit', () => {
  it('recovers planted effects within three standard errors', () => {
    const random = seeded(21)
    const cells = Array.from({ length: 4000 }, (): BinomialCell => {
      const x = [random.normal(), random.uniform()]
      const yes = random.uniform() < logistic(-0.5 + 1.2 * (x[0] ?? 0) - 0.8 * (x[1] ?? 0))
      return { x, positives: Number(yes), negatives: Number(!yes) }
    })
    const fit = accepted(logit(cells))
    for (const [i, truth] of [-0.5, 1.2, -0.8].entries()) {
      const estimate = [fit.intercept, ...fit.coefficients][i] ?? 0
      expect(Math.abs(estimate - truth)).toBeLessThan(3 * (fit.se[i] ?? 0))
    }
  })

  it('does not care whether rows are compressed, and mirrors when the outcome is turned', () => {
    const cells = [
      { x: [0], positives: 12, negatives: 30 },
      { x: [1], positives: 25, negatives: 20 },
      { x: [2], positives: 9, negatives: 3 },
    ]
    const rows = cells.flatMap(({ x, positives, negatives }) => [
      ...Array.from({ length: positives }, () => ({ x, positives: 1, negatives: 0 })),
      ...Array.from({ length: negatives }, () => ({ x, positives: 0, negatives: 1 })),
    ])
    const [fit, byRows] = [accepted(logit(cells)), accepted(logit(rows))]
    expect(byRows.coefficients[0]).toBeCloseTo(fit.coefficients[0] ?? 0, 11)
    expect(byRows.deviance).toBeCloseTo(fit.deviance, 9)
    const turned = accepted(
      logit(cells.map((cell) => ({ x: cell.x, positives: cell.negatives, negatives: cell.positives }))),
    )
    expect(turned.coefficients[0]).toBeCloseTo(-(fit.coefficients[0] ?? 0), 11)
  })

  it('a year in milliseconds and a share in millionths fit as well as plain units', () => {
    const cells = [1, 2, 3, 4, 5].map((k) => ({ x: [k, (k * k) % 3], positives: k + 1, negatives: 8 - k }))
    const scaled = cells.map((cell) => ({
      ...cell,
      x: [1.7e12 + 3e10 * (cell.x[0] ?? 0), 1e-6 * (cell.x[1] ?? 0)],
    }))
    const [plain, other] = [accepted(logit(cells)), accepted(logit(scaled))]
    expect((other.coefficients[1] ?? 0) * 1e-6).toBeCloseTo(plain.coefficients[1] ?? 0, 5)
  })
})

describe('ordinal logit', () => {
  it('with two categories is the binary logit', () => {
    const cells = [
      { x: [0, 1], counts: [10, 5] },
      { x: [1, 0], counts: [7, 9] },
      { x: [2, 1], counts: [4, 11] },
    ]
    const ordinal = accepted(ordinalLogit(cells))
    const binary = accepted(
      logit(cells.map(({ x, counts }) => ({ x, positives: counts[1] ?? 0, negatives: counts[0] ?? 0 }))),
    )
    for (const [i, b] of binary.coefficients.entries()) {
      expect(ordinal.coefficients[i]).toBeCloseTo(b, 10)
      expect(ordinal.se[i]).toBeCloseTo(binary.se[i + 1] ?? 0, 9)
    }
    expect(ordinal.thresholds[0]).toBeCloseTo(-binary.intercept, 10)
  })

  it('predicts shares that sum to 1 and average to what was observed', () => {
    const cells = [
      { x: [0], counts: [30, 40, 30] },
      { x: [1], counts: [15, 35, 50] },
    ]
    const fit = accepted(ordinalLogit(cells))
    const predicted = cells.map((cell) => accepted(ordinalProbabilities(fit, cell.x)))
    for (const shares of predicted) expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
    expect(((predicted[0]?.[2] ?? 0) + (predicted[1]?.[2] ?? 0)) / 2).toBeCloseTo(0.4, 1)
  })
})

describe('what judges predictions', () => {
  it('AUC does not change under a rising map of the scores and mirrors under a falling one', () => {
    fc.assert(
      fc.property(bothClasses, (cells) => {
        const area = accepted(auc({ cells })).value
        const risen = cells.map((cell) => ({ ...cell, score: Math.exp(5 * cell.score) }))
        expect(accepted(auc({ cells: risen })).value).toBeCloseTo(area, 12)
        const fallen = cells.map((cell) => ({ ...cell, score: -cell.score }))
        expect(accepted(auc({ cells: fallen })).value).toBeCloseTo(1 - area, 12)
      }),
    )
  })

  it("Murphy's parts of the Brier score add up", () => {
    fc.assert(
      fc.property(bothClasses, (cells) => {
        const parts = accepted(brier(cells))
        expect(parts.reliability - parts.resolution + parts.uncertainty).toBeCloseTo(parts.score, 12)
      }),
    )
  })

  it('isotonic probabilities rise, keep the mean, and are calibrated on their own data', () => {
    fc.assert(
      fc.property(bothClasses, (cells) => {
        const steps = accepted(isotonic(cells))
        const probabilities = steps.map((step) => step.probability)
        expect([...probabilities].sort((a, b) => a - b)).toEqual(probabilities)
        const positives = cells.reduce((sum, cell) => sum + cell.positives, 0)
        expect(steps.reduce((sum, step) => sum + step.n * step.probability, 0)).toBeCloseTo(positives, 9)
        const recalibrated = cells.map((cell) => ({
          ...cell,
          score: accepted(isotonicProbability(steps, cell.score)),
        }))
        expect(accepted(brier(recalibrated)).reliability).toBeCloseTo(0, 12)
        expect(accepted(brier(recalibrated)).score).toBeLessThanOrEqual(accepted(brier(cells)).score + 1e-12)
      }),
    )
  })

  it('lift averages to 1 over equal groups, gains end at 1, rows of one score are shared out', () => {
    fc.assert(
      fc.property(bothClasses, fc.integer({ min: 1, max: 12 }), (cells, groups) => {
        const table = accepted(lift({ cells, groups }))
        expect(table).toHaveLength(groups)
        expect(table.reduce((sum, group) => sum + group.lift, 0) / groups).toBeCloseTo(1, 9)
        expect(table.at(-1)?.cumulativeGain).toBeCloseTo(1, 9)
      }),
    )
  })

  it('predictions drawn from their own probabilities are calibrated, shrunken ones have a slope above 1', () => {
    const cells = [0.1, 0.3, 0.5, 0.7, 0.9].map((p) => ({
      score: p,
      positives: 1000 * p,
      negatives: 1000 * (1 - p),
    }))
    const right = accepted(calibration(cells))
    expect(right.slope).toBeCloseTo(1, 9)
    expect(right.expectedError).toBeCloseTo(0, 12)
    const shy = cells.map((cell) => ({ ...cell, score: 0.5 + (cell.score - 0.5) / 2 }))
    expect(accepted(calibration(shy)).slope).toBeGreaterThan(1.5)
  })

  it("Platt's curve rises with a score that separates the classes, without running to infinity", () => {
    const curve = accepted(
      platt([
        { score: 0, positives: 0, negatives: 20 },
        { score: 1, positives: 20, negatives: 0 },
      ]),
    )
    expect(curve.slope).toBeGreaterThan(2)
    expect(accepted(plattProbability(curve, 1))).toBeCloseTo(21 / 22, 6)
  })
})

describe('what cannot be predicted is refused', () => {
  const cell = (score: number, positives: number, negatives: number) => ({ score, positives, negatives })
  const x = (value: number, positives: number, negatives: number) => ({ x: [value], positives, negatives })
  const cases: [string, unknown, string][] = [
    ['no rows', logit([]), 'too-few'],
    ['one class', logit([x(1, 3, 0), x(2, 4, 0)]), 'one-class'],
    ['separation', logit([x(1, 0, 5), x(2, 5, 0)]), 'not-converged'],
    ['a class in one cell only', logit([x(0, 5, 5), x(1, 0, 9)]), 'not-converged'],
    ['a constant feature', logit([x(1, 3, 4), x(1, 4, 3)]), 'singular'],
    ['a negative count', logit([x(1, -1, 4)]), 'out-of-range'],
    ['an infinite feature', logit([x(Infinity, 1, 4)]), 'not-finite'],
    ['cells of different width', logit([x(1, 1, 1), { x: [], positives: 1, negatives: 1 }]), 'mismatch'],
    ['no cell', ordinalLogit([]), 'too-few'],
    [
      'an empty middle category',
      ordinalLogit([
        { x: [0], counts: [3, 0, 4] },
        { x: [1], counts: [2, 0, 5] },
      ]),
      'empty-cell',
    ],
    ['one category', ordinalLogit([{ x: [0], counts: [3, 0] }]), 'one-class'],
    [
      'ordinal separation',
      ordinalLogit([
        { x: [0], counts: [9, 0, 0] },
        { x: [1], counts: [0, 5, 4] },
      ]),
      'not-converged',
    ],
    [
      'features that do not fit the model',
      ordinalProbabilities({ thresholds: [0], coefficients: [1] }, []),
      'mismatch',
    ],
    ['a probability above 1', brier([cell(1.2, 1, 1)]), 'out-of-range'],
    ['nobody', brier([]), 'too-few'],
    ['AUC of one class', auc({ cells: [cell(0.2, 3, 0)] }), 'one-class'],
    ['a confidence of 0', auc({ cells: [cell(0.2, 3, 1)], confidence: 0 }), 'out-of-range'],
    ['lift without outcome', lift({ cells: [cell(0.2, 0, 5)] }), 'one-class'],
    ['half a group', lift({ cells: [cell(0.2, 1, 5)], groups: 0.5 }), 'out-of-range'],
    ['one distinct prediction', calibration([cell(0.3, 2, 5)]), 'singular'],
    ['Platt on one score', platt([cell(0.3, 2, 5)]), 'singular'],
    ['a NaN score', isotonic([cell(Number.NaN, 2, 5)]), 'not-finite'],
    ['no steps', isotonicProbability([], 0.5), 'too-few'],
    ['a Platt curve of NaN', plattProbability({ intercept: Number.NaN, slope: 1 }, 0), 'not-finite'],
  ]
  it.each(cases)('%s', (_name, result, code) => {
    expect(result).toMatchObject({ refused: code, reason: expect.stringMatching(/^\[\w+\] .+[;.]/) })
  })
})
