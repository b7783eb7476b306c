/** PLS path models: Russett's data by plspm and by scores on rows. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'
import { momentsFromRows, summarise } from '#statistics/moments/index.ts'

import type { PlsScheme } from './pls-model.ts'
import { plsPathModel } from './pls-path-model.ts'
import { russettRows } from './russett.ts'
import { satisfactionIndex } from './satisfaction-index.ts'

const variables = ['gini', 'farm', 'rent', 'gnpr', 'labo', 'inst', 'ecks', 'death', 'demo']
const summary = accepted(
  summarise({
    moments: accepted(momentsFromRows({ variables, rows: russettRows.map((values) => ({ values })) })),
  }),
)
const n = russettRows.length
const covariance = summary.covariance.map((row) => row.map((value) => (value * (n - 1)) / n))
const items = [variables.slice(0, 3), variables.slice(3, 5), variables.slice(5)]

function fit(mode: 'A' | 'B', scheme: PlsScheme, scaled: boolean) {
  const latents = ['agriculture', 'industry', 'instability'].map((name, i) => ({
    name,
    items: items[i] ?? [],
    mode,
  }))
  const paths: [string, string][] = [
    ['agriculture', 'instability'],
    ['industry', 'instability'],
  ]
  return accepted(plsPathModel({ variables, covariance, latents, paths, scheme, scaled }))
}
const weights = (mode: 'A' | 'B', scheme: PlsScheme, scaled: boolean) => () => {
  const model = fit(mode, scheme, scaled)
  return [
    ...model.latents.flatMap((latent) => latent.weights),
    ...model.paths.map((path) => path.direct),
    model.latents[2]?.rSquared ?? Number.NaN,
  ]
}

function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}

export const answers: KnownAnswers[] = [
  {
    source: "Russett's data by plspm (R), centroid, mode A, stored in plspm-python (stopped at 1e-7)",
    tolerance: 2e-6,
    cases: [
      ...each(
        'weight',
        [
          0.449473702634174, 0.496155987399176, 0.136560472539135, -0.515342730953322, 0.534338187492233,
          0.128492891074649, 0.332060905671986, 0.375249831406165, 0.423778888932038,
        ],
        weights('A', 'centroid', true),
      ).slice(0, 9),
      ...each(
        'loading',
        [
          0.970692446500297, 0.982710646169818, 0.557419724456527, -0.950882561126795, 0.954394793541574,
          0.352689776310106, 0.844773711441629, 0.837706049745458, 0.849066583406537,
        ],
        () => fit('A', 'centroid', true).latents.flatMap((latent) => latent.loadings),
      ),
      {
        what: 'R²',
        want: 0.592258127561306,
        got: () => fit('A', 'centroid', true).latents[2]?.rSquared ?? 0,
      },
      {
        what: 'communality',
        want: 0.739560263000475,
        got: () => fit('A', 'centroid', true).latents[0]?.communality ?? 0,
      },
    ],
  },
  {
    source: "Russett's data by scores on rows (oracles/pls-rows.py): weights, paths, R²",
    tolerance: 1e-9,
    cases: [
      ...each(
        'mode A, factorial',
        [
          0.45011352, 0.4985312951, 0.1312386394, -0.5150689194, 0.5346109769, 0.1271608204, 0.3320886281,
          0.3602659318, 0.4389755992, 0.222567068, 0.6754805323, 0.5959987208,
        ],
        weights('A', 'factorial', true),
      ),
      ...each(
        'mode A, path, own units',
        [
          0.0578280505, 0.0277668108, 0.002124011, 0.7331743343, -0.5745205619, 0.011663896, 0.1782600291,
          0.324022544, 0.1496552928, 0.2640609432, -0.5511248119, 0.4640748256,
        ],
        weights('A', 'path', false),
      ),
      ...each(
        'mode B, path',
        [
          -0.9093241814, 1.9522423512, -0.6043277474, -0.3406485941, 0.7026711517, 0.0290010772, 0.1564285225,
          0.0493982691, 0.8659572491, 0.1858694894, 0.705557486, 0.6552847709,
        ],
        weights('B', 'path', true),
      ),
      ...each(
        'mode B, centroid, own units',
        [
          -0.0822894852, 0.3241715204, -0.7377679448, 0.4290120548, -0.9593486854, -0.265895269, 0.1986594363,
          -0.0672873921, 1.0917128366, 0.2309176735, -0.6669797409, 0.6429156013,
        ],
        weights('B', 'centroid', false),
      ),
    ],
  },
  {
    source: 'Equal-weight index of three 1–10 items, (Σx̄ − 3)/27·100',
    tolerance: 1e-12,
    cases: [
      {
        what: 'means 8.1, 7.4, 6.9',
        want: ((8.1 + 7.4 + 6.9 - 3) / 27) * 100,
        got: () =>
          accepted(satisfactionIndex({ means: [8.1, 7.4, 6.9], weights: [2, 2, 2], low: 1, high: 10 })).value,
      },
    ],
  },
]
