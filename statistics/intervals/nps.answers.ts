/** Worked NPS intervals and comparisons, in points, from the trinomial formulas in independent arithmetic. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'
import {
  adjustedWald,
  npsDifference,
  npsSampleSizeForMargin,
  npsWald,
  weightedNps,
  weightedSums,
} from './index.ts'

/** Promoters, passives, detractors → NPS, SE, Wald margin | adjusted centre, adjusted margin. */
const TABLE: readonly (readonly number[])[] = [
  [162, 108, 54, 33.333333, 4.140867, 8.115949, 33.027523, 8.082272],
  [60, 25, 15, 45, 7.399324, 14.502409, 43.68932, 14.346209],
  [50, 30, 20, 30, 7.81025, 15.307808, 29.126214, 15.075083],
  [20, 5, 5, 50, 13.944334, 27.33039, 45.454545, 26.349159],
  [33, 27, 40, -7, 8.51528, 16.689643, -6.796117, 16.371857],
  [400, 350, 250, 15, 2.504995, 4.9097, 14.955135, 4.901124],
  [10, 0, 0, 100, 0, 0, 76.923077, 29.419525],
  [0, 0, 10, -100, 0, 0, -76.923077, 29.419525],
]

const HALF = 1.959963984540054

function ofCounts(row: readonly number[]): KnownAnswer[] {
  const [
    promoters = 0,
    passives = 0,
    detractors = 0,
    nps = 0,
    se = 0,
    margin = 0,
    centre = 0,
    adjustedMargin = 0,
  ] = row
  const counts = { promoters, passives, detractors }
  const name = `${promoters}/${passives}/${detractors}`
  return [
    { what: `${name} NPS`, got: () => accepted(npsWald(counts)).value, want: nps },
    { what: `${name} SE`, got: () => accepted(npsWald(counts)).se, want: se },
    {
      what: `${name} Wald margin`,
      got: () => accepted(npsWald(counts)).high - accepted(npsWald(counts)).value,
      want: margin,
    },
    { what: `${name} adjusted centre`, got: () => accepted(adjustedWald(counts)).centre, want: centre },
    {
      what: `${name} adjusted margin`,
      got: () => HALF * accepted(adjustedWald(counts)).se,
      want: adjustedMargin,
    },
  ]
}

const a = { promoters: 60, passives: 25, detractors: 15 }
const b = { promoters: 50, passives: 30, detractors: 20 }
const finite = { promoters: 200, passives: 175, detractors: 125, populationSize: 2000 }

/** Scores 10, 9, 9, 8, 7, 6, 3, 10, 0, 9 as 1, 0 and −1. */
const values = [1, 1, 1, 0, 0, -1, -1, 1, -1, 1]
const weights = [1, 2, 1, 1, 3, 2, 1, 1, 2, 1]
const weighted = () =>
  accepted(
    weightedNps(accepted(weightedSums(values.map((value, i) => ({ value, weight: weights[i] ?? 0 }))))),
  )

export const answers: KnownAnswers = {
  source:
    'Trinomial Wald and adjusted Wald (Rocks 2016; MeasuringU), recomputed; R 4.2.2 survey::svymean for the weighted NPS',
  tolerance: 5e-6,
  cases: [
    ...TABLE.flatMap(ofCounts),
    {
      what: '(10,0,0) clamped low',
      got: () => accepted(adjustedWald({ promoters: 10, passives: 0, detractors: 0 })).low,
      want: 47.503552,
    },
    {
      what: '(10,0,0) clamped high',
      got: () => accepted(adjustedWald({ promoters: 10, passives: 0, detractors: 0 })).high,
      want: 100,
    },
    { what: 'adjusted test: SE', got: () => accepted(npsDifference({ a, b })).se, want: 10.617735 },
    {
      what: 'adjusted test: centre',
      got: () => accepted(npsDifference({ a, b })).statistic * 10.617735,
      want: 14.563107,
    },
    { what: 'adjusted test: z', got: () => accepted(npsDifference({ a, b })).statistic, want: 1.371583 },
    { what: 'adjusted test: p', got: () => accepted(npsDifference({ a, b })).p, want: 0.170193 },
    {
      what: 'Wald test: difference',
      got: () => accepted(npsDifference({ a, b, method: 'wald' })).value,
      want: 15,
    },
    {
      what: 'Wald test: SE',
      got: () => accepted(npsDifference({ a, b, method: 'wald' })).se,
      want: 10.758717,
    },
    {
      what: 'Wald test: z',
      got: () => accepted(npsDifference({ a, b, method: 'wald' })).statistic,
      want: 1.394218,
    },
    { what: 'Wald test: p', got: () => accepted(npsDifference({ a, b, method: 'wald' })).p, want: 0.163252 },
    {
      what: '500 of 2,000: Wald margin',
      got: () => accepted(npsWald(finite)).high - accepted(npsWald(finite)).value,
      want: 6.014634,
    },
    {
      what: 'n for ±5 points, v = 1',
      got: () => accepted(npsSampleSizeForMargin({ margin: 5 })),
      want: 1537,
    },
    {
      what: 'n for ±5 points, v = .6',
      got: () => accepted(npsSampleSizeForMargin({ margin: 5, variance: 0.6 })),
      want: 922,
    },
    { what: 'weighted NPS', got: () => weighted().value, want: 6.666667 },
    { what: 'weighted linearised SE', got: () => weighted().se, want: 29.189321 },
    { what: 'Kish n', got: () => weighted().effectiveN, want: 8.333333 },
  ],
}
