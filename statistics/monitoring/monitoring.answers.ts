/** Published control charts, Rosner's outliers, and STL against statsmodels. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'

import { pChart, uChart } from './attribute-charts.ts'
import { cusum } from './cusum.ts'
import { ewma } from './ewma.ts'
import { generalisedEsd } from './generalised-esd.ts'
import { individualsChart } from './individuals-chart.ts'
import { stl, type StlInput } from './stl.ts'

const numbers = (text: string) => text.trim().split(/\s+/).map(Number)
function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}

const flow = numbers('49.6 47.6 49.9 51.3 47.8 51.2 52.6 52.4 53.6 52.1')
const smoothed = [...numbers('52.0 47.0 53.0 49.3 50.1 47.0 51.0 50.1 51.2 50.5'), ...flow]
const shifted =
  numbers(`324.925 324.675 324.725 324.350 325.350 325.225 324.125 324.525 325.225 324.600 324.625 325.150
  328.325 327.250 327.825 328.500 326.675 327.775 326.875 328.350`)
const cans = numbers('12 15 8 10 4 7 16 9 14 10 5 6 17 12 22 8 10 5 13 11 20 18 24 15 9 12 7 13 9 6')
const wafers = numbers('16 14 28 16 12 20 10 12 10 17 19 17 14 16 15 13 14 16 11 20 11 19 16 31 13')
const rosner =
  numbers(`-.25 .68 .94 1.15 1.20 1.26 1.26 1.34 1.38 1.43 1.49 1.49 1.55 1.56 1.58 1.65 1.69 1.70 1.76 1.77
  1.81 1.91 1.94 1.96 1.99 2.06 2.09 2.10 2.14 2.15 2.23 2.24 2.26 2.35 2.37 2.40 2.47 2.54 2.62 2.64 2.90 2.92 2.92
  2.93 3.21 3.26 3.30 3.59 3.68 4.30 4.64 5.34 5.42 6.01`)

/** 70 days: trend, week, a rough term, and two spikes; the same line as in stl-statsmodels.py. */
const spiky = Array.from({ length: 70 }, (_, i) => {
  const value = 50 + 0.1 * i + 5 * Math.sin((2 * Math.PI * i) / 7) + 3 * Math.cos(i * i * 0.37)
  return Math.round(1000 * (value + (i === 20 || i === 41 ? 25 : 0))) / 1000
})
const at = [0, 20, 69]
function stlCases(
  what: string,
  options: Partial<StlInput>,
  trend: number[],
  season: number[],
): KnownAnswer[] {
  const parts = () => accepted(stl({ values: spiky, period: 7, lowPass: 9, ...options }))
  return [
    ...each(`${what} trend`, trend, () => at.map((i) => parts().trend[i] ?? Number.NaN)),
    ...each(`${what} season`, season, () => at.map((i) => parts().seasonal[i] ?? Number.NaN)),
  ]
}

export const answers: KnownAnswers[] = [
  {
    source: 'NIST/SEMATECH e-Handbook 6.3.2.2, individuals chart',
    tolerance: 6e-5,
    cases: [
      { what: 'centre', want: 50.81, got: () => accepted(individualsChart({ values: flow })).centre },
      {
        what: 'mean moving range',
        want: 1.8778,
        got: () => accepted(individualsChart({ values: flow })).meanMovingRange,
      },
      {
        what: 'upper limit',
        want: 55.8041,
        got: () => accepted(individualsChart({ values: flow })).points[0]?.high ?? 0,
      },
      {
        what: 'lower limit',
        want: 45.8159,
        got: () => accepted(individualsChart({ values: flow })).points[0]?.low ?? 0,
      },
    ],
  },
  {
    source: 'NIST/SEMATECH e-Handbook 6.3.2.4, EWMA',
    tolerance: 5.1e-3,
    cases: each(
      'average',
      numbers(`50.60 49.52 50.56 50.18 50.16 49.21 49.75 49.85 50.26 50.33 50.11 49.36 49.52 50.05 49.38 49.92 50.73 51.23
        51.94 51.99`),
      () =>
        accepted(ewma({ values: smoothed, lambda: 0.3, target: 50, sigma: 2.0539 })).points.map(
          (p) => p.value,
        ),
    ),
  },
  {
    source: 'NIST/SEMATECH e-Handbook 6.3.2.4, EWMA limits',
    tolerance: 6e-5,
    cases: [
      {
        what: 'upper limit',
        want: 52.5884,
        got: () =>
          accepted(ewma({ values: smoothed, lambda: 0.3, target: 50, sigma: 2.0539 })).points[0]?.high ?? 0,
      },
      {
        what: 'lower limit',
        want: 47.4116,
        got: () =>
          accepted(ewma({ values: smoothed, lambda: 0.3, target: 50, sigma: 2.0539 })).points[0]?.low ?? 0,
      },
    ],
  },
  {
    source: 'NIST/SEMATECH e-Handbook 6.3.2.3, tabular CUSUM',
    tolerance: 5.1e-3,
    cases: [
      ['S_hi(14)', 4.94, 13],
      ['S_hi(20)', 19.04, 19],
    ].map(([what, want, i]) => ({
      what: String(what),
      want: Number(want),
      got: () =>
        accepted(cusum({ values: shifted, target: 325, slack: 0.3175, decision: 4.1959 })).points[Number(i)]
          ?.high ?? 0,
    })),
  },
  {
    source: 'NIST/SEMATECH e-Handbook 6.3.3.1, defects on 25 wafers (c-chart)',
    tolerance: 1e-9,
    cases: each('centre and limits', [16, 28, 4], () => {
      const chart = accepted(uChart({ periods: wafers.map((count) => ({ count, n: 1 })) }))
      return [chart.centre, chart.points[0]?.high ?? 0, chart.points[0]?.low ?? 0]
    }),
  },
  {
    source: 'Montgomery, orange juice cans (p-chart)',
    tolerance: 1e-6,
    cases: each('centre and limits', [0.2313333, 0.4102391, 0.0524275], () => {
      const chart = accepted(pChart({ periods: cans.map((count) => ({ count, n: 50 })) }))
      return [chart.centre, chart.points[0]?.high ?? 0, chart.points[0]?.low ?? 0]
    }),
  },
  {
    source: 'Rosner 1983, NIST/SEMATECH e-Handbook 1.3.5.17.3, generalised ESD',
    tolerance: 1e-3,
    cases: [
      ...each('R', [3.119, 2.943, 3.179, 2.81], () =>
        accepted(generalisedEsd({ values: rosner, most: 10 })).steps.map((step) => step.statistic),
      ),
      ...each('λ', [3.159, 3.151, 3.144, 3.136], () =>
        accepted(generalisedEsd({ values: rosner, most: 10 })).steps.map((step) => step.critical),
      ),
      {
        what: 'number of outliers',
        want: 3,
        got: () => accepted(generalisedEsd({ values: rosner, most: 10 })).outliers.length,
      },
    ],
  },
  {
    source: 'statsmodels 0.15.0 STL (oracles/stl-statsmodels.py)',
    tolerance: 1e-10,
    cases: [
      ...stlCases(
        'plain',
        {},
        [50.71020482332507, 56.03064882040136, 55.3386639212667],
        [1.2483979231600946, 2.502226063790395, -7.3013836692101295],
      ),
      ...stlCases(
        'robust',
        { robust: true },
        [51.71163560991344, 53.60150621356481, 54.898446397909105],
        [1.3540265506367062, -2.511120683519118, -3.7069723289223444],
      ),
      ...stlCases(
        'local means over 13',
        { seasonal: 13, seasonalDegree: 0 },
        [52.636805599002756, 56.259096847140334, 53.816912561222196],
        [-0.4742508604637922, 2.4862836422595476, 0.20620313179325295],
      ),
    ],
  },
]
