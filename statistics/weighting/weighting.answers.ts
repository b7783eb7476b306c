/** Raking of the California schools sample against R's survey package, a four-by-four table, and an exact response-weighting case. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { postStratifiedNps, postStratify, rake } from './index.ts'

const BASE_WEIGHT = 33.847
/** School type, whether it met its school-wide target, schools sampled, mean score, raked weight. */
const SCHOOLS = [
  ['E', 'No', 12, 596.333333, 39.8385094],
  ['E', 'Yes', 132, 653.643939, 29.8704639],
  ['H', 'No', 3, 659.333333, 67.1257826],
  ['H', 'Yes', 11, 607.454545, 50.3301528],
  ['M', 'No', 8, 606.375, 49.0700674],
  ['M', 'Yes', 17, 643.235294, 36.7921817],
] as const
const TYPES = { E: 4421, H: 755, M: 1018 }

const raked = accepted(
  rake({
    cells: SCHOOLS.map(([type, met, n]) => ({ categories: { type, met }, n, weight: n * BASE_WEIGHT })),
    margins: { type: TYPES, met: { No: 1072, Yes: 5122 } },
    // R stops as soon as no cell total moves by more than one school: after four rounds.
    tolerance: 1e-4,
  }),
)
const byType = accepted(
  postStratify(
    Object.entries(TYPES).map(([stratum, population]) => ({
      stratum,
      population,
      n: SCHOOLS.filter(([type]) => type === stratum).reduce((sum, [, , n]) => sum + n, 0),
    })),
  ),
)
const meanUnder = (weight: (i: number) => number) => {
  const sum = (of: (i: number) => number) => SCHOOLS.reduce((total, _, i) => total + of(i), 0)
  return sum((i) => weight(i) * (SCHOOLS[i]?.[3] ?? 0)) / sum(weight)
}
const typeWeight = (i: number) =>
  (byType.strata.find(({ stratum }) => stratum === SCHOOLS[i]?.[0])?.weight ?? 0) * (SCHOOLS[i]?.[2] ?? 0)

const SEED = [
  [40, 30, 20, 10],
  [35, 50, 100, 75],
  [30, 80, 70, 120],
  [20, 30, 40, 50],
]
const FITTED = [
  [64.55851, 46.23246, 35.3843, 3.82473],
  [49.96792, 68.15935, 156.49855, 25.37418],
  [56.72194, 144.42823, 145.08248, 53.76735],
  [28.75163, 41.17996, 63.03467, 17.03374],
]
const table = accepted(
  rake({
    cells: SEED.flatMap((row, r) =>
      row.map((n, c) => ({ categories: { row: `${r}`, column: `${c}` }, n, weight: n })),
    ),
    margins: { row: { 0: 150, 1: 300, 2: 400, 3: 150 }, column: { 0: 200, 1: 300, 2: 400, 3: 100 } },
  }),
)

const active = { stratum: 'active', population: 6000, promoters: 540, passives: 240, detractors: 120 }
const lapsing = { stratum: 'lapsing', population: 4000, promoters: 40, passives: 30, detractors: 30 }
const weighted = accepted(postStratifiedNps({ strata: [active, lapsing] }))

export const answers: KnownAnswers = {
  source:
    'R 4.2.2 survey::rake and postStratify on apiclus1; the Wikipedia example of iterative proportional fitting; exact arithmetic',
  tolerance: 1e-5,
  cases: [
    ...SCHOOLS.map(([type, met, , , want], i) => ({
      what: `raked weight ${type} ${met}`,
      got: () => raked.unitWeights[i] ?? Number.NaN,
      want,
    })),
    ...FITTED.flatMap((row, r) =>
      row.map((want, c) => ({
        what: `four by four ${r + 1},${c + 1}`,
        got: () => table.totals[4 * r + c] ?? Number.NaN,
        want,
      })),
    ),
    { what: 'response-weighted NPS', got: () => weighted.value, want: 32 },
    { what: 'its standard error', got: () => weighted.se, want: 3.619699 },
    { what: 'its effective n', got: () => weighted.effectiveN, want: 500 },
  ],
}

export const meanAnswers: KnownAnswers = {
  source: 'R 4.2.2 survey::svymean of api00 under base, raked and post-stratified weights',
  tolerance: 1e-4,
  cases: [
    { what: 'base', got: () => meanUnder((i) => SCHOOLS[i]?.[2] ?? 0), want: 644.1694 },
    { what: 'raked', got: () => meanUnder((i) => raked.totals[i] ?? 0), want: 641.2302 },
    { what: 'post-stratified on type', got: () => meanUnder(typeWeight), want: 642.3108 },
  ],
}
