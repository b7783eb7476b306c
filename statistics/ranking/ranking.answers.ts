/** Published shrinkage and comparisons: BCG trials, eight schools, rat tumours, P(A > B). */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'

import type { BetweenVariance } from './between-variance.ts'
import { probabilityAboveBeta } from './probability-above.ts'
import { shrinkBetaBinomial } from './shrink-beta-binomial.ts'
import { shrinkNormal } from './shrink-normal.ts'

const numbers = (text: string) => text.trim().split(/\s+/).map(Number)
function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}

/** Tuberculosis with and without vaccine: cases and others, vaccinated then not (Colditz et al. 1994). */
const bcg =
  `4 119 11 128/6 300 29 274/3 228 11 209/62 13536 248 12619/33 5036 47 5761/180 1361 372 1079/8 2537 10 619
/505 87886 499 87892/29 7470 45 7232/17 1699 65 1600/186 50448 141 27197/5 2493 3 2338/27 16886 29 17825`
    .split('/')
    .map(numbers)
const logRisk = bcg.map(([a = 0, b = 0, c = 0, d = 0]) => Math.log((a * (c + d)) / (c * (a + b))))
const errors = bcg.map(([a = 0, b = 0, c = 0, d = 0]) => Math.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
const meta = (method: BetweenVariance) => () => {
  const fit = accepted(shrinkNormal({ values: logRisk, se: errors, method }))
  return [fit.betweenVariance, fit.mean, fit.meanSe]
}

/** Tumours in 71 groups of rats (Tarone 1982). */
const tumours =
  numbers(`0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 1 1 1 1 2 2 2 2 2 2 2 2 2 1 5 2 5 3 2 7 7 3 3 2 9 10 4 4 4 4 4 4 4 10 4 4 4
  5 11 12 5 5 6 5 6 6 6 6 16 15 15 9 4`)
const rats =
  numbers(`20 20 20 20 20 20 20 19 19 19 19 18 18 17 20 20 20 20 19 19 18 18 25 24 23 20 20 20 20 20 20 10 49 19 46 27 17
  49 47 20 20 13 48 50 20 20 20 20 20 20 20 48 19 19 19 22 46 49 20 20 23 19 22 20 20 20 52 46 47 24 14`)
const tumourFit = () =>
  accepted(shrinkBetaBinomial({ units: tumours.map((successes, i) => ({ successes, n: rats[i] ?? 0 })) }))

const pairs: [[number, number], [number, number], number][] = [
  [[2, 1], [1, 2], 5 / 6],
  [[31, 71], [25, 76], 0.8174798468137986],
  [[5000, 5100], [4900, 5100], 0.7630033503291822],
  [[1, 1], [900, 2], 2 / 902],
]

export const answers: KnownAnswers[] = [
  {
    source: 'BCG vaccine trials, documentation of the R package metafor (REML, DL, PM/EB), 4 decimals',
    tolerance: 5.1e-5,
    cases: [
      ...each('REML τ², mean, SE', [0.3132, -0.7145, 0.1798], meta('reml')),
      ...each('DerSimonian–Laird τ², mean, SE', [0.3088, -0.7141, 0.1787], meta('dersimonian-laird')),
      ...each('Paule–Mandel τ²', [0.3181], meta('paule-mandel')),
      { what: 'Q', want: 152.233, got: () => accepted(shrinkNormal({ values: logRisk, se: errors })).q },
    ],
  },
  {
    source: 'BCG vaccine trials, statsmodels 0.15.0 combine_effects (oracles/ranking-scipy.py)',
    tolerance: 1e-9,
    cases: [
      ...each(
        'DerSimonian–Laird',
        [0.3087602628623761, -0.7141172220732273, 0.1787420895354031],
        meta('dersimonian-laird'),
      ),
      ...each(
        'Paule–Mandel',
        [0.31806845220502394, -0.7149681534934442, 0.18089219153762348],
        meta('paule-mandel'),
      ),
    ],
  },
  {
    source:
      'Eight schools (Rubin 1981; Gelman et al., Bayesian Data Analysis 5.5): complete pooling 7.7 ± 4.1',
    tolerance: 0.051,
    cases: each('mean, SE', [7.7, 4.1], () => {
      const fit = accepted(
        shrinkNormal({ values: [28, 8, -3, 7, -1, 1, 18, 12], se: [15, 10, 16, 11, 9, 11, 10, 18] }),
      )
      return [fit.mean, fit.meanSe]
    }),
  },
  {
    source: 'Rat tumours (Tarone 1982), beta-binomial by scipy 1 (oracles/ranking-scipy.py)',
    tolerance: 1e-6,
    relative: true,
    cases: each('α, β', [2.3416142961735993, 14.114805073436608], () => [
      tumourFit().alpha,
      tumourFit().beta,
    ]),
  },
  {
    source: 'P(A > B) of two Betas: exact fractions and scipy.integrate.quad (oracles/ranking-scipy.py)',
    tolerance: 1e-11,
    cases: pairs.map(([[a, b], [c, d], want]) => ({
      what: `Beta(${a}, ${b}) over Beta(${c}, ${d})`,
      want,
      got: () => accepted(probabilityAboveBeta({ alpha: a, beta: b }, { alpha: c, beta: d })),
    })),
  },
]
