/** Whatever numbers come in, of any size: decompositions and causal estimators answer with finite numbers or a refusal. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as s from '#statistics/index.ts'

const extreme = fc.constantFrom(
  0,
  1,
  -1,
  Number.NaN,
  Infinity,
  -Infinity,
  1e-300,
  1e300,
  1e-12,
  0.5,
  1e155,
  1e8,
  1e15,
  -5,
  5e-324,
)
const plain = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0, max: 6, noNaN: true }))
const number = fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: extreme })
const size = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: extreme },
)
const list = (min: number, max: number, item = number) => fc.array(item, { minLength: min, maxLength: max })
const rows = <T>(row: fc.Arbitrary<T>) => fc.array(row, { maxLength: 6 })
const period = fc.record({ size, score: fc.oneof(number, fc.constant(null)) })
const share = fc.record({ successes: number, n: size })
const strata = rows(fc.record({ stratum: fc.constant('s'), a: share, b: share }))
const level = fc.constantFrom('u', 'v')
const crossed = rows(fc.record({ by: fc.record({ g: level, h: level }), size, rate: number }))
const named = <T>(items: fc.Arbitrary<T>) => fc.array(items, { minLength: 1, maxLength: 3 })
const cell = fc.record({ n: size, sum: number, sumOfSquares: fc.oneof(number, fc.constant(500)) })
const effects = rows(
  fc.record({ stratum: level, treated: fc.boolean(), n: size, sum: number, sumOfSquares: fc.constant(900) }),
)
const model = fc.record({ propensity: number, treatedMean: number, untreatedMean: number })
const clusterCells = fc.array(
  fc.record({
    cluster: fc.constantFrom('a', 'b', 'c', 'd'),
    period: fc.constantFrom(1, 2, 3),
    n: size,
    sum: number,
  }),
  { maxLength: 20 },
)
const table = (variables: readonly string[]) =>
  fc
    .array(list(variables.length, variables.length), { maxLength: 30 })
    .map((values) =>
      s.momentsFromRows({ variables, rows: values.map((row, i) => ({ values: row, bucket: i % 6 })) }),
    )
const onTables = (of: (a: s.Moments, b: s.Moments) => unknown) =>
  fc
    .tuple(table(['y', 'd', 'x']), table(['y', 'd', 'x']))
    .map(([a, b]) => (s.isRefusal(a) ? a : s.isRefusal(b) ? b : of(a, b)))
const group = fc.record({ means: list(2, 2), coefficients: list(2, 2) })
const correlation = fc.tuple(number, number, number).map(([a, b, c]) => [
  [1, a / 8, b / 8],
  [a / 8, 1, c / 8],
  [b / 8, c / 8, 1],
])
const confidence = fc.oneof({ weight: 9, arbitrary: fc.constant(0.9) }, { weight: 1, arbitrary: extreme })

const families: Record<string, fc.Arbitrary<unknown>> = {
  kitagawa: rows(fc.record({ segment: fc.constant('s'), before: period, after: period })).map(s.kitagawa),
  dasGupta: named(
    fc.record({ name: fc.constant('p'), factors: fc.record({ a: list(2, 2), b: list(2, 2) }) }),
  ).map((populations) => s.dasGupta({ populations })),
  crossClassified: named(fc.record({ name: fc.constant('p'), cells: crossed })).map(s.crossClassified),
  adtributor: rows(fc.record({ element: fc.constant('e'), forecast: number, actual: number })).map(
    (elements) => s.adtributor({ dimensions: [{ dimension: 'd', elements }] }),
  ),
  oaxacaBlinder: fc
    .tuple(group, group, number)
    .map(([a, b, reference]) => s.oaxacaBlinder({ variables: ['1', 'x'], a, b, reference })),
  oaxacaBlinderOfMoments: onTables((a, b) => s.oaxacaBlinderOfMoments({ a, b, outcome: 'y' })),
  mantelHaenszel: fc
    .tuple(strata, confidence)
    .map(([list, c]) => s.mantelHaenszel({ strata: list, confidence: c })),
  simpson: strata.map((list) => s.simpson({ strata: list })),
  gFormula: fc.tuple(effects, confidence).map(([cells, c]) => s.gFormula({ cells, confidence: c })),
  ipw: fc
    .tuple(effects, number, number)
    .map(([cells, u, v]) => s.ipw({ cells, propensities: { u: u / 12, v: v / 12 } })),
  aipw: fc.tuple(effects, model, model).map(([cells, u, v]) => s.aipw({ cells, models: { u, v } })),
  didOfMeans: fc
    .tuple(cell, cell, cell, cell)
    .map(([a, b, c, d]) =>
      s.didOfMeans({ treated: { before: a, after: b }, control: { before: c, after: d } }),
    ),
  differenceInDifferences: fc
    .tuple(clusterCells, number)
    .map(([cells, start]) =>
      s.differenceInDifferences({ cells, treated: ['a', 'b'], start: start > 3 ? 2 : start }),
    ),
  interruptedSeries: fc
    .tuple(list(0, 14), size)
    .map(([values, start]) => s.interruptedSeries({ values, start: start > 8 ? 5 : start })),
  doubleMachineLearning: onTables((moments) =>
    s.doubleMachineLearning({ moments, outcome: 'y', treatment: 'd', folds: 2 }),
  ),
  placeboRuns: list(7, 7).map((values) =>
    s.placeboRuns({
      units: values.map((_, i) => `${i}`),
      treated: ['0', '1'],
      estimate: ([a]) => values[Number(a)] ?? 0,
      seed: 1,
    }),
  ),
  eValue: fc
    .tuple(
      number,
      number,
      number,
      fc.constantFrom('risk-ratio', 'common-hazard-ratio', 'standardised-difference'),
    )
    .map(([value, low, high, measure]) => s.eValue({ value, low, high, measure })),
  relativeRisks: rows(fc.record({ group: fc.constant('g'), events: number, n: size })).map((groups) =>
    s.relativeRisks({ groups }),
  ),
  pcSkeleton: correlation.map((matrix) => s.pcSkeleton({ variables: ['a', 'b', 'c'], correlation: matrix })),
  directLingam: fc
    .array(list(2, 2), { minLength: 15, maxLength: 25 })
    .map((values) => s.directLingam({ variables: ['a', 'b'], rows: values })),
}

describe.each(Object.entries(families))('%s', (_, arbitrary) => {
  it('never answers with NaN or ±∞ and never throws', () => {
    fc.assert(
      fc.property(arbitrary, (result) => {
        expect(notFinite(result)).toEqual([])
      }),
      { numRuns: 400 },
    )
  })
})

/** Paths to numbers that are not finite. */
function notFinite(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} = ${value}`]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => notFinite(item, `${path}.${key}`))
}
