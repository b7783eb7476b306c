/** Known answers of causal exploration: the DirectLiNGAM example of cdt15/lingam, PC toys, Fisher's z. */
import { mersenne } from 'pure-rand/generator/mersenne'
import { accepted } from '#statistics/accepted.ts'
import { normalUpper } from '#statistics/distributions/index.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { directLingam } from './direct-lingam.ts'
import { fisherZ } from './partial-correlation.ts'
import { pcSkeleton } from './pc-skeleton.ts'

/** numpy.random.RandomState(seed).uniform: 53 bits of two Mersenne outputs. */
function numpyUniform(seed: number): (size: number) => number[] {
  const source = mersenne(seed)
  const draw = () => {
    const high = source.next() >>> 5
    const low = source.next() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }
  return (size) => Array.from({ length: size }, draw)
}

function notebookRows(): number[][] {
  const uniform = numpyUniform(100)
  const plus = (noise: number[], ...causes: [number, number[]][]) =>
    noise.map((e, i) => causes.reduce((sum, [effect, cause]) => sum + effect * (cause[i] ?? 0), e))
  const x3 = uniform(1000)
  const x0 = plus(uniform(1000), [3, x3])
  const x2 = plus(uniform(1000), [6, x3])
  const x1 = plus(uniform(1000), [3, x0], [2, x2])
  const x5 = plus(uniform(1000), [4, x0])
  const x4 = plus(uniform(1000), [8, x0], [-1, x2])
  return x3.map((value, i) => [x0[i] ?? 0, x1[i] ?? 0, x2[i] ?? 0, value, x4[i] ?? 0, x5[i] ?? 0])
}

const variables = ['x0', 'x1', 'x2', 'x3', 'x4', 'x5']
const rows = notebookRows()
const graph = accepted(directLingam({ variables, rows }))
const effect = (from: string, to: string) =>
  graph.edges.find((edge) => edge.from === from && edge.to === to)?.effect ?? 0

export const answers: KnownAnswers = {
  source:
    'cdt15/lingam, examples/DirectLiNGAM.ipynb: data of RandomState(100), first row, causal order 3, 0, 2, 1, 4, 5',
  tolerance: 1e-6,
  cases: [
    ...[1.657947, 12.090323, 3.519873, 0.543405, 10.182785, 7.401408].map((want, i) => ({
      what: `first row, x${i}`,
      got: () => rows[0]?.[i] ?? Number.NaN,
      want,
    })),
    ...[3, 0, 2, 1, 4, 5].map((want, place) => ({
      what: `place ${place} in the order`,
      got: () => variables.indexOf(graph.order[place] ?? ''),
      want,
    })),
  ],
}

export const effects: KnownAnswers = {
  source:
    'cdt15/lingam, examples/DirectLiNGAM.ipynb: adjacency by adaptive lasso (ours: least squares pruned by BIC)',
  tolerance: 0.5,
  cases: (
    [
      ['x3', 'x0', 2.994],
      ['x3', 'x2', 5.586],
      ['x0', 'x1', 2.995],
      ['x2', 'x1', 1.993],
      ['x0', 'x4', 7.981],
      ['x2', 'x4', -0.996],
      ['x0', 'x5', 3.795],
      ['x3', 'x1', 0],
      ['x3', 'x4', 0],
      ['x3', 'x5', 0],
      ['x1', 'x4', 0],
      ['x2', 'x5', 0],
      ['x4', 'x5', 0],
    ] as const
  ).map(([from, to, want]) => ({ what: `${from} → ${to}`, got: () => effect(from, to), want })),
}

const toy = (r12: number, r23: number, r13: number) =>
  accepted(
    pcSkeleton({
      variables: ['1', '2', '3'],
      correlation: [
        [1, r12, r13],
        [r12, 1, r23],
        [r13, r23, 1],
      ],
    }),
  )
const chain = toy(0.6, 0.5, 0.3)
const collider = toy(0.5, 0.5, 0)

export const pcToys: KnownAnswers = {
  source: 'Exact toys of the PC algorithm (chain, collider); Fisher z by R 4.2.2',
  tolerance: 1e-6,
  cases: [
    { what: 'chain: ρ13.2', got: () => chain.separations[0]?.partial ?? Number.NaN, want: 0 },
    { what: 'chain: edges', got: () => chain.edges.length, want: 2 },
    {
      what: 'chain: directed edges',
      got: () => chain.edges.filter(({ directed }) => directed).length,
      want: 0,
    },
    {
      what: 'collider: arrows into 2',
      got: () => collider.edges.filter(({ directed, to }) => directed && to === '2').length,
      want: 2,
    },
    { what: 'z of r .25, n 100, one given', got: () => fisherZ(0.25, 100, 1), want: 2.502524 },
    { what: 'its p', got: () => 2 * accepted(normalUpper(fisherZ(0.25, 100, 1))), want: 0.012331 },
  ],
}
