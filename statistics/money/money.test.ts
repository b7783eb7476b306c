/** Customer models recover what was planted, agree with brute force, and refuse in words. */
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'
import { seeded } from '#statistics/random/index.ts'

import { bgNbd, type HistoryCell } from './bg-nbd.ts'
import { aliveProbability, expectedPurchases, expectedPurchasesOfNew } from './bg-nbd-forecast.ts'
import {
  contractLifetime,
  contractResidualLifetime,
  contractRetention,
  contractSurvival,
} from './contract-lifetime.ts'
import { earnedGrowth } from './earned-growth.ts'
import { expectedSpend, gammaGamma } from './gamma-gamma.ts'
import { hypergeometric } from './hypergeometric.ts'
import { constantLifetimeValue, purchaseLifetimeValue } from './lifetime-value.ts'
import { rox, type ExperienceMove } from './rox.ts'
import { shiftedBetaGeometric } from './shifted-beta-geometric.ts'

const model = { r: 0.6, alpha: 5, a: 0.9, b: 2.5 }

/** One customer of the BG/NBD story observed for `age`, and the purchases in the `horizon` after it. */
function live(seed: number, age: number, horizon: number): { history: HistoryCell; later: number } {
  const random = seeded(seed)
  const rate = random.gamma(model.r, model.alpha)
  const leave = random.beta(model.a, model.b)
  let [time, frequency, recency, later] = [0, 0, 0, 0]
  for (;;) {
    time += random.exponential(rate)
    if (time > age + horizon) break
    if (time <= age) {
      frequency++
      recency = time
    } else later++
    if (random.uniform() < leave) break
  }
  return { history: { frequency, recency, age, customers: 1 }, later }
}

describe('shifted beta-geometric', () => {
  it('pools cohorts of different age and follows their sizes', () => {
    const survival = [0, 1, 2, 3, 4, 5].map((t) => accepted(contractSurvival({ alpha: 0.8, beta: 2.2, t })))
    const fit = accepted(
      shiftedBetaGeometric([survival.map((s) => 900 * s), survival.slice(0, 3).map((s) => 100 * s)]),
    )
    expect(fit.alpha).toBeCloseTo(0.8, 5)
    expect(fit.beta).toBeCloseTo(2.2, 5)
  })

  it('survival is the product of retentions, retention rises', () => {
    let survival = 1
    let before = 0
    for (let t = 1; t < 30; t++) {
      const retention = accepted(contractRetention({ alpha: 0.7, beta: 1.2, t }))
      survival *= retention
      expect(accepted(contractSurvival({ alpha: 0.7, beta: 1.2, t }))).toBeCloseTo(survival, 12)
      expect(retention).toBeGreaterThan(before)
      before = retention
    }
  })

  it('lifetimes equal their sums term by term', () => {
    const [alpha, beta, discount] = [0.7, 1.2, 0.15]
    let whole = 0
    let residual = 0
    for (let t = 0; t < 400; t++) {
      const s = accepted(contractSurvival({ alpha, beta, t }))
      whole += s / (1 + discount) ** t
      if (t >= 3)
        residual += s / accepted(contractSurvival({ alpha, beta, t: 2 })) / (1 + discount) ** (t - 3)
    }
    expect(accepted(contractLifetime({ alpha, beta, discount }))).toBeCloseTo(whole, 10)
    expect(accepted(contractResidualLifetime({ alpha, beta, discount, renewals: 2 }))).toBeCloseTo(
      residual,
      10,
    )
  })

  it('loyal customers are worth more the longer they stayed', () => {
    const worth = [0, 1, 5, 20].map((renewals) =>
      accepted(contractResidualLifetime({ alpha: 0.7, beta: 1.2, discount: 0.1, renewals })),
    )
    expect([...worth].sort((a, b) => a - b)).toEqual(worth)
  })
})

describe('BG/NBD', () => {
  const people = Array.from({ length: 6000 }, (_, i) => live(i + 1, 40, 30))
  it('recovers planted parameters and forecasts what customers then did', () => {
    const fit = accepted(bgNbd(people.map((person) => person.history)))
    expect(fit.r).toBeCloseTo(model.r, 0)
    expect(Math.abs(fit.alpha / fit.r / (model.alpha / model.r) - 1)).toBeLessThan(0.12)
    expect(Math.abs(fit.a / (fit.a + fit.b) - model.a / (model.a + model.b))).toBeLessThan(0.05)
    const forecast = people.reduce(
      (sum, { history }) => sum + accepted(expectedPurchases(fit, { history, horizon: 30 })),
      0,
    )
    const actual = people.reduce((sum, person) => sum + person.later, 0)
    expect(Math.abs(forecast / actual - 1)).toBeLessThan(0.06)
  }, 60_000)

  it('a new customer is expected to buy what simulated ones bought', () => {
    const bought = people.reduce((sum, { history }) => sum + history.frequency, 0) / people.length
    expect(Math.abs(accepted(expectedPurchasesOfNew(model, 40)) / bought - 1)).toBeLessThan(0.05)
  })

  it('silence after many purchases speaks for goodbye, and the forecast passes smoothly through a = 1', () => {
    const often = { frequency: 12, recency: 10, age: 40 }
    const seldom = { frequency: 1, recency: 10, age: 40 }
    expect(accepted(aliveProbability(model, often))).toBeLessThan(accepted(aliveProbability(model, seldom)))
    const near = [0.999, 1, 1.001].map((a) =>
      accepted(expectedPurchases({ ...model, a }, { history: seldom, horizon: 20 })),
    )
    expect(near[1]).toBeCloseTo(((near[0] ?? 0) + (near[2] ?? 0)) / 2, 6)
    expect(accepted(expectedPurchases(model, { history: seldom, horizon: 0 }))).toBeCloseTo(0, 12)
  })

  it('the hypergeometric series meets its elementary cases', () => {
    expect(hypergeometric(1, 1, 2, 0.9)).toBeCloseTo(-Math.log(0.1) / 0.9, 11)
    expect(hypergeometric(2.5, 3, 3, 0.5)).toBeCloseTo(0.5 ** -2.5, 11)
  })
})

describe('gamma-gamma', () => {
  it('recovers planted spend and shrinks few purchases more than many', () => {
    const random = seeded(3)
    const cells = Array.from({ length: 3000 }, (_, i) => {
      const frequency = 1 + (i % 5)
      const rate = random.gamma(4, 15)
      const meanSpend = random.gamma(6 * frequency, rate * frequency)
      return { frequency, meanSpend, customers: 1 }
    })
    const fit = accepted(gammaGamma(cells))
    const meanOfAll = accepted(expectedSpend(fit, { frequency: 0, meanSpend: 0 }))
    expect(Math.abs(meanOfAll / 30 - 1)).toBeLessThan(0.05)
    const few = accepted(expectedSpend(fit, { frequency: 1, meanSpend: 90 }))
    const many = accepted(expectedSpend(fit, { frequency: 30, meanSpend: 90 }))
    expect(few).toBeGreaterThan(meanOfAll)
    expect(many).toBeGreaterThan(few)
    expect(many).toBeLessThan(90)
  })
})

describe('lifetime value', () => {
  const history = { frequency: 3, recency: 20, age: 25 }
  it('is spend times discounted purchases, and falls as discount rises', () => {
    const value = (discount: number) =>
      accepted(purchaseLifetimeValue({ model, history, spend: 50, periods: 6, periodLength: 5, discount }))
    const undiscounted = 50 * accepted(expectedPurchases(model, { history, horizon: 30 }))
    expect(value(1e-4)).toBeLessThan(undiscounted)
    expect(value(1e-4)).toBeGreaterThan(0.999 * undiscounted)
    expect(value(0.1)).toBeLessThan(value(0.01))
  })
})

describe('return on experience', () => {
  const move: ExperienceMove = {
    name: 'detractors',
    moved: 100,
    valueDifference: { value: 30 },
    adjustedShare: { value: 0.6 },
  }
  it('shows a line only where every move has its proof, and signs none that is mere correlation', () => {
    const both = accepted(
      rox({ cost: 1000, moves: [move, { ...move, name: 'passives', experimentalShare: { value: 0.5 } }] }),
    )
    expect(both.lines.map(({ line, signable }) => [line, signable])).toEqual([
      ['associational', false],
      ['adjusted', true],
    ])
    expect(both.missing).toEqual({ adjusted: [], experimental: ['detractors'] })
    expect(both.lines[0]).not.toHaveProperty('low')
  })
})

describe('what has no answer is refused', () => {
  const ok: HistoryCell = { frequency: 1, recency: 2, age: 5, customers: 3 }
  const cases: [string, unknown, string][] = [
    ['a cohort without a second count', shiftedBetaGeometric([[100]]), 'too-few'],
    ['survivors that rise', shiftedBetaGeometric([[100, 80, 90]]), 'out-of-range'],
    ['NaN survivors', shiftedBetaGeometric([[100, Number.NaN]]), 'not-finite'],
    ['nobody left', shiftedBetaGeometric([[100, 0, 0]]), 'one-class'],
    ['nobody gone', shiftedBetaGeometric([[100, 100]]), 'one-class'],
    ['an empty cohort', shiftedBetaGeometric([[0, 0]]), 'empty-cell'],
    ['constant retention', shiftedBetaGeometric([[1000, 800, 640, 512, 409.6]]), 'not-converged'],
    ['a discount of 0', contractLifetime({ alpha: 1, beta: 1, discount: 0 }), 'out-of-range'],
    ['a negative alpha', contractSurvival({ alpha: -1, beta: 1, t: 1 }), 'out-of-range'],
    ['no customers', bgNbd([]), 'too-few'],
    ['nobody came back', bgNbd([{ ...ok, frequency: 0, recency: 0 }]), 'one-class'],
    ['recency after now', bgNbd([{ ...ok, recency: 9 }]), 'out-of-range'],
    ['an infinite age', bgNbd([{ ...ok, age: Infinity }]), 'not-finite'],
    ['one history', bgNbd([ok]), 'not-converged'],
    ['a forecast backwards', expectedPurchases(model, { history: ok, horizon: -1 }), 'out-of-range'],
    ['a model with r = 0', aliveProbability({ ...model, r: 0 }, ok), 'out-of-range'],
    ['one spend', gammaGamma([{ frequency: 1, meanSpend: 5, customers: 9 }]), 'too-few'],
    ['spend of 0', gammaGamma([{ frequency: 1, meanSpend: 0, customers: 9 }]), 'out-of-range'],
    [
      'equal spend',
      gammaGamma([1, 2, 3].map((frequency) => ({ frequency, meanSpend: 10, customers: 9 }))),
      'not-converged',
    ],
    [
      'a spend model without mean',
      expectedSpend({ p: 2, q: 0.9, v: 3 }, { frequency: 1, meanSpend: 3 }),
      'out-of-range',
    ],
    [
      'a retention of 1 without discount',
      constantLifetimeValue({ margin: 1, retention: 1, discount: 0 }),
      'out-of-range',
    ],
    [
      'half a period',
      purchaseLifetimeValue({ model, history: ok, spend: 1, periods: 0.5, discount: 0.1 }),
      'out-of-range',
    ],
    [
      'no revenue last period',
      earnedGrowth({ lastRevenue: 0, retainedRevenue: 1, earnedNewRevenue: 0, boughtNewRevenue: 0 }),
      'out-of-range',
    ],
    ['no move', rox({ cost: 1, moves: [] }), 'too-few'],
    [
      'no cost',
      rox({ cost: 0, moves: [{ name: 'x', moved: 1, valueDifference: { value: 1 } }] }),
      'out-of-range',
    ],
  ]
  it.each(cases)('%s', (_name, result, code) => {
    expect(result).toMatchObject({ refused: code, reason: expect.stringMatching(/^\[\w+\] .+[;.]/) })
  })
})
