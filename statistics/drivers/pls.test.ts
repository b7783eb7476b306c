/** PLS models on planted structure, what they keep under rescaling, and refusals. */
import { describe, expect, it } from 'vitest'
import { accepted } from '#statistics/accepted.ts'

import type { PlsModel } from './pls-model.ts'
import { plsPathModel } from './pls-path-model.ts'
import { satisfactionIndex } from './satisfaction-index.ts'

/** Three latent variables, quality → satisfaction → loyalty, each behind items with the loadings given. */
function planted(loadings: readonly (readonly number[])[], paths: readonly [number, number]): PlsModel {
  const between = [
    [1, paths[0], paths[0] * paths[1]],
    [paths[0], 1, paths[1]],
    [paths[0] * paths[1], paths[1], 1],
  ]
  const rows = loadings.flatMap((block, b) => block.map((loading, k) => ({ b, loading, name: `x${b}${k}` })))
  return {
    variables: rows.map((row) => row.name),
    covariance: rows.map((a, i) =>
      rows.map((c, j) => (i === j ? 1 : a.loading * c.loading * (between[a.b]?.[c.b] ?? 0))),
    ),
    latents: ['quality', 'satisfaction', 'loyalty'].map((name, b) => ({
      name,
      items: rows.filter((row) => row.b === b).map((row) => row.name),
    })),
    paths: [
      ['quality', 'satisfaction'],
      ['satisfaction', 'loyalty'],
    ],
  }
}
const model = planted(
  [
    [0.9, 0.8, 0.85],
    [0.9, 0.9, 0.7],
    [0.95, 0.9],
  ],
  [0.6, 0.7],
)

describe('PLS path model', () => {
  it('weights better items more, orders paths as planted, and multiplies them into total effects', () => {
    const fit = accepted(plsPathModel(model))
    const [quality, satisfaction] = fit.latents
    expect(quality?.weights[0]).toBeGreaterThan(quality?.weights[1] ?? 1)
    expect(satisfaction?.weights[2]).toBeLessThan(satisfaction?.weights[0] ?? 0)
    const path = (from: string, to: string) => fit.paths.find((p) => p.from === from && p.to === to)
    expect(path('quality', 'satisfaction')?.direct).toBeLessThan(path('satisfaction', 'loyalty')?.direct ?? 0)
    const chain = path('quality', 'loyalty')
    expect(chain?.direct).toBe(0)
    expect(chain?.total).toBeCloseTo(
      (path('quality', 'satisfaction')?.direct ?? 0) * (path('satisfaction', 'loyalty')?.direct ?? 0),
      12,
    )
  })

  it('with single items is the regression itself', () => {
    const single = planted([[1], [1], [1]], [0.6, 0.7])
    const fit = accepted(plsPathModel(single))
    expect(fit.paths.map((path) => path.direct)).toEqual([
      expect.closeTo(0.6, 12),
      0,
      expect.closeTo(0.7, 12),
    ])
    expect(fit).not.toHaveProperty('goodnessOfFit')
    expect(fit.latents[0]?.cronbachAlpha).toBe(1)
  })

  it('standardised results do not depend on units, index weights carry them', () => {
    const units = [1, 2, 5, 1, 1, 3, 0.5, 1]
    const stretched = model.covariance.map((row, i) =>
      row.map((value, j) => value * (units[i] ?? 1) * (units[j] ?? 1)),
    )
    const [plain, other] = [
      accepted(plsPathModel(model)),
      accepted(plsPathModel({ ...model, covariance: stretched })),
    ]
    for (const [b, latent] of plain.latents.entries()) {
      for (const [k, weight] of latent.weights.entries())
        expect(other.latents[b]?.weights[k]).toBeCloseTo(weight, 10)
      expect(other.latents[b]?.indexWeights.reduce((x, y) => x + y)).toBeCloseTo(1, 12)
    }
    const [w0 = 0, w1 = 0] = other.latents[0]?.indexWeights ?? []
    const [p0 = 0, p1 = 0] = plain.latents[0]?.indexWeights ?? []
    expect(w1 / w0).toBeCloseTo(p1 / p0 / 2, 10)
  })

  it('the three schemes agree on loadings to the second digit here', () => {
    const fits = (['centroid', 'factorial', 'path'] as const).map((scheme) =>
      accepted(plsPathModel({ ...model, scheme })),
    )
    for (const fit of fits)
      for (const [k, loading] of (fit.latents[1]?.loadings ?? []).entries())
        expect(loading).toBeCloseTo(fits[0]?.latents[1]?.loadings[k] ?? 0, 1)
  })
})

describe('satisfaction index', () => {
  it('has its ends at the ends of the scale and an interval from the sample', () => {
    const ends = (mean: number) =>
      accepted(satisfactionIndex({ means: [mean, mean], weights: [0.3, 0.7], low: 1, high: 5 })).value
    expect(ends(1)).toBe(0)
    expect(ends(5)).toBeCloseTo(100, 12)
    const sample = { covariance: [[4]], n: 100 }
    const index = accepted(satisfactionIndex({ means: [8], weights: [1], low: 1, high: 10, sample }))
    expect(index.se).toBeCloseTo((100 / 9) * 0.2, 12)
    const top = accepted(satisfactionIndex({ means: [10], weights: [1], low: 1, high: 10, sample }))
    expect(top.high).toBe(100)
  })
})

describe('models that cannot be fitted are refused', () => {
  const zero = model.covariance.map((row, i) => row.map((value, j) => (i === 0 || j === 0 ? 0 : value)))
  const apart = model.covariance.map((row, i) => row.map((value, j) => (i < 3 !== j < 3 ? 0 : value)))
  const twin = { ...planted([[1, 1], [0.9], [0.9]], [0.6, 0.7]) }
  const index = { means: [8], weights: [1], low: 1, high: 10 }
  const cases: [string, unknown, string][] = [
    ['a circle', plsPathModel({ ...model, paths: [...model.paths, ['loyalty', 'quality']] }), 'mismatch'],
    ['a path to nowhere', plsPathModel({ ...model, paths: [['quality', 'price']] }), 'mismatch'],
    [
      'a latent variable without path',
      plsPathModel({ ...model, paths: [['quality', 'loyalty']] }),
      'mismatch',
    ],
    [
      'an unknown item',
      plsPathModel({ ...model, latents: [...model.latents.slice(1), { name: 'quality', items: ['q'] }] }),
      'mismatch',
    ],
    [
      'an item in two places',
      plsPathModel({ ...model, latents: [...model.latents.slice(1), { name: 'quality', items: ['x10'] }] }),
      'mismatch',
    ],
    [
      'an empty block',
      plsPathModel({ ...model, latents: [...model.latents.slice(1), { name: 'quality', items: [] }] }),
      'empty-cell',
    ],
    ['an item without variance', plsPathModel({ ...model, covariance: zero }), 'no-variance'],
    ['unrelated neighbours', plsPathModel({ ...model, covariance: apart }), 'no-variance'],
    [
      'a matrix that is not square',
      plsPathModel({ ...model, covariance: model.covariance.slice(1) }),
      'mismatch',
    ],
    [
      'NaN',
      plsPathModel({ ...model, covariance: model.covariance.map((row) => row.map(() => Number.NaN)) }),
      'not-finite',
    ],
    [
      'one latent variable',
      plsPathModel({ ...model, latents: model.latents.slice(0, 1), paths: [] }),
      'too-few',
    ],
    [
      'copies in mode B',
      plsPathModel({ ...twin, latents: twin.latents.map((latent) => ({ ...latent, mode: 'B' as const })) }),
      'singular',
    ],
    ['two iterations only', plsPathModel({ ...model, mostIterations: 1 }), 'not-converged'],
    ['a mean off the scale', satisfactionIndex({ ...index, means: [11] }), 'out-of-range'],
    ['a negative weight', satisfactionIndex({ ...index, weights: [-1] }), 'no-weight'],
    ['no item', satisfactionIndex({ ...index, means: [], weights: [] }), 'too-few'],
    ['a mean that is NaN', satisfactionIndex({ ...index, means: [Number.NaN] }), 'not-finite'],
    ['one answer', satisfactionIndex({ ...index, sample: { covariance: [[1]], n: 1 } }), 'too-few'],
  ]
  it.each(cases)('%s', (_name, result, code) => {
    expect(result).toMatchObject({ refused: code, reason: expect.stringMatching(/^\[\w+\] .+[;.]/) })
  })
})
