/** Published logistic regressions: mtcars, Physicians' aspirin, Copenhagen housing. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'

import { logit, type BinomialCell } from './logit.ts'
import type { OrdinalCell } from './ordinal-likelihood.ts'
import { ordinalLogit, ordinalProbabilities } from './ordinal-logit.ts'

function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}

/** mtcars: am on wt and hp. */
const mtcars: readonly BinomialCell[] = `
1/2.62/110 1/2.875/110 1/2.32/93 0/3.215/110 0/3.44/175 0/3.46/105 0/3.57/245 0/3.19/62 0/3.15/95 0/3.44/123 0/3.44/123
0/4.07/180 0/3.73/180 0/3.78/180 0/5.25/205 0/5.424/215 0/5.345/230 1/2.2/66 1/1.615/52 1/1.835/65 0/2.465/97 0/3.52/150
0/3.435/150 0/3.84/245 0/3.845/175 1/1.935/66 1/2.14/91 1/1.513/113 1/3.17/264 1/2.77/175 1/3.57/335 1/2.78/109`
  .trim()
  .split(/\s+/)
  .map((row) => row.split('/').map(Number))
  .map(([am = 0, wt = 0, hp = 0]) => ({ x: [wt, hp], positives: am, negatives: 1 - am }))

/** MASS::housing: contact, type of housing, then low/medium/high satisfaction for low | medium | high influence. */
const housingCounts = `
0 Tower 21 21 28 34 22 36 10 11 36
0 Apartment 61 23 17 43 35 40 26 18 54
0 Atrium 13 9 10 8 8 12 6 7 9
0 Terrace 18 6 7 15 13 13 7 5 11
1 Tower 14 19 37 17 23 40 3 5 23
1 Apartment 78 46 43 48 45 86 15 25 62
1 Atrium 20 23 20 10 22 24 7 10 21
1 Terrace 57 23 13 31 21 13 5 6 13`

/** Features: influence medium, influence high, apartment, atrium, terrace, contact high. */
const housing: readonly OrdinalCell[] = housingCounts
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [contact, type, ...counts] = line.split(' ')
    return [0, 1, 2].map((influence) => ({
      x: [
        influence === 1 ? 1 : 0,
        influence === 2 ? 1 : 0,
        ...['Apartment', 'Atrium', 'Terrace'].map((name) => (name === type ? 1 : 0)),
        Number(contact),
      ],
      counts: counts.slice(3 * influence, 3 * influence + 3).map(Number),
    }))
  })

const housingFit = () => accepted(ordinalLogit(housing))
const aspirin = [
  { x: [1], positives: 189, negatives: 11034 - 189 },
  { x: [0], positives: 104, negatives: 11037 - 104 },
]

export const answers: KnownAnswers[] = [
  {
    source: 'mtcars am ~ wt + hp, R glm(family = binomial)',
    tolerance: 1e-6,
    cases: [
      ...each('coefficient', [18.8662987, -8.0834752, 0.0362556], () => {
        const fit = accepted(logit(mtcars))
        return [fit.intercept, ...fit.coefficients]
      }),
      ...each('standard error', [7.4435581, 3.0686751, 0.0177342], () => accepted(logit(mtcars)).se),
    ],
  },
  {
    source: "Physicians' aspirin trial, Agresti: odds ratio 1.832054 (1.440042–2.330780)",
    tolerance: 1e-6,
    cases: [
      {
        what: 'odds ratio',
        want: 1.832054,
        got: () => Math.exp(accepted(logit(aspirin)).coefficients[0] ?? 0),
      },
      {
        what: 'lower limit',
        want: 1.440042,
        got: () => {
          const fit = accepted(logit(aspirin))
          return Math.exp((fit.coefficients[0] ?? 0) - 1.959963984540054 * (fit.se[1] ?? 0))
        },
      },
    ],
  },
  {
    source: 'MASS::housing, Venables & Ripley 2002, 7.3 (polr)',
    tolerance: 1e-5,
    cases: [
      ...each(
        'coefficient',
        [0.5663937, 1.2888191, -0.5723502, -0.3661865, -1.0910149, 0.360284],
        () => housingFit().coefficients,
      ),
      ...each(
        'standard error',
        [0.104653, 0.127156, 0.119238, 0.155173, 0.151486, 0.095536],
        () => housingFit().se,
      ),
      ...each('threshold', [-0.4961353, 0.6907081], () => housingFit().thresholds),
      ...each('P for tower, low, low', [0.37844931, 0.28767516, 0.33387553], () =>
        accepted(ordinalProbabilities(housingFit(), [0, 0, 0, 0, 0, 0])),
      ),
      ...each('P for terrace, low, low', [0.64448396, 0.21142556, 0.14409048], () =>
        accepted(ordinalProbabilities(housingFit(), [0, 0, 0, 0, 1, 0])),
      ),
    ],
  },
  {
    source: 'MASS::housing: deviance and AIC as printed by polr',
    tolerance: 1e-4,
    cases: [
      { what: 'deviance', want: 3479.1493, got: () => housingFit().deviance },
      { what: 'AIC', want: 3495.1493, got: () => housingFit().aic },
    ],
  },
]
