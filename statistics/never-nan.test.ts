/** Whatever numbers come in, of any size: public functions answer with finite numbers or a refusal, never with NaN, ±∞ or an exception. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'

import * as s from './index.ts'

const extreme = fc.constantFrom(
  0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  1e-300,
  1e300,
  1e-12,
  0.5,
  1e8,
  1e15,
  -5,
  5e-324,
)
const plain = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0, max: 6, noNaN: true }))
const number = fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: extreme })
const share = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: extreme },
)
const list = (min: number, max: number) => fc.array(number, { minLength: min, maxLength: max })
const rows = <T>(row: fc.Arbitrary<T>) => fc.array(row, { maxLength: 6 })
const cell = fc.record({ score: share, positives: number, negatives: number })
const period = fc.record({ count: plain, n: number })
const units = fc.integer({ min: 0, max: 7 }).chain((n) => fc.record({ values: list(n, n), se: list(n, n) }))
const bgNbd = fc.record({ r: number, alpha: number, a: number, b: number })
const history = fc.record({ frequency: fc.integer({ min: 0, max: 5 }), recency: plain, age: number })
const loadings = fc.array(fc.tuple(share, share), { minLength: 2, maxLength: 6 })
const correlations = fc.tuple(loadings, extreme, fc.boolean()).map(([l, spoil, spoiled]) => {
  const r = l.map(([a, b], i) => l.map(([c, d], j) => (i === j ? 1 : (a * c + b * d) / 2)))
  if (spoiled) (r[0] ?? [])[0] = spoil
  const p = l.length - 1
  return { drivers: r.slice(0, p).map((row) => row.slice(0, p)), outcome: (r[p] ?? []).slice(0, p) }
})
const moments = rows(fc.tuple(number, number, number)).map((values) =>
  s.momentsFromRows({
    variables: ['a', 'b', 'y'],
    rows: values.map((row, bucket) => ({ values: row, bucket })),
  }),
)
const onMoments = (of: (m: s.Moments) => unknown) => moments.map((m) => (s.isRefusal(m) ? m : of(m)))

const families: Record<string, fc.Arbitrary<unknown>> = {
  lmg: correlations.map(s.lmg),
  dominance: correlations.map(s.dominance),
  relativeWeights: fc.tuple(correlations, number).map(([input, n]) => s.relativeWeights({ ...input, n })),
  firstLastPratt: correlations.map(s.firstLastPratt),
  collinearity: correlations.map((input) => s.collinearity(input.drivers)),
  ols: onMoments((m) => s.ols({ moments: m, outcome: 'y' })),
  ridge: onMoments((m) => s.ridge({ moments: m, outcome: 'y', folds: 3, lambdas: [0, 0.1, 1] })),
  keyDrivers: onMoments((m) => s.keyDrivers({ moments: m, outcome: 'y', bootstrap: { seed: 1, draws: 4 } })),
  logit: rows(fc.record({ x: list(1, 1), positives: number, negatives: number })).map(s.logit),
  ordinalLogit: rows(fc.record({ x: list(1, 1), counts: list(3, 3) })).map(s.ordinalLogit),
  auc: rows(cell).map((cells) => s.auc({ cells })),
  brier: rows(cell).map(s.brier),
  calibration: rows(cell).map(s.calibration),
  isotonic: rows(cell).map(s.isotonic),
  lift: rows(cell).map((cells) => s.lift({ cells, groups: 3 })),
  platt: rows(cell).map(s.platt),
  kano: fc.array(list(5, 5), { minLength: 5, maxLength: 5 }).map((answers) => s.kano({ answers })),
  importancePerformance: fc
    .tuple(list(3, 3), list(3, 3))
    .map(([importance, performance]) => s.importancePerformance({ importance, performance })),
  inseparableGroups: fc
    .tuple(list(2, 2), list(2, 2), list(2, 2))
    .map(([values, a, b]) => s.inseparableGroups({ values, covariance: [a, b] })),
  satisfactionIndex: fc
    .tuple(list(2, 2), list(2, 2), number, number)
    .map(([means, weights, low, high]) => s.satisfactionIndex({ means, weights, low, high })),
  individualsChart: list(0, 8).map((values) => s.individualsChart({ values })),
  meansChart: rows(fc.record({ mean: number, sd: number, n: number })).map(s.meansChart),
  attributeCharts: rows(period).map((periods) =>
    [s.pChart, s.laneyP, s.uChart, s.laneyU].map((chart) => chart({ periods })),
  ),
  npsChart: rows(fc.record({ promoters: number, passives: number, detractors: number })).map((periods) =>
    s.npsChart({ periods }),
  ),
  ewma: fc
    .tuple(list(0, 6), share, number, number)
    .map(([values, lambda, target, sigma]) => s.ewma({ values, lambda, target, sigma })),
  cusum: fc
    .tuple(list(0, 6), number, number, number)
    .map(([values, target, slack, decision]) => s.cusum({ values, target, slack, decision })),
  runRules: list(0, 20).map(s.runRules),
  generalisedEsd: list(0, 9).map((values) => s.generalisedEsd({ values, most: 2 })),
  stl: fc
    .tuple(list(0, 20), fc.boolean())
    .map(([values, robust]) => s.stl({ values, period: 3, robust, outer: 2 })),
  shrinkNormal: units.map((input) => s.shrinkNormal(input)),
  shrinkBetaBinomial: rows(fc.record({ successes: number, n: number })).map((input) =>
    s.shrinkBetaBinomial({ units: input }),
  ),
  probabilityAbove: fc
    .tuple(number, number, number, number)
    .map(([a, b, c, d]) => s.probabilityAbove({ a: { mean: a, sd: b }, b: { mean: c, sd: d } })),
  probabilityAboveBeta: fc
    .tuple(number, number, number, number)
    .map(([a, b, c, d]) => s.probabilityAboveBeta({ alpha: a, beta: b }, { alpha: c, beta: d })),
  rankIntervals: units.map((input) => s.rankIntervals(input)),
  rankDistribution: units.map((input) => s.rankDistribution({ ...input, seed: 1, draws: 100 })),
  shiftedBetaGeometric: list(0, 5).map((counts) =>
    s.shiftedBetaGeometric([counts.toSorted((a, b) => b - a)]),
  ),
  contract: fc
    .tuple(number, number, share, plain)
    .map(([alpha, beta, discount, t]) => [
      s.contractSurvival({ alpha, beta, t }),
      s.contractRetention({ alpha, beta, t }),
      s.contractLifetime({ alpha, beta, discount }),
      s.contractResidualLifetime({ alpha, beta, discount, renewals: t }),
    ]),
  purchases: fc
    .tuple(bgNbd, history, number)
    .map(([model, past, horizon]) => [
      s.aliveProbability(model, past),
      s.expectedPurchases(model, { history: past, horizon }),
      s.expectedPurchasesOfNew(model, horizon),
      s.purchaseLifetimeValue({ model, history: past, spend: horizon, periods: 2, discount: 0.1 }),
    ]),
  spend: fc
    .tuple(number, number, number, number, number)
    .map(([p, q, v, frequency, meanSpend]) => s.expectedSpend({ p, q, v }, { frequency, meanSpend })),
  constantLifetimeValue: fc
    .tuple(number, share, share)
    .map(([margin, retention, discount]) => s.constantLifetimeValue({ margin, retention, discount })),
  earnedGrowth: fc
    .tuple(number, number, number, number)
    .map(([a, b, c, d]) =>
      s.earnedGrowth({ lastRevenue: a, retainedRevenue: b, earnedNewRevenue: c, boughtNewRevenue: d }),
    ),
  rox: fc
    .tuple(number, number, number, number)
    .map(([cost, moved, value, se]) =>
      s.rox({ cost, moves: [{ name: 'x', moved, valueDifference: { value, se } }] }),
    ),
}

function findBad(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : value
  if (typeof value !== 'object' || value === null) return undefined
  return Object.values(value)
    .map(findBad)
    .find((bad) => bad !== undefined)
}

it.each(Object.entries(families))('%s', (_name, results) => {
  fc.assert(
    fc.property(results, (result) => {
      expect(findBad(result)).toBeUndefined()
    }),
    { numRuns: 150, seed: 20_261_122 },
  )
})
