/** Published customer models: sBG of Fader and Hardie, CDNOW by BG/NBD and gamma-gamma, lifetime value. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'

import { bgNbd, type HistoryCell } from './bg-nbd.ts'
import { aliveProbability, expectedPurchases, expectedPurchasesOfNew } from './bg-nbd-forecast.ts'
import cdnow from './cdnow.frozen.json' with { type: 'json' }
import { contractResidualLifetime, contractSurvival } from './contract-lifetime.ts'
import { earnedGrowth } from './earned-growth.ts'
import { expectedSpend, gammaGamma } from './gamma-gamma.ts'
import { constantLifetimeValue } from './lifetime-value.ts'
import { sbgLogLikelihood, shiftedBetaGeometric } from './shifted-beta-geometric.ts'

function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}
/** Computed at the first question, as fits take a second. */
function once<T>(compute: () => T): () => T {
  let kept: { value: T } | undefined
  return () => (kept ??= { value: compute() }).value
}

const highEnd = [1, 0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491]
const regular = [1, 0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241]
const sbg = (cohort: readonly number[]) => accepted(shiftedBetaGeometric([cohort]))

const histories = (): HistoryCell[] => [
  ...cdnow.neverBack.map(([age = 0, customers = 0]) => ({ frequency: 0, recency: 0, age, customers })),
  ...cdnow.back.map(([frequency = 0, recency = 0, age = 0]) => ({ frequency, recency, age, customers: 1 })),
]
const counts = once(() => accepted(bgNbd(histories())))
const spend = once(() =>
  accepted(
    gammaGamma(
      cdnow.back.map(([frequency = 1, , , meanSpend = 1]) => ({ frequency, meanSpend, customers: 1 })),
    ),
  ),
)
const customers = [
  { frequency: 2, recency: 30.43, age: 38.86 },
  { frequency: 7, recency: 20, age: 38 },
  { frequency: 0, recency: 0, age: 30 },
]

export const answers: KnownAnswers[] = [
  {
    source: 'Fader & Hardie 2007, High End and Regular; jdmaturen/shifted_beta_geometric_py',
    tolerance: 1e-6,
    cases: [
      ...each('high end α, β', [0.66808836, 3.80609498], () => [sbg(highEnd).alpha, sbg(highEnd).beta]),
      ...each('regular α, β', [0.70407732, 1.18204306], () => [sbg(regular).alpha, sbg(regular).beta]),
      { what: 'log-likelihood', want: -1.61115815, got: () => sbg(highEnd).logLikelihood },
      { what: 'log-likelihood at (1, 1)', want: -2.11554551, got: () => sbgLogLikelihood([highEnd], 1, 1) },
    ],
  },
  {
    source: 'Fader & Hardie 2007, fitted and forecast survival in percent, years 1–12',
    tolerance: 0.051,
    cases: each('survival', [85.1, 74.7, 67.0, 61.0, 56.2, 52.2, 48.9, 46.0, 43.6, 41.4, 39.5, 37.8], () =>
      Array.from({ length: 12 }, (_, i) => 100 * accepted(contractSurvival({ ...sbg(highEnd), t: i + 1 }))),
    ),
  },
  {
    source:
      'Fader & Hardie 2010 and shifted_beta_geometric_py: DERL at d = .1, whose "n = 7" counts decisions (6 renewals) or renewals',
    tolerance: 5.1e-4,
    cases: each('DERL', [7.345, 7.53], () =>
      [6, 7].map((renewals) =>
        accepted(contractResidualLifetime({ alpha: 0.668, beta: 3.806, discount: 0.1, renewals })),
      ),
    ),
  },
  {
    source: 'Fader, Hardie, Lee 2005, CDNOW: r .243, α 4.414, a .793, b 2.426, LL −9582.4',
    tolerance: 5.1e-4,
    cases: each('r, α, a, b', [0.243, 4.414, 0.793, 2.426], () => [
      counts().r,
      counts().alpha,
      counts().a,
      counts().b,
    ]),
  },
  {
    source: 'Fader, Hardie, Lee 2005, CDNOW: log-likelihood',
    tolerance: 0.051,
    cases: [{ what: 'LL', want: -9582.4, got: () => counts().logLikelihood }],
  },
  {
    source: 'lifetimes 0.11.3 on CDNOW (oracles/cdnow-lifetimes.py)',
    tolerance: 2e-6,
    relative: true,
    cases: [
      ...each(
        'r, α, a, b',
        [0.24259292827982148, 4.413532265271809, 0.7928859664406578, 2.4257523826257374],
        () => [counts().r, counts().alpha, counts().a, counts().b],
      ),
      ...each('P(alive)', [0.7266091367990596, 0.1628829713894684], () =>
        customers.slice(0, 2).map((history) => accepted(aliveProbability(counts(), history))),
      ),
      ...each('purchases in 39 weeks', [1.2259104241744068, 0.8609320475256426, 0.23899490465615014], () =>
        customers.map((history) => accepted(expectedPurchases(counts(), { history, horizon: 39 }))),
      ),
      {
        what: 'purchases of a new customer',
        want: 1.195016228446194,
        got: () => accepted(expectedPurchasesOfNew(counts(), 39)),
      },
    ],
  },
  {
    source: 'lifetimes 0.11.3 on CDNOW, gamma-gamma; Fader & Hardie 2013: p 6.25, q 3.74, v 15.44',
    tolerance: 2e-5,
    relative: true,
    cases: [
      ...each('p, q, v', [6.24880249607099, 3.7445884609237634, 15.447748064943575], () => [
        spend().p,
        spend().q,
        spend().v,
      ]),
      ...each('expected spend', [24.65861618923827, 35.17100215250688], () => [
        accepted(expectedSpend(spend(), { frequency: 2, meanSpend: 22.35 })),
        accepted(expectedSpend(spend(), { frequency: 0, meanSpend: 0 })),
      ]),
    ],
  },
  {
    source:
      'constant lifetime value m·r/(1+i−r), and earned growth of Reichheld, Darnell, Burns 2021, by hand',
    tolerance: 1e-9,
    cases: [
      {
        what: 'after the first period',
        want: 800 / 3,
        got: () => accepted(constantLifetimeValue({ margin: 100, retention: 0.8, discount: 0.1 })),
      },
      {
        what: 'with the first period',
        want: 1100 / 3,
        got: () =>
          accepted(constantLifetimeValue({ margin: 100, retention: 0.8, discount: 0.1, includeFirst: true })),
      },
      {
        what: 'earned growth rate',
        want: 0.22,
        got: () =>
          accepted(
            earnedGrowth({
              lastRevenue: 1000,
              retainedRevenue: 1130,
              earnedNewRevenue: 90,
              boughtNewRevenue: 60,
            }),
          ).earnedGrowthRate,
      },
    ],
  },
]
