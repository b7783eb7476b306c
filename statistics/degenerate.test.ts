import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as statistics from './index.ts'
import { isRefusal } from './refusal.ts'

/** Numbers on which formulas break. */
const edge: fc.Arbitrary<number> = fc.constantFrom(
  0,
  1,
  2,
  3,
  10,
  0.5,
  0.95,
  -1,
  100,
  1e9,
  1e16,
  1e-12,
  1e-300,
  1e300,
  Number.NaN,
  Infinity,
  -Infinity,
)
const count = fc.oneof(fc.constantFrom(0, 1, 2, 3, 10, 100, 1e6), edge)
const list = <T>(item: fc.Arbitrary<T>, length?: number) =>
  fc.array(item, { minLength: length ?? 0, maxLength: length ?? 5 })
const of = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields).map((record) => [record])
const numbers = (...names: string[]) => of(Object.fromEntries(names.map((name) => [name, edge])))

const level = {
  confidence: fc.option(edge, { nil: undefined, freq: 2 }),
  populationSize: fc.option(count, { nil: undefined, freq: 2 }),
}
const nps = { promoters: count, passives: count, detractors: count }
const share = { successes: count, n: count }
const sample = fc.oneof(
  fc.record({ n: count, sum: edge, sumOfSquares: edge }),
  fc.record({ n: count, mean: edge, sd: edge }),
)
const sums = fc.record({ n: count, sum: edge, sumOfSquares: edge })
const weights = {
  n: count,
  weight: edge,
  weighted: edge,
  squaredWeight: edge,
  squaredWeighted: edge,
  squaredSquares: edge,
}
const ratio = {
  n: count,
  numerator: edge,
  denominator: edge,
  numeratorSquares: edge,
  denominatorSquares: edge,
  products: edge,
}
const cluster = fc.record({ n: edge, sum: edge })
const stratum = fc.record({
  stratum: fc.constantFrom('a', 'b', 'c'),
  n: count,
  population: edge,
  ...nps,
  sum: edge,
  sumOfSquares: edge,
})
const answer = fc.oneof<fc.MaybeWeightedArbitrary<number | null>[]>(
  { weight: 20, arbitrary: fc.option(fc.integer({ min: 0, max: 6 })) },
  { weight: 1, arbitrary: edge },
)
const rows = fc.array(
  fc.record({ values: list(answer, 3), weight: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, edge) }),
  { maxLength: 12 },
)
const variables = ['a', 'b', 'c']
const moments = rows.map((drawn) => {
  const made = statistics.momentsFromRows({ variables, rows: drawn })
  return isRefusal(made) ? { variables, origin: [0, 0, 0], groups: [] } : made
})
const square = fc.tuple(edge, edge, edge).map(([a, b, c]) => [
  [a, b],
  [b, c],
])
const category = (name: string) => fc.integer({ min: 0, max: 1 }).map((i) => `${name}${i}`)

const calls: Record<string, fc.Arbitrary<unknown[]>> = {
  normalPdf: fc.tuple(edge),
  normalCdf: fc.tuple(edge),
  normalUpper: fc.tuple(edge),
  normalQuantile: fc.tuple(edge),
  erf: fc.tuple(edge),
  erfc: fc.tuple(edge),
  tPdf: fc.tuple(edge, edge),
  tCdf: fc.tuple(edge, edge),
  tUpper: fc.tuple(edge, edge),
  tQuantile: fc.tuple(edge, edge),
  logGamma: fc.tuple(edge),
  logBeta: fc.tuple(edge, edge),
  gammaPdf: numbers('x', 'shape', 'rate'),
  gammaCdf: numbers('x', 'shape', 'rate'),
  gammaUpper: numbers('x', 'shape', 'rate'),
  gammaQuantile: numbers('p', 'shape', 'rate'),
  chiSquareCdf: fc.tuple(edge, edge),
  chiSquareUpper: fc.tuple(edge, edge),
  chiSquareQuantile: fc.tuple(edge, edge),
  betaPdf: numbers('x', 'a', 'b'),
  betaCdf: numbers('x', 'a', 'b'),
  betaUpper: numbers('x', 'a', 'b'),
  betaQuantile: numbers('p', 'a', 'b'),
  fCdf: numbers('f', 'df1', 'df2'),
  fUpper: numbers('f', 'df1', 'df2'),
  fQuantile: numbers('p', 'df1', 'df2'),
  binomialPmf: of({ k: count, n: count, p: edge }),
  binomialCdf: of({ k: count, n: count, p: edge }),
  binomialUpper: of({ k: count, n: count, p: edge }),
  binomialQuantile: of({ probability: edge, n: count, p: edge }),
  poissonPmf: fc.tuple(count, edge),
  poissonCdf: fc.tuple(count, edge),
  poissonUpper: fc.tuple(count, edge),
  poissonQuantile: fc.tuple(edge, edge),
  solve: fc.tuple(list(list(edge, 2), 2), list(edge, 2)),
  inverse: fc.tuple(list(list(edge, 2), 2)),
  cholesky: fc.tuple(square),
  symmetricEigen: fc.tuple(square),
  leastSquares: of({
    x: list(list(edge, 2), 4),
    y: list(edge, 4),
    weights: fc.option(list(edge, 4), { nil: undefined }),
  }),
  npsWald: of({ ...nps, ...level }),
  adjustedWald: of({ ...nps, ...level }),
  npsScore: of({ ...nps, ...level }),
  wilson: of({ ...share, ...level }),
  clopperPearson: of({ ...share, ...level }),
  tInterval: fc.tuple(sample, fc.record(level)).map(([a, b]) => [{ ...a, ...b }]),
  ratioDelta: of({ ...ratio, ...level }),
  ratioFieller: of({ ...ratio, ...level }),
  kish: of(weights),
  weightedMean: of({ ...weights, ...level }),
  weightedShare: of({ ...weights, ...level }),
  weightedNps: of({ ...weights, ...level }),
  weightedSums: fc.tuple(list(fc.record({ value: edge, weight: edge }))),
  clusterMean: of({ clusters: list(cluster), ...level }),
  clusteredDifference: of({ clusters: list(fc.record({ a: cluster, b: cluster })), ...level }),
  npsDifference: of({ a: fc.record(nps), b: fc.record(nps), method: fc.constantFrom('wald', 'adjusted') }),
  newcombe: of({ a: fc.record(share), b: fc.record(share) }),
  welch: of({ a: sample, b: sample }),
  pairedDifference: fc.tuple(sample),
  pairedShares: of({ onlyFirst: count, onlySecond: count, agreeing: count }),
  partAgainstWhole: of({ part: sums, whole: sums }),
  benjaminiHochberg: fc.tuple(list(edge)),
  holm: fc.tuple(list(edge)),
  equivalence: numbers('difference', 'se', 'margin', 'df', 'alpha'),
  npsPower: numbers('n', 'difference', 'variance', 'alpha'),
  sharePower: numbers('n', 'a', 'b', 'alpha'),
  meanPower: of({ n: fc.constantFrom(0, 2, 20, 1000, Number.NaN), difference: edge, sd: edge }),
  npsSampleSizeForMargin: of({ margin: edge, variance: edge, ...level }),
  shareSampleSizeForMargin: of({ margin: edge, share: edge, ...level }),
  meanSampleSizeForMargin: of({ margin: edge, sd: edge, ...level }),
  npsSampleSize: numbers('difference', 'variance'),
  shareSampleSize: numbers('a', 'b', 'power'),
  clusterDesign: numbers('n', 'clusterSize', 'icc', 'sizeVariation'),
  postStratify: fc.tuple(list(stratum)),
  postStratifiedNps: of({ strata: list(stratum) }),
  postStratifiedMean: of({ strata: list(stratum) }),
  rake: of({
    cells: list(
      fc.record({ categories: fc.record({ a: category('a'), b: category('b') }), weight: edge, n: count }),
    ),
    margins: fc.record({ a: fc.record({ a0: edge, a1: edge }), b: fc.record({ b0: edge, b1: edge }) }),
    maxIterations: fc.constant(50),
    cap: fc.option(edge, { nil: undefined }),
  }),
  inversePropensity: of({ propensities: list(edge), trim: edge, total: edge }),
  balanceTable: of({
    population: list(fc.record({ name: fc.constant('x'), mean: edge, sd: edge }), 1),
    respondents: list(list(edge, 1), 3),
    weights: list(edge, 3),
  }),
  nonResponseBounds: of({
    value: edge,
    responseRate: edge,
    se: edge,
    maxDifference: fc.option(edge, { nil: undefined }),
  }),
  tippingPoint: numbers('value', 'threshold', 'responseRate'),
  momentsFromRows: of({ variables: fc.constant(variables), rows }),
  momentsFromAggregates: of({
    variables: fc.constant(['a']),
    rows: list(
      fc.record({
        n: count,
        sums: list(edge, 1),
        products: list(edge, 1),
        weight: fc.option(edge, { nil: undefined }),
      }),
    ),
  }),
  summarise: of({ moments, missing: fc.constantFrom('listwise', 'pairwise') }),
  correlation: of({ moments, missing: fc.constantFrom('listwise', 'pairwise') }),
  emMoments: of({ moments, maxIterations: fc.constant(100) }),
  mergeMoments: fc.tuple(fc.tuple(moments, moments)),
  subtractMoments: of({ whole: moments, part: moments }),
  suppress: of({
    table: of({ cells: list(fc.record({ id: category('c'), n: count })), sums: fc.constant([]) }).map(
      ([t]) => t,
    ),
    minimumN: edge,
  }),
  auditDisclosure: of({
    table: of({ cells: list(fc.record({ id: category('c'), n: count })), sums: fc.constant([]) }).map(
      ([t]) => t,
    ),
    hidden: list(category('c')),
    minimumN: edge,
  }),
}

function isFiniteThroughout(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isFiniteThroughout)
}

describe('on numbers that break formulas a function answers with finite numbers or refuses in words', () => {
  it.each(Object.entries(calls))('%s', (name, args) => {
    fc.assert(
      fc.property(args, (drawn) => {
        const result: unknown = Reflect.apply(Reflect.get(statistics, name), undefined, drawn)
        if (isRefusal(result)) expect(result.reason).toMatch(/^\[\w+\] /)
        else expect(isFiniteThroughout(result), JSON.stringify(result)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})
