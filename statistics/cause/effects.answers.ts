/** Known answers of effects: the g-formula toy, doubly robust cell counts, the aspirin trial, E-values, relative risks. */
import { accepted } from '#statistics/accepted.ts'
import { mantelHaenszel } from '#statistics/change/index.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { aipw } from './aipw.ts'
import { type EValueOptions, eValue } from './e-value.ts'
import { gFormula } from './g-formula.ts'
import { ipw } from './ipw.ts'
import { relativeRisks } from './relative-risks.ts'

const binary = (stratum: string, treated: boolean, n: number, sum: number) => ({
  stratum,
  treated,
  n,
  sum,
  sumOfSquares: sum,
})

const heart = [
  binary('0', false, 4, 1),
  binary('0', true, 4, 1),
  binary('1', false, 3, 2),
  binary('1', true, 9, 6),
]
const estimators = { gFormula, ipw, aipw }
const crude = heart.map((cell) => ({ ...cell, stratum: 'all' }))

export const answers: KnownAnswers = {
  source: 'Hernán & Robins, Causal Inference: What If, table 2.2 (heart transplants)',
  tolerance: 1e-12,
  cases: [
    ...Object.entries(estimators).flatMap(([name, estimate]) => [
      {
        what: `${name}: risk if all treated`,
        got: () => accepted(estimate({ cells: heart })).treatedMean,
        want: 0.5,
      },
      {
        what: `${name}: risk if none`,
        got: () => accepted(estimate({ cells: heart })).untreatedMean,
        want: 0.5,
      },
      {
        what: `${name}: risk ratio`,
        got: () => accepted(estimate({ cells: heart })).ratio?.value ?? Number.NaN,
        want: 1,
      },
    ]),
    {
      what: 'crude risk, treated',
      got: () => accepted(gFormula({ cells: crude })).treatedMean,
      want: 7 / 13,
    },
    {
      what: 'crude risk, untreated',
      got: () => accepted(gFormula({ cells: crude })).untreatedMean,
      want: 3 / 7,
    },
  ],
}

const answered = [
  { stratum: 'active', treated: true, n: 900, sum: 420, sumOfSquares: 660 },
  { stratum: 'active', treated: false, n: 5100, sum: 0, sumOfSquares: 0 },
  { stratum: 'lapsing', treated: true, n: 100, sum: 10, sumOfSquares: 70 },
  { stratum: 'lapsing', treated: false, n: 3900, sum: 0, sumOfSquares: 0 },
]

export const nonResponse: KnownAnswers = {
  source:
    'Exact toy: NPS answered by .15 of 6,000 active (540, 240, 120) and .025 of 4,000 lapsing (40, 30, 30)',
  tolerance: 1e-12,
  cases: [
    { what: 'NPS of everybody', got: () => 100 * accepted(aipw({ cells: answered })).treatedMean, want: 32 },
    {
      what: 'NPS of everybody, weighted',
      got: () =>
        100 * accepted(ipw({ cells: answered, propensities: { active: 0.15, lapsing: 0.025 } })).treatedMean,
      want: 32,
    },
    {
      what: 'NPS of those who answered',
      got: () => 100 * accepted(aipw({ cells: answered, target: 'treated' })).treatedMean,
      want: 43,
    },
  ],
}

const trial = () =>
  accepted(
    mantelHaenszel({
      strata: [{ stratum: 'all', a: { successes: 189, n: 11034 }, b: { successes: 104, n: 11037 } }],
    }),
  )

export const aspirin: KnownAnswers = {
  source:
    'Physicians’ Health Study (Agresti, Categorical Data Analysis): 189 of 11,034 on placebo, 104 of 11,037 on aspirin',
  tolerance: 1e-6,
  cases: [
    { what: 'risk ratio', got: () => trial().riskRatio.value, want: 1.817802 },
    { what: 'risk ratio, low', got: () => trial().riskRatio.low, want: 1.433031 },
    { what: 'risk ratio, high', got: () => trial().riskRatio.high, want: 2.305884 },
    { what: 'odds ratio', got: () => trial().oddsRatio.value, want: 1.832054 },
    { what: 'odds ratio, low', got: () => trial().oddsRatio.low, want: 1.440042 },
    { what: 'odds ratio, high', got: () => trial().oddsRatio.high, want: 2.33078 },
  ],
}

const published: readonly (readonly [string, EValueOptions, number, number])[] = [
  [
    'no breastfeeding and infant death by respiratory infection',
    { value: 3.9, low: 1.8, high: 8.7 },
    7.26,
    3,
  ],
  ['a protective ratio', { value: 0.8, low: 0.71, high: 0.91 }, 1.81, 1.43],
]

export const eValues: KnownAnswers = {
  source: 'VanderWeele & Ding, Annals of Internal Medicine 2017 (printed to two decimals)',
  tolerance: 0.005,
  cases: published.flatMap(([what, options, point, limit]) => [
    { what: `${what}: estimate`, got: () => accepted(eValue(options)).point, want: point },
    { what: `${what}: limit`, got: () => accepted(eValue(options)).limit ?? Number.NaN, want: limit },
  ]),
}

const churn = () =>
  accepted(
    relativeRisks({
      groups: [
        { group: 'dissatisfied', events: 630, n: 2100 },
        { group: 'neutral', events: 210, n: 3900 },
        { group: 'satisfied', events: 160, n: 4000 },
      ],
    }),
  )

export const twoMeaningsOfThreeTimes: KnownAnswers = {
  source: 'Exact toy: shares 21/39/40 %, 630, 210, 160 of 10,000 leave',
  tolerance: 5e-4,
  cases: [
    ...[3, 0.538, 0.4].map((want, i) => ({
      what: `against the average, group ${i}`,
      got: () => churn()[i]?.againstAverage.value ?? Number.NaN,
      want,
    })),
    ...[6.405, 0.416, 0.286].map((want, i) => ({
      what: `against the rest, group ${i}`,
      got: () => churn()[i]?.againstRest.value ?? Number.NaN,
      want,
    })),
    {
      what: 'Σ share · ratio',
      got: () => churn().reduce((sum, { share, againstAverage }) => sum + share * againstAverage.value, 0),
      want: 1,
    },
  ],
}
